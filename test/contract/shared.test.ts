import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { readEvent } from '../../scripts/read/event.ts';
import { TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { installWebhook } from '../../scripts/sandbox/story/company.ts';
import { stage } from '../support/gitlab.ts';

const CONTRACT = new URL('../../../shared/contract/', import.meta.url);
const isThere = existsSync(CONTRACT);
const json = (path: string): unknown => JSON.parse(readFileSync(new URL(path, CONTRACT), 'utf8'));
const payloads = isThere
  ? ['webhooks/', 'webhooks/derived/'].flatMap((folder) =>
      readdirSync(new URL(folder, CONTRACT))
        .filter((name) => name.endsWith('.json') && name !== 'SOURCES.json')
        .map((name) => folder + name),
    )
  : [];

/** GitLab's schemas are partly older than its answers (the contract's README): what they do not know yet, one by one. */
const NEWER_THAN_THE_SCHEMA: Record<string, string[]> = {
  'notes.json': ['project_id', 'imported', 'imported_from'], // since 15.x and 16.11
  'issue.json': ['locked'], // of users, since 16.x
  'user/basic.json': [],
};

function validator(name: string): ValidateFunction {
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  formats.default(ajv);
  const known = NEWER_THAN_THE_SCHEMA[name] ?? [];
  return ajv.compile(allow(json(`schemas/${name}`), known) as object);
}

function allow(node: unknown, names: string[]): unknown {
  if (Array.isArray(node)) return node.map((item) => allow(item, names));
  if (node === null || typeof node !== 'object') return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, allow(value, names)]));
  if (!('properties' in copy) || copy['additionalProperties'] !== false) return copy;
  return { ...copy, properties: { ...(copy['properties'] as object), ...Object.fromEntries(names.map((name) => [name, {}])) } };
}

describe.skipIf(!isThere)("against GitLab's own data (skipped where ../shared is absent)", () => {
  it.each(payloads)('%s is read, or refused with a reason', async (name) => {
    expect(await readEvent(JSON.stringify(json(name)))).toMatchObject({ kind: expect.stringMatching(/^(?:issue|token|nothing)$/) as string });
  });

  it.each(payloads)('%s is accepted by the trigger endpoint, and written as GitLab writes it', async (name) => {
    const scene = await stage();
    await installWebhook(scene);
    const seen: unknown[] = [];
    scene.gitlab.pipelines.run = async ({ payloadPath = '' }) => {
      seen.push(JSON.parse(await readFile(payloadPath, 'utf8')));
    };
    const body = json(name) as object;
    const token = scene.project.triggers[0]?.token ?? '';
    const url = `${scene.gitlab.address}/api/v4/projects/42/ref/main/trigger/pipeline?token=${token}`;
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
    await scene.gitlab.settled();
    expect(answer.status).toBe(201);
    expect(seen).toEqual([{ ...body, id: '42', ref: 'main', variables: {} }]);
  });

  it('an issue, its list and its comments answer as GitLab says they do', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    await scene.run(issue);
    const path = `/projects/42/issues/${issue.iid}`;
    const faultsOf = (check: ValidateFunction, answer: unknown): unknown => (check(answer) ? [] : check.errors);
    expect(faultsOf(validator('issue.json'), await scene.call('ana', 'GET', path))).toEqual([]);
    const list = (await scene.call('ana', 'GET', '/projects/42/issues')) as unknown as unknown[];
    expect(list.flatMap((each) => faultsOf(validator('issue.json'), each))).toEqual([]);
    expect(faultsOf(validator('notes.json'), await scene.call('ana', 'GET', `${path}/notes`))).toEqual([]);
    expect(faultsOf(validator('user/basic.json'), await scene.call('ana', 'GET', '/user'))).toEqual([]);
  });

  it.each(['issues/get_project_issue', 'issues/update_close', 'issues/create'])('our client reads the documented answer %s', async (name) => {
    const scene = await stage();
    scene.gitlab.faults.plan(/GET \/projects/, { kind: 'text', body: JSON.stringify(json(`examples/${name}.json`)), contentType: 'application/json' });
    const example = json(`examples/${name}.json`) as { iid: number; title: string };
    expect(await scene.connect().gitlab.issue({ projectId: 4, iid: 1 })).toMatchObject({ iid: example.iid, title: example.title });
  });

  it.each(['notes/list_issue_notes', 'resource_state_events/list_issue'])('our client reads the documented list %s', async (name) => {
    const scene = await stage();
    scene.gitlab.faults.plan(/GET \/projects/, { kind: 'text', body: JSON.stringify(json(`examples/${name}.json`)), contentType: 'application/json' });
    const { gitlab } = scene.connect();
    const ref = { projectId: 4, iid: 1 };
    expect((name.startsWith('notes') ? await gitlab.notes(ref) : await gitlab.stateEvents(ref)).length).toBeGreaterThan(0);
  });
});
