import { describe, expect, it } from 'vitest';
import { AnswerLost, NotFound, Refused } from '../../scripts/gitlab/errors.ts';
import { SetupError } from '../../scripts/ci/errors.ts';
import type { GitLab } from '../../scripts/gitlab/port.ts';
import type { Fault } from '../../scripts/sandbox/api/faults.ts';
import { awardEmoji } from '../../scripts/sandbox/world/emoji.ts';
import { LEVEL, type StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { answer } from '../support/answer.ts';
import { stage, type Scene } from '../support/gitlab.ts';

const lose: Fault = { kind: 'lose' };
const status = (code: number, more: object = {}): Fault => ({ kind: 'status', status: code, ...more });
const refOf = ({ projectId, iid }: StoredIssue): { projectId: number; iid: number; reference: string } => ({ projectId, iid, reference: `sirt/incidents#${iid}` });
const opened = { state: 'opened', closedAt: null, closedById: null } as const;

/** An issue with a comment of @ana's on it, as the bot sees both. */
async function commented(): Promise<Scene & { port: GitLab; issue: StoredIssue; noteId: number }> {
  const scene = await stage();
  const issue = scene.closed('', opened);
  const { body } = await answer(scene, 'ana', 'POST', `/projects/42/issues/${issue.iid}/notes`, { body: '/ack' });
  return { ...scene, port: scene.connect().gitlab, issue, noteId: (body as { id: number }).id };
}

describe('emoji', () => {
  it('of the issue itself are read to the last page, with who gave them; those on comments are not among them', async () => {
    const { gitlab, port, issue, noteId } = await commented();
    const ana = gitlab.world.userNamed('ana');
    for (let count = 0; count < 130; count += 1) awardEmoji(gitlab.world, ana, issue, `emoji_${count}`);
    awardEmoji(gitlab.world, ana, issue, 'eyes', noteId);
    const emojis = await port.emojis(refOf(issue));
    expect(emojis).toHaveLength(130);
    expect(emojis[0]).toMatchObject({ name: 'emoji_0', user: { id: ana.id, username: 'ana' }, createdAt: '2026-11-20T10:00:00.000Z' });
    expect(emojis.some(({ name }) => name === 'eyes')).toBe(false);
  });

  it.each<{ name: string; fault?: Fault; times?: number; noteIs?: 'gone' | 'ours'; stands: number }>([
    { name: 'on a comment', stands: 1 },
    { name: 'that we gave already is no error', times: 2, stands: 1 },
    { name: 'on a comment that is gone is no error', noteIs: 'gone', stands: 0 },
    { name: 'whose answer is lost is given once', fault: lose, stands: 1 },
    { name: 'that a GitLab in trouble refused is given then', fault: status(502), stands: 1 },
  ])('$name', async ({ fault, times = 1, noteIs, stands }) => {
    const { gitlab, port, issue, noteId, bot } = await commented();
    if (fault) gitlab.faults.plan(/POST .*award_emoji/, fault);
    for (let time = 0; time < times; time += 1) await port.addEmoji(refOf(issue), noteIs === 'gone' ? noteId + 1000 : noteId, 'white_check_mark');
    expect(gitlab.world.awards.of(issue).filter((award) => award.userId === bot.id && award.noteId === noteId)).toHaveLength(stands);
  });
});

describe('a user by name', () => {
  it.each([
    { name: 'ana', found: 'ana' },
    { name: 'ANA', found: 'ana' },
    { name: 'nobody-here', found: undefined },
    { name: 'an', found: undefined },
  ])('$name: $found', async ({ name, found }) => {
    expect((await (await stage()).connect().gitlab.userNamed(name))?.username).toBe(found);
  });
});

describe('an issue by reference', () => {
  it.each([
    { name: 'by the path of its project', reference: 'sirt/incidents#1', found: 1 },
    { name: "by its project's id", reference: '42#1', found: 1 },
    { name: 'under a former path of its project', reference: 'sirt/former#1', found: 1 },
    { name: 'that is not there', reference: 'sirt/incidents#99', found: undefined },
    { name: 'of a project that is not there', reference: 'sirt/nowhere#1', found: undefined },
    { name: 'of no project', reference: '#1', found: undefined },
    { name: 'that is a path of something else', reference: 'sirt/incidents/../../user#1', found: undefined },
    { name: 'with something behind it', reference: 'sirt/incidents#1?x', found: undefined },
  ])('$name', async ({ reference, found }) => {
    const scene = await stage();
    scene.closed('');
    scene.project.formerPaths.push('sirt/former');
    expect((await scene.connect().gitlab.issueAt(reference))?.iid).toBe(found);
  });

  it.each([
    { name: 'another GitLab', location: 'http://128.0.0.1:PORT/api/v4/projects/42/issues/1' },
    { name: 'another place of this one', location: '/users/sign_in' },
    { name: 'nowhere', location: '' },
  ])('is not followed to $name', async ({ location }) => {
    const scene = await stage();
    scene.closed('');
    scene.gitlab.faults.plan(/issues/, status(301, { location: location.replace('PORT', new URL(scene.gitlab.address).port) }));
    await expect(scene.connect().gitlab.issueAt('sirt/incidents#1')).rejects.toThrow(SetupError);
    expect(scene.gitlab.faults.calls).toHaveLength(1);
  });
});

describe('a new issue', () => {
  const wanted = { title: 'Review of week 47', description: 'Text\n', labels: ['weekly', 'oncall'], confidential: true, assigneeIds: [] as number[], isIncident: false };

  it.each([
    { name: 'is confidential and labelled', more: {}, stands: { title: 'Review of week 47', type: 'issue', confidential: true, labels: ['weekly', 'oncall'], assigneeIds: [] } },
    { name: 'may be an incident for all to see', more: { isIncident: true, confidential: false, labels: [] }, stands: { type: 'incident', confidential: false, labels: [] } },
  ])('$name', async ({ more, stands }) => {
    const scene = await stage();
    const made = await scene.connect().gitlab.createIssue(42, { ...wanted, ...more });
    expect(scene.gitlab.world.issue(42, made.iid)).toMatchObject(stands);
  });

  it("is the assignee's, and goes where a path says", async () => {
    const scene = await stage();
    const ana = scene.gitlab.world.userNamed('ana');
    expect(await scene.connect().gitlab.createIssue('sirt/incidents', { ...wanted, assigneeIds: [ana.id] })).toMatchObject({ projectId: 42, assignees: [{ username: 'ana' }] });
  });

  it.each<{ name: string; fault: Fault }>([
    { name: 'the answer is lost', fault: lose },
    { name: 'GitLab is in trouble', fault: status(500) },
  ])('is not created twice where $name', async ({ fault }) => {
    const scene = await stage();
    scene.gitlab.faults.plan(/POST/, fault);
    await expect(scene.connect().gitlab.createIssue(42, wanted)).rejects.toThrow(AnswerLost);
    expect(scene.gitlab.faults.calls).toHaveLength(1);
  });

  it('is not created where GitLab refuses it, with its words', async () => {
    const scene = await stage();
    await expect(scene.connect().gitlab.createIssue(42, { ...wanted, title: ' ' })).rejects.toThrow(/can't be blank/);
    await expect(scene.connect().gitlab.createIssue(999, wanted)).rejects.toThrow(NotFound);
  });
});

describe('two issues', () => {
  it.each<{ name: string; times: number; fault?: Fault }>([
    { name: 'are related', times: 1 },
    { name: 'that are related already stay so', times: 2 },
    { name: 'are related once though the answer is lost', times: 1, fault: lose },
  ])('$name', async ({ times, fault }) => {
    const scene = await stage();
    const [one, two] = [scene.closed(''), scene.closed('')];
    if (fault) scene.gitlab.faults.plan(/POST .*links/, fault);
    for (let time = 0; time < times; time += 1) await scene.connect().gitlab.relate(refOf(one), refOf(two));
    expect(scene.gitlab.world.links.all).toMatchObject([{ issueId: one.id, targetId: two.id }]);
  });

  it('of which one is gone are told of', async () => {
    const scene = await stage();
    await expect(scene.connect().gitlab.relate(refOf(scene.closed('')), { projectId: 42, iid: 99 })).rejects.toThrow(NotFound);
  });
});

describe('a change of an issue', () => {
  it.each([
    { name: 'closes it', change: { state: 'close' }, stands: { state: 'closed' } },
    { name: 'assigns somebody', change: { assigneeIds: [1] }, stands: { assigneeIds: ['ana'] } },
    { name: 'assigns nobody', change: { assigneeIds: [] }, stands: { assigneeIds: [] } },
    { name: 'leaves the assignee alone', change: { addLabels: ['x'] }, stands: { assigneeIds: ['ben'], labels: ['x'] } },
  ] as const)('$name', async ({ change, stands }) => {
    const scene = await stage();
    const { world } = scene.gitlab;
    const issue = scene.closed('', { ...opened, assigneeIds: [world.userNamed('ben').id] });
    const ids = 'assigneeIds' in change ? { assigneeIds: change.assigneeIds.map(() => world.userNamed('ana').id) } : {};
    await scene.connect().gitlab.changeIssue(refOf(issue), { addLabels: [], removeLabels: [], ...change, ...ids } as never, () => Promise.resolve(false));
    expect({ ...issue, assigneeIds: issue.assigneeIds.map((id) => world.userById(id)?.username) }).toMatchObject(stands);
  });
});

describe('the status of an incident', () => {
  it.each<{ name: string; fault?: Fault; status: string; waitedMs?: number }>([
    { name: 'is set', status: 'ACKNOWLEDGED' },
    { name: 'is set though the first answer is lost', fault: lose, status: 'ACKNOWLEDGED' },
    { name: 'is set after a pause that GitLab asks for', fault: status(429, { retryAfterSeconds: 5 }), status: 'ACKNOWLEDGED', waitedMs: 5000 },
  ])('$name', async ({ fault, status: stands, waitedMs }) => {
    const scene = await stage();
    const issue = scene.closed('', opened);
    if (fault) scene.gitlab.faults.plan(/graphql/, fault);
    const { gitlab, count } = scene.connect();
    await gitlab.setEscalationStatus(refOf(issue), 'ACKNOWLEDGED');
    expect([issue.escalationStatus, count.reads, count.writes]).toEqual([stands, 0, fault ? 2 : 1]);
    expect(scene.gitlab.world.notes.of(issue)).toMatchObject([{ system: true, authorId: scene.bot.id, body: 'changed the incident status to **Acknowledged**' }]);
    if (waitedMs !== undefined) expect(scene.clock.waitedMs).toBe(waitedMs);
  });

  it.each<{ name: string; more?: Partial<StoredIssue>; change?: (scene: Scene) => void; says: RegExp }>([
    { name: 'what is no incident', more: { type: 'issue' }, says: /issueSetEscalationStatus: GitLab refused it: Feature unavailable for provided issue\./ },
    { name: 'a bot that is a Reporter', change: ({ project, bot }) => project.members.set(bot.id, LEVEL.reporter), says: /you don't have permission/ },
    {
      name: 'an issue that is gone',
      change: ({ gitlab }) => {
        gitlab.world.issues.forEach((issue) => {
          gitlab.world.removeIssue(issue);
        });
      },
      says: /does not exist/,
    },
  ])('is refused, in an answer 200: $name', async ({ more = {}, change, says }) => {
    const scene = await stage();
    const issue = scene.closed('', { ...opened, ...more });
    change?.(scene);
    const done = scene.connect().gitlab.setEscalationStatus(refOf(issue), 'ACKNOWLEDGED');
    await expect(done).rejects.toThrow(Refused);
    await expect(done).rejects.toThrow(says);
    expect(issue.escalationStatus).toBe('TRIGGERED');
  });

  it('is nothing that another program could be told', async () => {
    const scene = await stage();
    scene.gitlab.faults.plan(/graphql/, { kind: 'text', body: '{"data":{}}', contentType: 'application/json' });
    await expect(scene.connect().gitlab.setEscalationStatus(refOf(scene.closed('')), 'ACKNOWLEDGED')).rejects.toThrow(/something else than what became of issueSetEscalationStatus/);
  });
});

describe('the timeline of an incident', () => {
  const entry = { occurredAt: '2026-11-20T02:31:00.000Z', note: 'paged "ana" \\ @all' };

  it('keeps what is written, with when and by whom, however many pages', async () => {
    const scene = await stage();
    const issue = scene.closed('', opened);
    const { gitlab, count } = scene.connect();
    for (let time = 0; time < 101; time += 1) await gitlab.addTimelineEvent(refOf(issue), entry);
    const before = { ...count };
    const events = await gitlab.timeline(refOf(issue));
    expect(events).toHaveLength(101);
    expect(events[0]).toEqual({ ...entry, id: expect.stringMatching(/^gid:/) as string, author: { id: scene.bot.id, username: 'watchkeeper-bot' } });
    expect([before.writes, count.reads - before.reads, count.writes]).toEqual([101, 3, 101]);
  });

  it('is told by when things occurred, not by when they were written', async () => {
    const scene = await stage();
    const issue = scene.closed('', opened);
    const { gitlab } = scene.connect();
    for (const note of ['later', 'earlier']) await gitlab.addTimelineEvent(refOf(issue), { note, occurredAt: note === 'later' ? '2026-11-20T03:00:00Z' : '2026-11-20T02:00:00Z' });
    expect((await gitlab.timeline(refOf(issue))).map(({ note }) => note)).toEqual(['earlier', 'later']);
  });

  it('is not written twice where the answer is lost', async () => {
    const scene = await stage();
    const issue = scene.closed('', opened);
    scene.gitlab.faults.plan(/graphql/, status(500), 4);
    await expect(scene.connect().gitlab.timeline(refOf(issue))).rejects.toThrow(/in trouble/);
    expect(scene.gitlab.faults.calls).toHaveLength(4);
    const { gitlab } = scene.connect();
    await gitlab.timeline(refOf(issue));
    let asked = 0;
    scene.gitlab.faults.plan(/graphql/, lose, 1, () => (asked += 1) > 1);
    await expect(gitlab.addTimelineEvent(refOf(issue), entry)).rejects.toThrow(AnswerLost);
    expect(await gitlab.timeline(refOf(issue))).toHaveLength(1);
  });

  it.each([
    { name: 'an entry that is too long', note: 'x'.repeat(281), more: {}, says: /too long \(maximum is 280 characters\)/ },
    { name: 'what is no incident', note: 'x', more: { type: 'issue' } as const, says: /insufficient permissions/ },
  ])('refuses $name', async ({ note, more, says }) => {
    const scene = await stage();
    const issue = scene.closed('', more);
    const done = scene.connect().gitlab.addTimelineEvent(refOf(issue), { ...entry, note });
    await expect(done).rejects.toThrow(Refused);
    await expect(done).rejects.toThrow(says);
  });

  it('of an incident that is gone, or may not be seen, is left over', async () => {
    const scene = await stage();
    await expect(scene.connect().gitlab.timeline({ projectId: 42, iid: 99, reference: 'sirt/incidents#99' })).rejects.toThrow(NotFound);
    await expect(scene.connect().gitlab.timeline({ projectId: 1, iid: 1, reference: 'no/where#1' })).rejects.toThrow(NotFound);
  });
});
