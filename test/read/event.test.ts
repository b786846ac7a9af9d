import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SetupError } from '../../scripts/ci/errors.ts';
import { readEvent } from '../../scripts/read/event.ts';
import { IDS_TEMPLATE } from '../../scripts/sandbox/story/company.ts';
import { renderHookTemplate } from '../../scripts/sandbox/webhooks/hook-template.ts';

const full = { object_kind: 'issue', user: { id: 5 }, project: { id: 42 }, object_attributes: { id: 900, iid: 7, action: 'close', type: 'Incident' }, id: '99', ref: 'main', variables: {} };
const noteHook = { object_kind: 'note', user: { id: 5 }, project_id: 42, project: { id: 42 }, object_attributes: { id: 31, action: 'create' }, issue: { iid: 7 } };
const merging = { object_kind: 'merge_request', user: { id: 5 }, project: { id: 42 }, object_attributes: { id: 901, iid: 3, action: 'open', source_project_id: 77, target_project_id: 42 } };
const found = { kind: 'issue', ref: { projectId: 42, iid: 7 }, userId: 5 };

describe('readEvent', () => {
  it.each([
    { name: 'an issue hook', payload: full, event: found },
    { name: 'a work item hook', payload: { ...full, object_kind: 'work_item' }, event: found },
    { name: 'a comment hook', payload: noteHook, event: found },
    { name: 'an emoji hook', payload: { ...noteHook, object_kind: 'emoji' }, event: found },
    { name: 'ids of an issue hook', payload: JSON.parse(renderHookTemplate(IDS_TEMPLATE, full)) as object, event: found },
    { name: 'ids of a comment hook', payload: JSON.parse(renderHookTemplate(IDS_TEMPLATE, noteHook)) as object, event: found },
    { name: 'a timer', payload: { object_kind: 'timer', project_id: '42', iid: '7' }, event: { ...found, userId: undefined } },
    { name: 'a timer of no issue', payload: { object_kind: 'timer', project_id: '42', iid: '' }, event: { kind: 'nothing' } },
    { name: 'no user', payload: { ...full, user: undefined }, event: { ...found, userId: undefined } },
    { name: 'the test button', payload: { ...full, object_attributes: { iid: 7 } }, event: { kind: 'nothing' } },
    { name: 'ids of the test button', payload: { object_kind: 'issue', action: '', project_id: '42', iid: '7' }, event: { kind: 'nothing' } },
    { name: 'a comment on a merge request', payload: { ...noteHook, issue: undefined }, event: { kind: 'nothing' } },
    { name: 'ids of a comment on a merge request', payload: { object_kind: 'note', action: 'create', project_id: '42', iid: '', issue_iid: '', user_id: '5' }, event: { kind: 'nothing' } },
    { name: 'a merge request hook', payload: merging, event: { kind: 'merge_request', ref: { projectId: 42, iid: 3 } } },
    { name: 'ids of a merge request hook', payload: JSON.parse(renderHookTemplate(IDS_TEMPLATE, merging)) as object, event: { kind: 'merge_request', ref: { projectId: 42, iid: 3 } } },
    { name: 'the test button for merge requests', payload: { ...merging, object_attributes: { iid: 3 } }, event: { kind: 'nothing' } },
    { name: 'ids of a merge request without its project', payload: { object_kind: 'merge_request', action: 'open', project_id: '', iid: '3' }, event: { kind: 'nothing' } },
    { name: 'another hook of GitLab', payload: { object_kind: 'push' }, event: { kind: 'nothing' } },
    { name: 'another tool', payload: { event: { event_type: 'incident.triggered' } }, event: { kind: 'nothing' } },
    { name: 'a list', payload: [], event: { kind: 'nothing' } },
  ])('$name', async ({ payload, event }) => {
    const file = path.join(await mkdtemp(path.join(tmpdir(), 'event-')), 'payload');
    await writeFile(file, JSON.stringify(payload));
    expect(await readEvent(file)).toMatchObject(event);
    if (!Array.isArray(payload)) expect(await readEvent(JSON.stringify(payload))).toMatchObject(event);
  });

  it.each([
    { name: 'nothing', payload: undefined, says: /TRIGGER_PAYLOAD is not set/ },
    { name: 'no file', payload: '/nowhere/payload', says: /no readable file/ },
    { name: 'broken JSON', payload: '{"object_kind":"issue",', says: /no JSON/ },
    { name: 'an iid that is none', payload: JSON.stringify({ ...full, object_attributes: { iid: '../1', action: 'close' } }), says: /object_attributes\/iid/ },
    { name: 'a timer whose inputs were left out', payload: JSON.stringify({ object_kind: 'timer', project_id: '0', iid: '0' }), says: /project_id/ },
    { name: 'a hook without its project', payload: JSON.stringify({ ...full, project: undefined }), says: /project/ },
  ])('refuses $name as a setup error', async ({ payload, says }) => {
    await expect(readEvent(payload)).rejects.toThrow(SetupError);
    await expect(readEvent(payload)).rejects.toThrow(says);
  });

  it('gives an event or a setup error, whatever the payload', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.constantFrom('issue', 'merge_request', 'note', 'emoji', 'work_item', 'timer'), async (value, kind) => {
        const payload = JSON.stringify({ object_kind: kind, object_attributes: value, project: value, project_id: value, issue: value, user: value });
        const outcome = await readEvent(payload).catch((error: unknown) => error);
        expect(outcome instanceof SetupError || (outcome as { kind?: string }).kind !== undefined).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what there is nothing to look at in says why', () => {
  const ids = { object_kind: 'note', action: 'create', project_id: '42', iid: '', issue_iid: '7', user_id: '5' };
  const TEST = "a test delivery: the webhook's test button works";
  it.each([
    { name: 'the test button', payload: { ...full, object_attributes: { iid: 7 } }, reason: TEST },
    { name: 'ids of the test button', payload: { ...ids, object_kind: 'issue', action: '', iid: '7' }, reason: TEST },
    { name: 'ids of the test button for a work item', payload: { ...ids, object_kind: 'work_item', action: '', iid: '7' }, reason: TEST },
    { name: 'a work item of a group', payload: { ...full, object_kind: 'work_item', project: null }, reason: 'not about an issue of a project' },
    { name: 'ids of a work item of a group', payload: { ...ids, object_kind: 'work_item', project_id: '', iid: '7' }, reason: 'not about an issue of a project' },
    { name: 'ids of a comment elsewhere', payload: { ...ids, issue_iid: '' }, reason: 'not about an issue of a project' },
    { name: 'a comment elsewhere', payload: { ...noteHook, issue: undefined }, reason: 'not about an issue' },
    { name: 'another hook', payload: { object_kind: 'push' }, reason: 'not an event of an issue' },
    { name: 'another tool', payload: { event: 1 }, reason: 'the payload is not one of GitLab or PagerDuty' },
  ])('$name', async ({ payload, reason }) => {
    expect(await readEvent(JSON.stringify(payload))).toEqual({ kind: 'nothing', reason });
  });

  it.each(['null', '7', '"issue"', '[]'])('%s in a file', async (text) => {
    const file = path.join(await mkdtemp(path.join(tmpdir(), 'event-')), 'payload');
    await writeFile(file, text);
    expect(await readEvent(file)).toEqual({ kind: 'nothing', reason: 'the payload is not one of GitLab or PagerDuty' });
  });

  it('but an emoji or a comment by ids is found', async () => {
    for (const kind of ['note', 'emoji']) expect(await readEvent(JSON.stringify({ ...ids, object_kind: kind }))).toEqual(found);
    expect(await readEvent(JSON.stringify({ ...ids, user_id: '' }))).toEqual({ ...found, userId: undefined });
    expect(await readEvent(` ${JSON.stringify(full)}`)).toEqual(found);
  });
});

describe('a payload that cannot be read', () => {
  const inFile = async (text: string): Promise<string> => {
    const file = path.join(await mkdtemp(path.join(tmpdir(), 'event-')), 'payload');
    await writeFile(file, text);
    return file;
  };
  const json = (bytes: number): string => JSON.stringify({ object_kind: 'push', x: '' }).replace('""', `"${'x'.repeat(bytes - 29)}"`);

  it('names its cure', async () => {
    await expect(readEvent('  ')).rejects.toThrow('TRIGGER_PAYLOAD is not set: this door runs in a pipeline that a webhook triggers. See docs/install-by-hand.md, "The webhook".');
    await expect(readEvent(await inFile(' \n'))).rejects.toThrow(new SetupError('The payload is empty. See docs/install-by-hand.md, "The webhook".'));
    await expect(readEvent('{')).rejects.toThrow('The payload is no JSON (before GitLab 18.6 a custom template breaks on quotes: send ids only). See docs/install-by-hand.md, "The webhook".');
    await expect(readEvent('{')).rejects.toHaveProperty('cause', expect.any(SyntaxError));
    await expect(readEvent('/nowhere/payload')).rejects.toHaveProperty('cause.code', 'ENOENT');
  });

  it('because it is larger than 10 MiB says how large it is', async () => {
    expect(json(100)).toHaveLength(100);
    expect(await readEvent(await inFile(json(10_485_760)))).toMatchObject({ kind: 'nothing' });
    await expect(readEvent(await inFile(json(12_582_912)))).rejects.toThrow(
      'The payload has 12.0 MiB, more than 10: give the webhook its custom template of ids. See docs/install-by-hand.md, "The webhook".',
    );
  });
});
