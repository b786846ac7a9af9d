import type { Context } from 'hono';
import { ApiError, badParameter } from '../world/errors.ts';

/**
 * The parameters of a request: query and body merged, the body winning. Clients send JSON, forms, or everything in the
 * query; lists come as arrays, as `name[]=`, or with commas. Source: facts on real parts, "Other clients send other things".
 */
export class Params {
  private readonly values: Record<string, unknown>;

  constructor(values: Record<string, unknown>) {
    this.values = values;
  }

  get all(): Record<string, unknown> {
    return this.values;
  }

  text(name: string): string | undefined {
    const value = this.values[name];
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : undefined;
  }

  /** The text of a parameter; without one the request is refused as Grape refuses it. */
  demanded(name: string): string {
    const text = this.text(name);
    if (text === undefined) throw badParameter(`${name} is missing`);
    return text;
  }

  list(name: string): string[] | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) return undefined;
    const parts = Array.isArray(value) ? value.map(String) : (this.text(name) ?? '').split(',');
    return parts.map((part) => part.trim()).filter((part) => part !== '');
  }

  flag(name: string): boolean | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : value === 'true' || value === '1';
  }

  number(name: string, fallback: number): number {
    const value = Number(this.text(name));
    return Number.isInteger(value) && value > 0 ? value : fallback;
  }
}

/** Reads the parameters of a request. Broken JSON is answered 400, as GitLab does. */
export async function readParams(context: Context): Promise<Params> {
  const query = fromPairs([...new URL(context.req.url).searchParams]);
  const type = context.req.header('content-type') ?? '';
  if (context.req.method === 'GET' || context.req.method === 'HEAD') return new Params(query);
  const text = await context.req.text();
  if (text === '') return new Params(query);
  if (!type.includes('json')) return new Params({ ...query, ...fromPairs([...new URLSearchParams(text)]) });
  try {
    return new Params({ ...query, ...(JSON.parse(text) as Record<string, unknown>) });
  } catch {
    throw new ApiError(400, { error: 'The provided body is not valid JSON' });
  }
}

/**
 * `a[]=1&a[]=2` is a list, `a[][k]=1` a list of things that begins anew where a key comes again, `a[k]=1` a thing, as Rack
 * reads them; `not[labels]` is kept under that name.
 */
function fromPairs(pairs: [string, string][]): Record<string, unknown> {
  const values = new Map<string, unknown>();
  for (const [name, value] of pairs) {
    const [, key = name, list, inner] = /^([^[]+)(\[\])?(?:\[([^\]]+)\])?$/.exec(name) ?? [];
    if (key === 'not' || (list === undefined && inner === undefined))
      values.set(name.replace(/^(not\[\w+\])\[\]$/, '$1'), value);
    else if (inner === undefined) values.set(key, [...listAt(values, key), value]);
    else if (list === undefined) values.set(key, { ...(values.get(key) as object | undefined), [inner]: value });
    else addToList(values, key, inner, value);
  }
  return Object.fromEntries(values);
}

/** What stands under a name so far, if that is a list. */
function listAt(values: ReadonlyMap<string, unknown>, key: string): unknown[] {
  const before = values.get(key);
  return Array.isArray(before) ? before : [];
}

function addToList(values: Map<string, unknown>, key: string, inner: string, value: string): void {
  const list = listAt(values, key) as Record<string, string>[];
  const last = list.at(-1);
  if (last && !Object.hasOwn(last, inner)) last[inner] = value;
  else list.push({ [inner]: value });
  values.set(key, list);
}
