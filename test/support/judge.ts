import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import type { Exchange } from '../../scripts/sandbox/server.ts';
import { CONTRACT } from './contract.ts';
import { DEVIATIONS, type Deviation, type Judge } from './deviations.ts';

/** The deviations that some answer of this process has needed. */
export const NEEDED = new Set<Deviation>();

/** What a judge has against an answer; the path is a JSON pointer in which `*` stands for the places of a list. */
export type Complaint = { judge: Judge; route: string; path: string; says: string };

/** GitLab's schemas that answer for a route; lists hold each of their items against it. */
const SCHEMAS: readonly { method?: string; route: RegExp; file: string }[] = [
  { route: /^\/projects\/:id\/issues(?:\/:id)?$/, file: 'issue.json' },
  { route: /^\/projects\/:id\/issues\/:id\/move$/, file: 'issue.json' },
  { route: /^\/groups\/:id\/issues$/, file: 'issue.json' },
  { route: /\/closes_issues$/, file: 'issue.json' },
  { method: 'GET', route: /\/issues\/:id\/links$/, file: 'issue.json' },
  { method: 'POST', route: /\/issues\/:id\/links$/, file: 'issue_link.json' },
  { route: /\/links\/:id$/, file: 'issue_link.json' },
  { route: /\/notes(?:\/:id)?$/, file: 'notes.json#/items' },
  { route: /^\/projects\/:id\/labels(?:\/:id)?$/, file: 'labels/project_label.json' },
  { route: /^\/(?:version|metadata)$/, file: 'metadata.json' },
  { route: /\/members(?:\/all)?(?:\/:id)?$/, file: 'members.json#/items' },
  { route: /^\/user$/, file: 'user/public.json' },
  { route: /^\/users(?:\/:id)?$/, file: 'user/basic.json' },
  { route: /\/participants$/, file: 'user/basic.json' },
  { route: /^\/projects\/:id\/hooks(?:\/:id)?$/, file: 'project_hook.json' },
  { route: /\/pipeline_schedules(?:\/:id)?$/, file: '_outside_v4/pipeline_schedule.json' },
  { route: /\/take_ownership$/, file: '_outside_v4/pipeline_schedule.json' },
  { route: /\/pipeline_schedules\/:id\/variables(?:\/:id)?$/, file: '_outside_v4/pipeline_schedule_variable.json' },
  { route: /\/pipelines$/, file: 'pipeline/basic.json' },
  { route: /\/(?:pipelines\/:id|trigger\/pipeline|:id\/pipeline)$/, file: 'pipeline/detail.json' },
  { route: /\/commits(?:\/:id)?$/, file: 'commit/basic.json' },
  { route: /\/merge_requests(?:\/:id(?:\/merge)?)?$/, file: 'merge_request.json' },
  { route: /\/(?:closed_by|related_merge_requests)$/, file: 'merge_request.json' },
  { route: /^\/projects\/:id$/, file: 'projects.json#/items' },
];

type Example = { method: string; status: number; file: string; fits: RegExp };
type OpenApi = { paths: Record<string, Record<string, { responses: Record<string, { content?: object }> }>> };

/** GitLab's schemas, its OpenAPI document and the examples of its documentation, as judges of answers. */
export class Bench {
  private readonly ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  private readonly openApi = parse(readFileSync(new URL('openapi/gitlab-subset.yaml', CONTRACT), 'utf8')) as OpenApi;
  private readonly examples: Example[];
  private readonly templates: { template: string; fits: RegExp }[];
  private readonly shown = new Map<string, unknown>();
  private readonly verdicts = new Map<string, Complaint[]>();
  private readonly compiled = new Map<string, ValidateFunction>();
  private readonly uris = new Map<string, string>();

  constructor() {
    formats.default(this.ajv);
    const index = (readJson('schemas/index.json') as { schemas: Record<string, { file: string }> }).schemas;
    for (const [uri, { file }] of Object.entries(index)) {
      this.uris.set(file, uri);
      this.ajv.addSchema(repaired(readJson(`schemas/${file}`)) as object, uri);
    }
    this.ajv.addSchema(this.openApi, 'https://gitlab.test/openapi');
    this.templates = Object.keys(this.openApi.paths).map((template) => ({ template, fits: fitting(template) }));
    const manifest = readJson('examples/manifest.json') as { examples: (Omit<Example, 'fits'> & { path: string | null })[] };
    // Some examples are of no call of their own.
    this.examples = manifest.examples.flatMap(({ path, ...one }) => (path !== null && one.status < 300 ? [{ ...one, fits: fitting(path) }] : []));
  }

  /** What the judges have against an answer, known deviations left out. One that is the same to the letter is judged once. */
  judge(exchange: Exchange): Complaint[] {
    const { method, path, status, headers, body } = exchange;
    const key = createHash('sha1')
      .update(`${method} ${path} ${status} ${headers.get('content-type') ?? ''}\n${body}`)
      .digest('base64');
    const known = this.verdicts.get(key) ?? this.judgeAnew(exchange);
    this.verdicts.set(key, known);
    return known;
  }

  private judgeAnew(exchange: Exchange): Complaint[] {
    const answer = jsonOf(exchange);
    const route = routeOf(exchange.path);
    if (exchange.status >= 300) return errorComplaints(exchange, route, answer);
    if (answer === undefined || exchange.path.startsWith('/graphql')) return [];
    // A comment of quick actions alone is answered by no note.
    const isNoNote = exchange.status === 202 && /\/notes(?:\/:id)?$/.test(route);
    const all = [
      ...(isNoNote ? [] : this.bySchema(exchange.method, route, answer)),
      ...this.byOpenApi(exchange, answer).map((complaint) => ({ ...complaint, route })),
      ...this.byExample(exchange, route, answer),
    ];
    return all.filter((complaint) => {
      const known = DEVIATIONS.find((one) => covers(one, complaint));
      if (known) NEEDED.add(known);
      return known === undefined;
    });
  }

  private bySchema(method: string, route: string, answer: unknown): Complaint[] {
    const found = SCHEMAS.find((one) => one.route.test(route) && (one.method ?? method) === method);
    if (!found) return [];
    const [file = '', fragment = ''] = found.file.split('#');
    const check = this.validator(`${this.uris.get(file) ?? file}#${fragment}`);
    const items = Array.isArray(answer) ? answer : [answer];
    return items.flatMap((item) => (check(item) ? [] : complaintsOf(check.errors, 'schema', route)));
  }

  private byOpenApi({ method, path, status }: Exchange, answer: unknown): Complaint[] {
    const template = this.templates.find(({ fits }) => fits.test(`/api${path}`))?.template;
    const operation = template === undefined ? undefined : this.openApi.paths[template]?.[method.toLowerCase()];
    if (template === undefined || !operation) return [];
    const response = operation.responses[String(status)];
    if (!response) return [{ judge: 'openapi', route: '', path: '', says: `knows no answer ${status} to ${method}` }];
    if (!response.content) return [];
    const pointer = ['paths', template, method.toLowerCase(), 'responses', String(status), 'content', 'application/json', 'schema'];
    const check = this.validator(`https://gitlab.test/openapi#/${pointer.map(escaped).join('/')}`);
    return check(withoutNulls(answer)) ? [] : complaintsOf(check.errors, 'openapi', '');
  }

  /** What an example of the documentation shows is there. */
  private byExample({ method, path, status }: Exchange, route: string, answer: unknown): Complaint[] {
    const found = this.examples.filter((one) => one.method === method && one.status === status && one.fits.test(path.replace('/v4', '')));
    return found.flatMap(({ file }) => missing(this.example(file), answer, '').map((says) => ({ judge: 'example' as const, route, path: says, says: `shows ${says}` })));
  }

  private example(file: string): unknown {
    const shown = this.shown.get(file) ?? readJson(`examples/${file}`);
    this.shown.set(file, shown);
    return shown;
  }

  private validator(reference: string): ValidateFunction {
    const known = this.compiled.get(reference) ?? this.ajv.compile({ $ref: reference });
    this.compiled.set(reference, known);
    return known;
  }
}

/** An error of GitLab's has one of four forms, or is plain text where there were too many calls; its own crash is none of ours to see. */
function errorComplaints({ status }: Exchange, route: string, answer: unknown): Complaint[] {
  const isObject = typeof answer === 'object' && answer !== null && ['message', 'error', 'errors'].some((key) => Object.hasOwn(answer, key));
  const isKnown = status < 500 && (isObject || (status === 429 && answer === undefined));
  return isKnown ? [] : [{ judge: 'example', route, path: '', says: `knows no such error ${status}` }];
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, CONTRACT), 'utf8'));
}

function jsonOf({ headers, body }: Exchange): unknown {
  return headers.get('content-type')?.includes('json') && body !== '' ? JSON.parse(body) : undefined;
}

/** `/projects/42/issues/7` is the route `/projects/:id/issues/:id`. */
function routeOf(path: string): string {
  const parts = path.replace(/^\/v4/, '').split('/');
  const words =
    /^(?:issues|notes|labels|members|all|links|hooks|boards|lists|protected_branches|commits|branches|variables|statuses|triggers|pipelines|merge_requests|pipeline_schedules|award_emoji|events|repository|projects|groups|users|user)$/;
  const named = parts.map((part, index) => (index > 1 && words.test(parts[index - 1] ?? '') && !['all', 'user', 'repository'].includes(parts[index - 1] ?? '') && !words.test(part) ? ':id' : part));
  return named.join('/');
}

/** What fits a path with places for names, such as `/projects/:id` or `/projects/{id}`. */
function fitting(template: string): RegExp {
  const pattern = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}|:\w+/g, '(?!all$)[^/]+');
  return new RegExp(`^${pattern}$`);
}

function escaped(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}

/** Repairs of schemas that no validator takes as they are; the contract's README lists them. */
function repaired(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(repaired);
  if (node === null || typeof node !== 'object') return node;
  const entries = Object.entries(node).map(([key, value]): [string, unknown] => {
    if (key === 'properties' && Object.keys(value as object).join() === '$ref') return ['allOf', [value]];
    if (key === 'type' && typeof value === 'string') return [key, value.trim()];
    if (key === 'pattern' && typeof value === 'string') return [key, value.replace(/(\[[^\]]+\]\{3\})\{1,2\}/, '(?:$1){1,2}')];
    return [key, repaired(value)];
  });
  return Object.fromEntries(entries.filter(([key, value]) => !(key === 'type' && value === 'uri')));
}

function withoutNulls(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutNulls);
  if (node === null || typeof node !== 'object') return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, withoutNulls(value)]),
  );
}

function complaintsOf(errors: ErrorObject[] | null | undefined, judge: Judge, route: string): Complaint[] {
  return (errors ?? []).map(({ instancePath, message = '', params }) => {
    const extra = (params as { additionalProperty?: string }).additionalProperty;
    return { judge, route, path: instancePath.replace(/\/\d+/g, '/*'), says: extra === undefined ? message : `${message} (${extra})` };
  });
}

/** The places of an example that an answer lacks; a null, and an empty list, say nothing of what may stand there. */
function missing(example: unknown, answer: unknown, path: string): string[] {
  if (Array.isArray(example)) {
    if (!Array.isArray(answer)) return [`${path} as a list`];
    return answer.length === 0 || example.length === 0 ? [] : missing(example[0], answer[0], `${path}/*`);
  }
  if (example === null || typeof example !== 'object' || answer === null) return [];
  if (typeof answer !== 'object' || Array.isArray(answer)) return [`${path} as an object`];
  return Object.entries(example).flatMap(([key, value]) => {
    const place = `${path}/${key}`;
    return Object.hasOwn(answer, key) ? missing(value, (answer as Record<string, unknown>)[key], place) : [place];
  });
}

function covers(known: Deviation, { judge, route, path, says }: Complaint): boolean {
  return known.judge === judge && known.route.test(route) && known.at.test(`${path} ${says}`);
}
