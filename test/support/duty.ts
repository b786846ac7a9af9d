import { expect } from 'vitest';
import { reconcile, type Tools } from '../../scripts/apply/reconcile.ts';
import { sweep } from '../../scripts/apply/sweep.ts';
import type { User } from '../../scripts/gitlab/port.ts';
import type { Installation } from '../../scripts/read/config.ts';
import type { Observed } from '../../scripts/read/snapshot.ts';
import { createIssue, type IssueChanges } from '../../scripts/sandbox/world/changes.ts';
import { awardEmoji } from '../../scripts/sandbox/world/emoji.ts';
import { setEscalationStatus } from '../../scripts/sandbox/world/incidents.ts';
import { LEVEL, type StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { stage, type Scene } from './gitlab.ts';
import { act, say } from './scenarios.ts';
import { config } from './snapshot.ts';

/** Rows are about one issue each, so that no shift logs are kept. @ana is on call from 08:00 to 20:00 and @ben by night; @lea is the manager, @kim the second one. All times are UTC. */
const ENGINEERS = { fallback: '@lea', layers: [{ name: 'all', start: '2026-11-02', rotation: ['@ana', '@ben'], rotate: 'shift', shifts: [{ from: '08:00' }, { from: '20:00' }] }] };
const ON_DUTY = { managers: ['@lea', '@kim'], roster: { engineers: ENGINEERS }, shift_log: { mode: 'off' } };

/** What happens to an incident; `when` is a clock's time, of the same day or of the next where the day is over. */
export type Happening = (scene: Scene, issue: StoredIssue, installation: Installation) => unknown;

/** The clock shows a time, next. */
export const at =
  (time: string, ...happenings: Happening[]): Happening =>
  async (scene, issue, installation) => {
    const [hours = 0, minutes = 0] = time.split(':').map(Number);
    const next = new Date(scene.clock.now);
    next.setUTCHours(hours, minutes, 0, 0);
    if (next < scene.clock.now) next.setUTCDate(next.getUTCDate() + 1);
    scene.clock.now = next;
    for (const happening of happenings) await happening(scene, issue, installation);
  };
export const says =
  (who: string, body: string): Happening =>
  (scene, issue) => {
    say(scene, issue, body, who);
  };
export const does =
  (who: string, changes: IssueChanges): Happening =>
  (scene, issue) => {
    act(scene, issue, changes, who);
  };
export const assigns =
  (who: string, ...names: string[]): Happening =>
  (scene, issue) => {
    act(scene, issue, { assigneeIds: names.map((name) => scene.gitlab.world.userNamed(name).id) }, who);
  };
export const acknowledges =
  (who: string): Happening =>
  ({ gitlab: { world } }, issue) => {
    setEscalationStatus(world, world.userNamed(who), issue, 'ACKNOWLEDGED');
  };
export const looks =
  (who: string, emoji = 'eyes'): Happening =>
  ({ gitlab: { world } }, issue) =>
    awardEmoji(world, world.userNamed(who), issue, emoji);

/** Another issue is opened in the project, which gets the next number. */
export const opens: Happening = ({ gitlab: { world }, project }) => createIssue(world, world.userNamed('lea'), project, 'Rotate all tokens', 'issue');

/** A run for this incident alone, as an event or a timer would start it, with what an event observed. */
export const run: Happening = (scene, issue, installation) => reconcileAs(scene, issue, installation, {});

/** An event of PagerDuty's, as the page's door gives it on; `acknowledged` is by whom and when. */
export const pagerduty =
  ({ acknowledged, ...observed }: Omit<Observed, 'acknowledged'> & { acknowledged?: [who: string | undefined, at: string] }): Happening =>
  (scene, issue, installation) => {
    const [who, when = ''] = acknowledged ?? [];
    const { id, username } = who === undefined ? { id: 0, username: '' } : scene.gitlab.world.userNamed(who);
    const by: User | undefined = who === undefined ? undefined : { id, username };
    const taken = acknowledged ? { acknowledged: { by, at: when, how: 'pagerduty' } } : {};
    return reconcileAs(scene, issue, installation, { pagerduty: 'Q1', ...observed, ...taken });
  };

async function reconcileAs(scene: Scene, { projectId, iid }: StoredIssue, installation: Installation, observed: Observed): Promise<void> {
  const { gitlab } = scene.connect();
  const seen = await gitlab.issue({ projectId, iid });
  await reconcile(seen!, await gitlab.me(), scene.tools({ gitlab, config: installation }), observed);
}

/** A scheduled sweep over all that there is; it says how many calls it wrote with. */
const swept = async (scene: Scene, installation: Installation, more: Partial<Tools> = {}): Promise<number> => {
  const { gitlab, count } = scene.connect();
  const { leftOver } = await sweep(scene.tools({ gitlab, config: installation, ...more }), { deep: false, shard: { index: 1, total: 1 }, progress: () => undefined });
  if (leftOver.length > 0) throw new Error(JSON.stringify(leftOver));
  return count.writes;
};
export const sweeps: Happening = (scene, _issue, installation) => swept(scene, installation);

/** What stands in the end: labels, the bot's comments by slot, assignees, GitLab's own status and its timeline. */
export type Standing = { labels: string[]; says: Record<string, string>; assignees: string[]; status: string; timeline: string[]; state: string };

function standing(scene: Scene, issue: StoredIssue): Standing {
  const { world } = scene.gitlab;
  const comments = scene.said(issue).map(({ body }) => {
    const [, slot = '?', text = ''] = /^<!-- watchkeeper:(\S+) .*-->\n([^]*)$/.exec(body) ?? [];
    return [slot.replace(/-\d+$/, '-n'), text] as const;
  });
  const slots = comments.map(([slot]) => slot);
  if (new Set(slots).size < slots.length) throw new Error(`a comment is doubled: ${slots.join(' ')}`);
  return {
    labels: [...issue.labels].sort(),
    says: Object.fromEntries(comments),
    assignees: issue.assigneeIds.map((id) => world.userById(id)!.username),
    status: issue.escalationStatus,
    timeline: world.timelineEvents.of(issue).flatMap(({ note, authorId, occurredAt }) => (authorId === scene.bot.id && !note.startsWith('@') ? [`${occurredAt.slice(11, 16)} ${note}`] : [])),
    state: issue.state,
  };
}

/** One incident's life: how it begins, what happens from 10:00 on 2026-11-20, a Friday. */
export type Life = { issue?: Partial<StoredIssue>; config?: object; several?: boolean; happens: Happening[] };

/** Lives it on an embedded GitLab, and tells what stands then, and how many writes the next run and the next sweep need. */
async function live({ issue: more = {}, config: different = {}, several = false, happens }: Life): Promise<{ scene: Scene; end: Standing; again: number; issue: StoredIssue }> {
  const scene = await stage();
  const { world } = scene.gitlab;
  for (const [name, level] of [
    ['kim', LEVEL.maintainer],
    ['gus', LEVEL.guest],
    ['rae', LEVEL.reporter],
  ] as const)
    scene.project.members.set(world.addUser(name).id, level);
  scene.project.hasSeveralAssignees = several;
  const installation = config(JSON.parse(JSON.stringify({ ...ON_DUTY, ...different })) as object);
  const issue = createIssue(world, world.userNamed('rae'), scene.project, 'Token leaked', more.type ?? 'incident');
  Object.assign(issue, structuredClone(more));
  for (const happening of happens) await happening(scene, issue, installation);
  const end = standing(scene, issue);
  const before = scene.said(issue).map(({ id }) => id);
  await run(scene, issue, installation);
  const writes = await swept(scene, installation);
  const again = writes + (JSON.stringify(standing(scene, issue)) === JSON.stringify(end) && String(scene.said(issue).map(({ id }) => id)) === String(before) ? 0 : 1);
  return { scene, end, again, issue };
}

/** A row of a rule: what happens, and what stands in the end. `says` are the slots of all our comments, with words of each. */
export type Row = Life & {
  name: string;
  labels: string[];
  says?: Record<string, RegExp | RegExp[]>;
  silent?: Record<string, RegExp>;
  assignees?: string[];
  status?: string;
  timeline?: string[];
};

/** Lives a row, and holds what stands in the end against it; another run and another sweep must write nothing. */
export async function expectEnd({ labels, says: wanted = {}, silent = {}, assignees, status, timeline, ...life }: Row): Promise<void> {
  const { end, again } = await live(life);
  expect(end.labels).toEqual([...labels].sort());
  expect(Object.keys(end.says).sort()).toEqual(Object.keys(wanted).sort());
  for (const [slot, words] of Object.entries(wanted)) for (const each of [words].flat()) expect(end.says[slot]).toMatch(each);
  for (const [slot, words] of Object.entries(silent)) expect(end.says[slot]).not.toMatch(words);
  const rest = { ...(assignees ? { assignees } : {}), ...(status ? { status } : {}), ...(timeline ? { timeline } : {}) } satisfies Partial<Standing>;
  expect(end).toMatchObject(rest);
  expect(again, 'writes of another run and another sweep').toBe(0);
}

/** That the duty's comment says who took a page when, that day, and who owns the incident. */
export const taken = (by: string, time: string, owner = by): RegExp => new RegExp(`^.?\\b${by}\\b[^\\n]* 2026-11-20 ${time} UTC[^\\n]*\\b${owner}\\b. owns this incident`);
/** That it names somebody who came later. */
export const engaged = (name: string): RegExp => new RegExp(`engaged\\*\\*: [^\\n]*\\b${name}\\b`);
/** That a comment begins with mentions of these people, and of no others. */
export const calls = (...names: string[]): RegExp => new RegExp(`^${names.map((name) => `@${name}`).join(' ')}[ :,][^@]*$`);
/** A sweep at each of these times. */
export const sweepsAt = (...times: string[]): Happening[] => times.map((time) => at(time, sweeps));
