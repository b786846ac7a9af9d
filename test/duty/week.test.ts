import { describe, expect, it } from 'vitest';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { openDutyRoom, type DutyRoom } from '../support/duty-room.ts';
import { live, MINUTE_MS, ROUTES, type Lived, type Plan, type Story } from '../support/duty-week.ts';
import { INPUTS } from '../support/provided.ts';

const HOUR_MS = 60 * MINUTE_MS;
const MONDAY_MS = Date.parse('2026-11-23T00:00:00Z');

/** A day in `npm test`; in `npm run test:hard` nine days, in which 15 shifts begin and end, and 60 pages come. */
const PLAN: Plan =
  INPUTS < 10_000
    ? { startMs: MONDAY_MS + 7.5 * HOUR_MS, endMs: MONDAY_MS + 33.5 * HOUR_MS, pages: 8, seed: 4 }
    : { startMs: MONDAY_MS + 7.5 * HOUR_MS, endMs: MONDAY_MS + (9 * 24 + 11.5) * HOUR_MS, pages: 60, seed: 20_261_123 };

const iso = (ms: number): string => new Date(ms).toISOString();

/** The facts of a slot's comment as they stand. */
function factsOf(room: DutyRoom, issue: StoredIssue, slot: string): Record<string, unknown> {
  const found = room.said(issue).find(({ body }) => body.startsWith(`<!-- watchkeeper:${slot} `));
  return JSON.parse(/^<!-- watchkeeper:[\w-]+ (.*) -->/.exec(found?.body ?? '')?.[1] ?? '{}') as Record<string, unknown>;
}

/** Who acknowledged first, as it really was. */
const firstAck = ({ acks }: Story): Story['acks'][number] | undefined => [...acks].sort((a, b) => a.atMs - b.atMs)[0];

/** The steps of the ladder that were taken, and when: the first to say so counts. */
function stepsTaken({ posted }: Lived, issue: StoredIssue): Map<number, number> {
  const steps = new Map<number, number>();
  for (const { facts, at } of posted.filter((each) => each.issue === issue && each.slot === 'escalation'))
    for (let step = Number(facts['from']) + 1; step <= Number(facts['step']); step += 1) if (!steps.has(step)) steps.set(step, Date.parse(at));
  return steps;
}

/** The first run that looked at an issue at a time or later. */
function lookedAt({ runs }: DutyRoom, issue: StoredIssue, sinceMs: number): number {
  const at = runs.filter(({ done }) => done.some((each) => each.issue.iid === issue.iid)).map((ran) => Date.parse(ran.at));
  return Math.min(...at.filter((ms) => ms >= sinceMs));
}

/** The steps that were due while nobody had acknowledged, and when they were to be taken: as soon as anybody looked. */
function stepsDue(room: DutyRoom, story: Story): Map<number, number> {
  const due = [15, 30].map((minutes, index) => [index + 1, lookedAt(room, story.issue!, Date.parse(story.issue!.createdAt) + minutes * MINUTE_MS)] as const);
  return new Map(due.filter(([, ms]) => ms < Infinity && ms < (firstAck(story)?.atMs ?? Infinity)));
}

/** What was open and on call before a window began, is so at a time, and was looked at by nobody in the window. */
function missedIn(room: DutyRoom, { looks }: Lived, startMs: number, endMs: number, atMs: number): string[] {
  const { world } = room.gitlab;
  const isOpenAt = (issue: StoredIssue): boolean =>
    world.stateChanges
      .of(issue)
      .filter(({ createdAt }) => Date.parse(createdAt) < atMs)
      .at(-1)?.state !== 'closed';
  return world.issues
    .filter((issue) => issue.labels.includes('oncall') && Date.parse(issue.createdAt) < startMs && isOpenAt(issue))
    .filter(({ iid }) => !looks.some((look) => look.iid === iid && look.atMs >= startMs && look.atMs < endMs))
    .map(({ iid }) => `sirt/incidents#${iid}`)
    .sort();
}

/** The digests that were posted, by the end of their window. */
function digestsOf({ posted }: Lived): Map<string, { atMs: number; missed: string[] }> {
  const all = posted.filter(({ slot }) => slot.startsWith('digest-'));
  return new Map(
    all.map(({ facts, at, body }) => {
      // The list of what was missed comes first, before all that is told besides.
      const [first = ''] = body.split(/^(?:\*\*|<details>)(?!nobody)/m).filter((part) => part.includes('- '));
      const missed = body.includes('Nothing was missed') ? [] : [...first.matchAll(/^- (\S+#\d+)$/gm)].map(([, reference = '']) => reference);
      return [iso(Date.parse(String(facts['at']))), { atMs: Date.parse(at), missed }] as const;
    }),
  );
}

/** The first sweep by day after a time: sweeps are on full hours, and day is from 9 to 18. */
function firstSweepByDay(ms: number): number {
  let at = Math.ceil(ms / HOUR_MS) * HOUR_MS;
  while (new Date(at).getUTCHours() < 9 || new Date(at).getUTCHours() >= 18) at += HOUR_MS;
  return at;
}

/** The windows that nobody should forget, and those that were named: the digest's hour, and the issues nobody looked at. */
function missedReviews(room: DutyRoom, lived: Lived): { real: Record<string, string[]>; named: Record<string, string[]> } {
  const windows = lived.shifts.flatMap((shift) => shift.windows).filter(({ startMs, endMs }) => startMs >= PLAN.startMs && firstSweepByDay(endMs) <= PLAN.endMs);
  const digests = digestsOf(lived);
  const keyOf = (endMs: number, atMs: number): string => `${iso(endMs)}, told at ${iso(atMs)}`;
  const real = windows.map(({ startMs, endMs }) => [keyOf(endMs, firstSweepByDay(endMs)), missedIn(room, lived, startMs, endMs, firstSweepByDay(endMs))] as const);
  const named = windows.map(({ endMs }) => {
    // One that names nobody's miss tells of something else, whenever that comes.
    const { atMs = 0, missed = [] } = digests.get(iso(endMs)) ?? {};
    return [keyOf(endMs, missed.length > 0 ? atMs : firstSweepByDay(endMs)), missed] as const;
  });
  return { real: Object.fromEntries(real), named: Object.fromEntries(named) };
}

type Taken = { iid: number; step: number; lateMs: number; mayBeMs: number };

/** How late each step was, and how late it may be: a minute, or where its event or a timer was lost, till the next sweep. */
function lateness(lived: Lived, story: Story): Taken[] {
  const { iid, createdAt } = story.issue!;
  const wasLost = lived.losses.some(({ job, about, at }) => about === iid && (job === 'timer' || at === createdAt));
  return [...stepsTaken(lived, story.issue!)].map(([step, ms]) => ({ iid, step, lateMs: ms - Date.parse(createdAt) - step * 15 * MINUTE_MS, mayBeMs: wasLost ? HOUR_MS : MINUTE_MS }));
}

/** Who owns an incident by what is remembered of it, and since when. */
function ownerOf(room: DutyRoom, { issue }: Story): { by: string | undefined; at: unknown } {
  const { by, at } = factsOf(room, issue!, 'ack');
  return { by: room.gitlab.world.userById(typeof by === 'number' ? by : null)?.username, at };
}

/** Open and acknowledged, and yet not assigned to the owner, who was not asked about that either. */
function isForgotten(room: DutyRoom, story: Story): boolean {
  const { state, assigneeIds } = story.issue!;
  const [first, wasAsked] = [firstAck(story), Object.keys(factsOf(room, story.issue!, 'owner')).length > 0];
  const responsible = factsOf(room, story.issue!, 'handoff')['to'] ?? room.gitlab.world.userNamed(first?.by ?? 'lea').id;
  return state === 'opened' && first !== undefined && !wasAsked && assigneeIds[0] !== responsible;
}

/** Slots that more than one comment fills, and keys that more than one open issue bears. */
function doubled(room: DutyRoom): string[] {
  const isTwice = (name: string, index: number, all: string[]): boolean => all.indexOf(name) !== index;
  const { issues } = room.gitlab.world;
  const slots = issues.flatMap((issue) => room.said(issue).map(({ body }) => `#${issue.iid} ${/^<!-- watchkeeper:([\w-]+)/.exec(body)?.[1] ?? body}`));
  const keys = issues.filter(({ state }) => state === 'opened').flatMap(({ description }) => /^<!-- watchkeeper:.* -->/.exec(description ?? '')?.[0] ?? []);
  return [...slots.filter(isTwice), ...keys.filter(isTwice)];
}

function print(room: DutyRoom, lived: Lived, taken: readonly Taken[]): void {
  const { stories, shifts, losses } = lived;
  const routes = ROUTES.map((route) => `${stories.filter((story) => firstAck(story)?.route === route).length} by ${route}`);
  const begun = shifts.filter(({ startMs }) => startMs >= PLAN.startMs).length;
  const calls = room.runs.reduce((sum, { reads, writes }) => sum + reads + writes, 0);
  const missed = Object.values(missedReviews(room, lived).named);
  console.log(
    [
      `${stories.length} pages over ${begun} shifts, ${stories.filter(({ from }) => from === 'pagerduty').length} from PagerDuty`,
      `acknowledged first ${routes.join(', ')}; never ${stories.filter(({ acks }) => acks.length === 0).length}; twice ${stories.filter(({ acks }) => acks.length > 1).length}`,
      `steps taken ${taken.length}, ${taken.filter(({ lateMs }) => lateMs < MINUTE_MS).length} at their minute; PagerDuty's own ${stories.flatMap(({ escalatedAt }) => escalatedAt).length}`,
      `reviews missed ${missed.flat().length} in ${missed.filter((each) => each.length > 0).length} of ${missed.length} windows, each in its digest`,
      `events lost ${losses.filter(({ job }) => job !== 'timer').length}, timers lost ${losses.filter(({ job }) => job === 'timer').length}, doubled ${lived.doubled}; runs ${room.runs.length}, calls ${calls}`,
    ].join('\n'),
  );
}

describe(`${Math.round((PLAN.endMs - PLAN.startMs) / HOUR_MS)} hours on duty, with events and timers lost and doubled`, () => {
  it('end with every page escalated or owned as it should be, every missed review named, and nothing said twice', { timeout: 1_800_000 }, async () => {
    const room = await openDutyRoom(iso(PLAN.startMs));
    const lived = await live(room, PLAN);
    const [ours, theirs] = (['gitlab', 'pagerduty'] as const).map((from) => lived.stories.filter((story) => story.from === from)) as [Story[], Story[]];
    const taken = ours.flatMap((story) => lateness(lived, story));
    print(room, lived, taken);
    expect(room.crashes).toEqual([]);
    expect(room.runs.flatMap(({ done }) => done.flatMap(({ failures }) => failures.map(String)))).toEqual([]);

    // Each step of our ladder once, when it was due or as soon as anybody looked, by comment, Slack and PagerDuty.
    const shown = (story: Story, steps: Map<number, number>): string[] => [...steps].map(([step, ms]) => `#${story.issue!.iid} step ${step} at ${iso(ms)}`);
    expect(ours.flatMap((story) => shown(story, stepsTaken(lived, story.issue!)))).toEqual(ours.flatMap((story) => shown(story, stepsDue(room, story))));
    expect(taken.filter(({ lateMs, mayBeMs }) => lateMs < 0 || lateMs >= mayBeMs)).toEqual([]);
    const onSlack = room.slack.messages.flatMap(({ text }) => /#(\d+): nobody has acknowledged/.exec(text)?.[1] ?? []);
    expect(onSlack.map(Number).sort()).toEqual(taken.flatMap(({ iid, step }) => (step === 1 ? [iid] : [])).sort());
    const raised = room.pagerduty.pages.all.map(({ key }) => key).filter((key) => key.startsWith('watchkeeper/'));
    expect(raised.sort()).toEqual(taken.flatMap(({ iid, step }) => (step === 2 ? [`watchkeeper/42/${iid}/2`] : [])).sort());

    // What PagerDuty paged, PagerDuty escalates: recorded, not repeated.
    expect(theirs.map(({ issue }) => ({ iid: issue!.iid, escalated: factsOf(room, issue!, 'ack')['escalated'] ?? [] }))).toEqual(
      theirs.map(({ issue, escalatedAt }) => ({ iid: issue!.iid, escalated: escalatedAt })),
    );
    expect(theirs.flatMap(({ issue }) => [...stepsTaken(lived, issue!)])).toEqual([]);

    expect(lived.stories.map((story) => ({ iid: story.issue!.iid, ...ownerOf(room, story) }))).toEqual(
      lived.stories.map((story) => {
        const first = firstAck(story);
        return { iid: story.issue!.iid, by: first?.by, at: first && iso(first.atMs) };
      }),
    );
    expect(lived.stories.filter((story) => isForgotten(room, story)).map(({ issue }) => issue!.iid)).toEqual([]);

    const { real, named } = missedReviews(room, lived);
    expect(named).toEqual(real);
    expect(doubled(room)).toEqual([]);
    await room.sweepNow();
    expect((await room.sweepNow()).writes).toBe(0);
  });
});
