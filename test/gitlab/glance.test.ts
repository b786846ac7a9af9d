import { describe, expect, it } from 'vitest';
import { LeftOver } from '../../scripts/ci/errors.ts';
import type { Glance, GitLab, NamedIssue } from '../../scripts/gitlab/port.ts';
import type { Fault } from '../../scripts/sandbox/api/faults.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { answer } from '../support/answer.ts';
import { stage, type Scene } from '../support/gitlab.ts';

const named = ({ projectId, iid }: StoredIssue, path = 'sirt/incidents'): NamedIssue => ({ projectId, iid, reference: `${path}#${iid}` });
const several = (scene: Scene, count: number): StoredIssue[] => Array.from({ length: count }, () => scene.closed(''));
const comment = async (scene: Scene, { iid }: StoredIssue, body: string): Promise<void> => {
  await answer(scene, 'ana', 'POST', `/projects/42/issues/${iid}/notes`, { body });
};
const glanceAll = (gitlab: GitLab, issues: readonly NamedIssue[]): Promise<Glance[]> => Promise.all(issues.map((issue) => gitlab.glance(issue)));

/** The calls that were made since, by what they ask. */
const asked = ({ gitlab }: Scene, since: number): string[] => gitlab.faults.calls.slice(since).map((call) => call.replace(/\d+\/notes/, 'N/notes'));

describe('comments of many issues', () => {
  it('are read twenty at a time, and are those that REST shows, but for parts of a second', async () => {
    const scene = await stage();
    scene.clock.now = new Date('2026-11-20T10:00:00.700Z');
    const issues = several(scene, 45);
    for (const issue of issues.slice(0, 3)) await comment(scene, issue, `/ack of ${issue.iid}`);
    await answer(scene, 'ana', 'PUT', `/projects/42/issues/${issues[0]!.iid}`, { assignee_ids: [scene.gitlab.world.userNamed('ana').id] });
    const { gitlab, count } = scene.connect();
    const glances = await glanceAll(
      gitlab,
      issues.map((issue) => named(issue)),
    );
    expect(count.reads).toBe(3);
    for (const [index, glance] of glances.entries()) {
      const notes = await gitlab.notes(issues[index]!);
      expect(glance).toMatchObject({ isExact: false, updatedAt: issues[index]!.updatedAt.replace(/\.\d+Z/, '.000Z') });
      const byId = [...glance.notes].sort((a, b) => a.id - b.id);
      expect(byId).toEqual([...notes].sort((a, b) => a.id - b.id).map((note) => ({ ...note, createdAt: note.createdAt.replace(/\.\d+Z/, '.000Z') })));
    }
    expect(glances[0]!.notes.some(({ system }) => system)).toBe(true);
  });

  it('of one issue alone are read over REST', async () => {
    const scene = await stage();
    const [issue] = several(scene, 1);
    await comment(scene, issue!, 'words');
    const since = scene.gitlab.faults.calls.length;
    expect(await scene.connect().gitlab.glance(named(issue!))).toMatchObject({ isExact: true, notes: [{ body: 'words' }] });
    expect(asked(scene, since)).toEqual(['GET /projects/42/issues/N/notes']);
  });

  it('are read by a query a project', async () => {
    const scene = await stage();
    const { world } = scene.gitlab;
    const other = world.addProject('sirt/other', { 'watchkeeper-bot': 30, ana: 30 });
    const here = several(scene, 2);
    const there = [1, 2].map(() => createIssue(world, world.userNamed('ana'), other, 'Token leaked', 'incident'));
    const { gitlab, count } = scene.connect();
    const glances = await glanceAll(gitlab, [...here.map((issue) => named(issue)), ...there.map((issue) => named(issue, 'sirt/other'))]);
    expect([glances.map(({ isExact }) => isExact), count.reads]).toEqual([[false, false, false, false], 2]);
  });

  it('of an issue with more than a page of them are read over REST to the last', async () => {
    const scene = await stage();
    const [much, little] = several(scene, 2);
    for (let each = 0; each < 101; each += 1) await comment(scene, much!, `words ${each}`);
    const glances = await glanceAll(scene.connect().gitlab, [named(much!), named(little!)]);
    expect(glances.map(({ isExact, notes }) => [isExact, notes.length])).toEqual([
      [true, 101],
      [false, 0],
    ]);
  });

  const errors = (message: string): Fault => ({ kind: 'text', contentType: 'application/json', body: JSON.stringify({ errors: [{ message }] }) });
  it.each<{ name: string; fault: Fault; queries: number }>([
    { name: 'refuses the query, and are not asked for so again', fault: errors('Query has complexity of 251, which exceeds max complexity of 250'), queries: 1 },
    { name: 'has no GraphQL, and are not asked for so again', fault: { kind: 'status', status: 404 }, queries: 1 },
    { name: 'is in trouble', fault: { kind: 'status', status: 500 }, queries: 8 },
    { name: 'does not show the project', fault: { kind: 'text', contentType: 'application/json', body: '{"data":{"project":null}}' }, queries: 2 },
    { name: 'does not show the issues', fault: { kind: 'text', contentType: 'application/json', body: '{"data":{"project":{"issues":{"nodes":[null,null]}}}}' }, queries: 2 },
    { name: 'answers something else', fault: { kind: 'text', contentType: 'application/json', body: '{"data":{"project":{"issues":{"nodes":[{"iid":"1"}]}}}}' }, queries: 2 },
  ])('are read over REST where GitLab $name', async ({ fault, queries }) => {
    const scene = await stage();
    const issues = several(scene, 2);
    for (const issue of issues) await comment(scene, issue, 'words');
    const since = scene.gitlab.faults.calls.length;
    scene.gitlab.faults.plan(/graphql/, fault, 99);
    const { gitlab } = scene.connect();
    for (let each = 0; each < 2; each += 1)
      expect(
        await glanceAll(
          gitlab,
          issues.map((issue) => named(issue)),
        ),
      ).toMatchObject([{ isExact: true, notes: [{ body: 'words' }] }, { isExact: true }]);
    expect(asked(scene, since).filter((call) => call.endsWith('graphql'))).toHaveLength(queries);
  });

  it('are not read at all once GitLab asks for a long pause, which all are told', async () => {
    const scene = await stage();
    const issues = several(scene, 3);
    scene.gitlab.faults.plan(/graphql/, { kind: 'status', status: 429, retryAfterSeconds: 900 }, 99);
    const { gitlab } = scene.connect();
    const all = await Promise.allSettled(issues.map((issue) => gitlab.glance(named(issue))));
    expect(all.map((each) => each.status === 'rejected' && each.reason instanceof LeftOver && each.reason.endsRun)).toEqual([true, true, true]);
  });
});
