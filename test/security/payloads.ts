import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { IDS_TEMPLATE } from '../../scripts/sandbox/story/company.ts';
import { renderHookTemplate } from '../../scripts/sandbox/webhooks/hook-template.ts';
import { hostileText } from './hostile.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const issue: Json = {
  object_kind: 'issue',
  event_type: 'issue',
  user: { id: 5, username: 'ana' },
  project: { id: 42 },
  object_attributes: { id: 900, iid: 7, action: 'close', type: 'Incident' },
  labels: [{ title: 'incident' }],
  changes: {},
  id: '99',
  ref: 'main',
  variables: {},
};
const comment: Json = { object_kind: 'note', user: { id: 5 }, project_id: 42, project: { id: 42 }, object_attributes: { id: 31, action: 'create', note: '/override x' }, issue: { iid: 7 } };
const ids = (hook: object): Json => JSON.parse(renderHookTemplate(IDS_TEMPLATE, hook)) as Json;

const json = (path: string): Json => JSON.parse(readFileSync(new URL(`../../schemas/examples/event-pagerduty/valid/${path}.json`, import.meta.url), 'utf8')) as Json;
const PAGES = ['triggered by an integration', 'acknowledged by a person', 'annotated'].map(json);

const HOOKS: Json[] = [...PAGES, issue, { ...issue, object_kind: 'work_item' }, comment, { ...comment, object_kind: 'emoji' }, ids(issue), ids(comment), { object_kind: 'push', project_id: 42 }];

const KEYS =
  'event event_type resource_type occurred_at data agent title html_url assignees object_kind object_attributes user project project_id issue issue_iid iid id action type __proto__ constructor toString valueOf'.split(
    ' ',
  );
const NUMBERS = ['-0', '0', '-1', '1e400', '-1e400', '1e300', '7.5', '9007199254740993', '1e-9', '0.1e1'];
/** Stands for numbers that JavaScript cannot write but JSON can. */
const RAW = 'raw-number:';

const leaf = fc.oneof(
  hostileText,
  fc.constantFrom(...NUMBERS.map((number) => RAW + number), ...NUMBERS),
  fc.constantFrom('7', '07', ' 7', '7 ', '+7', '0x7', '9999999999999999', '٧', ''),
  fc.jsonValue({ maxDepth: 2 }).map((value) => value as Json),
);
const tree = fc.letrec<{ node: Json }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('node'), { maxLength: 3 }),
    fc.array(fc.tuple(fc.constantFrom(...KEYS), tie('node')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
})).node;

type Change = { at: number[]; with: Json | undefined };

/** A value with one place in it changed or, without a replacement, taken out. */
function changed(value: Json, { at: [first, ...rest], with: other }: Change): Json {
  if (typeof value !== 'object' || value === null || first === undefined) return other ?? null;
  const keys = Object.keys(value);
  const key = keys[first % Math.max(keys.length, 1)];
  if (key === undefined) return other ?? null;
  const isLast = rest.length === 0;
  const entries = Object.entries(value).flatMap(([name, inner]) =>
    name !== key ? [[name, inner] as const] : isLast && other === undefined ? [] : [[name, isLast ? other! : changed(inner, { at: rest, with: other })] as const],
  );
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}

const change: fc.Arbitrary<Change> = fc.record({ at: fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 3 }), with: fc.option(tree, { nil: undefined }) });

const write = (value: Json): string => JSON.stringify(value).replace(new RegExp(`"${RAW}([^"]+)"`, 'g'), '$1');

const mutated = fc.tuple(fc.constantFrom(...HOOKS), fc.array(change, { maxLength: 4 })).map(([hook, changes]) => write(changes.reduce(changed, hook)));

/** Somewhere in it a piece is put in or taken out, as templates without escaping do. */
const torn = fc.tuple(mutated, fc.nat(), fc.nat({ max: 20 }), fc.oneof(hostileText, fc.constantFrom('"', '{', '}', ',', '\\', '"iid":9,', '"__proto__":{"iid":9},'))).map(([text, at, gone, piece]) => {
  const place = at % (text.length + 1);
  return text.slice(0, place) + piece + text.slice(place + gone);
});

const deep = fc.tuple(fc.constantFrom('[', '{"user":', '{"object_attributes":['), fc.integer({ min: 1, max: 5000 })).map(([open, times]) => `{"object_kind":"issue","user":${open.repeat(times)}`);

/** A webhook's payload: GitLab's own, changed in places, torn, or any JSON and any text. */
export const payload = fc.oneof(
  { weight: 6, arbitrary: mutated },
  { weight: 2, arbitrary: torn },
  { weight: 1, arbitrary: fc.constantFrom(...KEYS).chain((key) => tree.map((value) => write({ object_kind: 'issue', [key]: value }))) },
  { weight: 1, arbitrary: tree.map(write) },
  { weight: 1, arbitrary: fc.oneof(hostileText, fc.json(), deep) },
);
