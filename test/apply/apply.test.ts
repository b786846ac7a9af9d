import { describe, expect, it } from 'vitest';
import { LeftOver, SetupError } from '../../scripts/ci/errors.ts';
import { applyActions } from '../../scripts/apply/apply.ts';
import type { Action } from '../../scripts/apply/difference.ts';
import { Overtaken } from '../../scripts/gitlab/errors.ts';
import { marker } from '../../scripts/read/markers.ts';
import { addNote } from '../../scripts/sandbox/world/notes.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import type { GateFacts } from '../../scripts/schema/types.gen.ts';
import { stage, type Scene } from '../support/gitlab.ts';

const CLOSED = '2026-11-20T09:45:00.000Z';
const LATER = '2026-11-20T09:50:00.000Z';
const answer = (state: GateFacts['state'], closedAt = CLOSED): GateFacts => ({ state, closed_at: closedAt });
const bodyOf = (facts: GateFacts, words = 'Words.'): string => `${marker('gate', facts)}\n${words}`;
const posting = (facts: GateFacts, after = 0): Action => ({ kind: 'post', slot: 'gate', body: bodyOf(facts), facts, after });

/** Writes actions as the bot; `overtaken` is what it is told when it asks whether the incident has moved on. */
async function apply(scene: Scene, { projectId, iid }: StoredIssue, actions: Action[], overtaken = false): Promise<void> {
  const { gitlab } = scene.connect();
  const [me, issue] = [await gitlab.me(), await gitlab.issue({ projectId, iid })];
  await applyActions(actions, { issue: issue!, me, gitlab, isOvertaken: () => Promise.resolve(overtaken), warn: () => undefined });
}

/** A comment that another pipeline of the bot has left; gives its id. */
function left(scene: Scene, issue: StoredIssue, facts: GateFacts, words = 'Another.'): number {
  const { note } = addNote(scene.gitlab.world, scene.bot, issue, bodyOf(facts, words), false) as { note: { id: number } };
  return note.id;
}

const stands = (scene: Scene, issue: StoredIssue): string[] => scene.said(issue).map(({ body }) => body);

describe('actions', () => {
  it('are written in their order', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    const [first, second] = [left(scene, issue, answer('open'), 'First.'), left(scene, issue, answer('open'), 'Second.')];
    await apply(scene, issue, [
      { kind: 'edit', slot: 'gate', noteId: second, body: 'Edited.' },
      { kind: 'delete', slot: 'gate', noteId: first },
      { kind: 'change', addLabels: ['a'], removeLabels: [], state: 'reopen' },
    ]);
    expect(stands(scene, issue)).toEqual(['Edited.']);
    expect(issue).toMatchObject({ state: 'opened', labels: ['a'] });
    expect(scene.gitlab.faults.calls.slice(2).map((call) => call.split(' ')[0])).toEqual(['PUT', 'DELETE', 'PUT']);
  });

  it('of labels alone leave the incident closed', async () => {
    const scene = await stage();
    const issue = scene.closed('', { labels: ['b', 'vip'] });
    await apply(scene, issue, [{ kind: 'change', addLabels: ['a'], removeLabels: ['b'] }]);
    expect(issue).toMatchObject({ state: 'closed', labels: ['vip', 'a'] });
  });

  it('that reopen, where GitLab does not, are for the operator to cure', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    const asItIs = JSON.stringify(await scene.call('ana', 'GET', `/projects/42/issues/${issue.iid}`));
    scene.gitlab.faults.plan(/PUT/, { kind: 'text', body: asItIs, contentType: 'application/json' });
    const applying = apply(scene, issue, [{ kind: 'change', addLabels: ['a'], removeLabels: [], state: 'reopen' }]);
    await expect(applying).rejects.toThrow(new SetupError('sirt/incidents#1: GitLab did not reopen it. Give the bot the role Developer in the project.'));
  });
});

describe('a comment that is posted', () => {
  it('stands, and the one before it goes', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    const before = left(scene, issue, answer('blocked', '2026-11-20T09:00:00.000Z'));
    await apply(scene, issue, [posting(answer('blocked'), before)]);
    expect(stands(scene, issue)).toEqual([bodyOf(answer('blocked'))]);
  });

  it.each([
    { name: 'said the same', facts: answer('blocked') },
    { name: 'verified a later closing', facts: answer('verified', LATER) },
  ])('stands, though the one before it $name', async ({ facts }) => {
    const scene = await stage();
    const issue = scene.closed('');
    const before = left(scene, issue, facts);
    await apply(scene, issue, [posting(answer('blocked'), before)]);
    expect(stands(scene, issue)).toEqual([bodyOf(answer('blocked'))]);
  });

  it('leaves the comments of other slots', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    const other = `${marker('ack', { closed_at: LATER })}\nAcknowledged.`;
    addNote(scene.gitlab.world, scene.bot, issue, other, false);
    await apply(scene, issue, [posting(answer('blocked'))]);
    expect(stands(scene, issue)).toEqual([other, bodyOf(answer('blocked'))]);
  });

  it.each([1, 2])('is posted again where it was not taken, %i times in a row', async (times) => {
    const scene = await stage();
    const issue = scene.closed('');
    scene.gitlab.faults.plan(/POST/, { kind: 'reset' }, times);
    await apply(scene, issue, [posting(answer('blocked'))]);
    expect(stands(scene, issue)).toEqual([bodyOf(answer('blocked'))]);
  });

  it('is left over where it was not taken three times in a row', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    scene.gitlab.faults.plan(/POST/, { kind: 'reset' }, 99);
    await expect(apply(scene, issue, [posting(answer('blocked'))])).rejects.toMatchObject({ name: 'AnswerLost' });
    expect(scene.gitlab.faults.calls.filter((call) => call.startsWith('POST'))).toHaveLength(3);
    expect(stands(scene, issue)).toEqual([]);
  });

  it('is not posted again where only the answer was lost', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    scene.gitlab.faults.plan(/POST/, { kind: 'lose' });
    await apply(scene, issue, [posting(answer('blocked'))]);
    expect(stands(scene, issue)).toEqual([bodyOf(answer('blocked'))]);
  });

  it('that GitLab takes and does not show is left over', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    scene.gitlab.faults.plan(/GET .*notes/, { kind: 'text', body: '[]', contentType: 'application/json' }, 9);
    const applying = apply(scene, issue, [posting(answer('blocked'))]);
    await expect(applying).rejects.toThrow(new LeftOver('sirt/incidents#1: GitLab took a comment and does not show it; the next run goes on.'));
  });

  it('that GitLab refuses is not posted again', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    scene.gitlab.faults.plan(/POST/, { kind: 'status', status: 400, body: '{"message":"no"}' });
    await expect(apply(scene, issue, [posting(answer('blocked'))])).rejects.toMatchObject({ name: 'Refused', status: 400 });
    expect(stands(scene, issue)).toEqual([]);
  });

  it('is taken back once the incident has moved on', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    const before = left(scene, issue, answer('blocked', '2026-11-20T09:00:00.000Z'));
    await expect(apply(scene, issue, [posting(answer('blocked'), before)], true)).rejects.toThrow(Overtaken);
    expect(stands(scene, issue)).toEqual([bodyOf(answer('blocked', '2026-11-20T09:00:00.000Z'), 'Another.')]);
  });
});

describe('of several comments on one incident one stays, and the others go', () => {
  const [ours, other] = [bodyOf(answer('blocked')), 'Another.'];
  it.each([
    { name: 'the newest of equals', facts: answer('blocked'), stays: ours },
    { name: 'that of the later closing', facts: answer('blocked', '2026-11-20T09:40:00.000Z'), stays: ours },
    { name: 'the verification of the same closing', mine: answer('verified'), facts: answer('blocked'), stays: bodyOf(answer('verified')) },
    { name: 'the exemption of the same closing', mine: answer('exempt'), facts: answer('blocked'), stays: bodyOf(answer('exempt')) },
  ])('$name, when it is ours', async ({ mine = answer('blocked'), facts, stays }) => {
    const scene = await stage();
    const issue = scene.closed('');
    left(scene, issue, facts);
    await apply(scene, issue, [posting(mine)]);
    expect(stands(scene, issue)).toEqual([stays]);
  });

  it.each([
    { name: 'that of a later closing', facts: answer('blocked', LATER) },
    { name: 'a verification of the same closing', facts: answer('verified') },
    { name: 'an exemption of the same closing', facts: answer('exempt') },
  ])('$name, when it is of another pipeline, and ours is taken back', async ({ facts }) => {
    const scene = await stage();
    const issue = scene.closed('');
    left(scene, issue, facts);
    await expect(apply(scene, issue, [posting(answer('blocked'))])).rejects.toThrow(Overtaken);
    expect(stands(scene, issue)).toEqual([bodyOf(facts, other)]);
  });
});
