import { unsafeUniformIntDistribution as draw, xoroshiro128plus, type RandomGenerator } from 'pure-rand';
import type { Event } from '../../scripts/read/event.ts';
import type { Page } from '../../scripts/sandbox/outside/pagerduty-pages.ts';
import { FALSE_POSITIVE } from '../../scripts/sandbox/story/descriptions.ts';
import { awardEmoji } from '../../scripts/sandbox/world/emoji.ts';
import { setEscalationStatus } from '../../scripts/sandbox/world/incidents.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { ENGINEERS, PEOPLE, type DutyRoom, type Fate, type Ran } from './duty-room.ts';
import { act, say } from './scenarios.ts';

export const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The ways to acknowledge. */
export const ROUTES = ['command', 'assignment', 'status', 'pagerduty'] as const;
type Route = (typeof ROUTES)[number];

/** How people take a page: at once, late, never, or two of them. */
const MANNERS = ['in time', 'late', 'never', 'twice'] as const;
type Manner = (typeof MANNERS)[number];

/** Somebody acknowledged, as GitLab or PagerDuty has it. */
export type Ack = { by: string; atMs: number; route: Route };

/** A page and what really happened to it. `issue` is there as soon as there is one. */
export type Story = {
  atMs: number;
  from: 'pagerduty' | 'gitlab';
  manner: Manner;
  page?: Page;
  issue?: StoredIssue;
  acks: Ack[];
  /** When PagerDuty itself went to the next level (ISO times). */
  escalatedAt: string[];
};

/** Somebody looked at an issue on call. */
export type Look = { iid: number; atMs: number };

/** A shift by this team's own calendar. */
export type TurnOfDuty = { startMs: number; endMs: number; engineer: string; windows: { startMs: number; endMs: number }[] };

/** A run that was to be and was not: on account of what job, about which issue or page, and when. */
export type Loss = { job: Ran['job']; about: number | string; at: string };

/** A comment of ours as it was posted, whatever became of it. */
export type Posted = { issue: StoredIssue; noteId: number; at: string; slot: string; facts: Record<string, unknown>; body: string };

/** A time that was lived through, as it really was. */
export type Lived = { stories: Story[]; looks: Look[]; shifts: TurnOfDuty[]; losses: Loss[]; doubled: number; posted: Posted[] };

/** From when to when, how many pages come, and by what numbers all else is drawn. */
export type Plan = { startMs: number; endMs: number; pages: number; seed: number };

const WEEK_1_MS = Date.parse('2026-11-02T00:00:00Z');
const ROTATIONS = { day: ['ana', 'ben', 'eve'], night: ['dan', 'fay', 'joe'], weekend: ['ben', 'eve', 'ana'] } as const;

/** The shifts of the guide's roster, by counting days: 8 to 20, 20 to 8, and Saturday 8 to Monday 8, whose windows are 12 hours. */
function shiftsOf(fromMs: number, toMs: number): TurnOfDuty[] {
  const shifts: TurnOfDuty[] = [];
  for (let dayMs = WEEK_1_MS; dayMs < toMs; dayMs += DAY_MS) {
    const [week, weekday] = [Math.floor((dayMs - WEEK_1_MS) / (7 * DAY_MS)), Math.floor((dayMs - WEEK_1_MS) / DAY_MS) % 7];
    const add = (kind: keyof typeof ROTATIONS, hour: number, hours: number): void => {
      const [startMs, partMs] = [dayMs + hour * HOUR_MS, Math.min(hours / 2, 12) * HOUR_MS];
      const windows = Array.from({ length: (hours * HOUR_MS) / partMs }, (_, part) => ({ startMs: startMs + part * partMs, endMs: startMs + (part + 1) * partMs }));
      shifts.push({ startMs, endMs: startMs + hours * HOUR_MS, engineer: ROTATIONS[kind][week % 3]!, windows });
    };
    if (weekday < 5) {
      add('day', 8, 12);
      add('night', 20, 12);
    } else if (weekday === 5) add('weekend', 8, 48);
  }
  return shifts.filter(({ startMs, endMs }) => startMs < toMs && endMs > fromMs);
}

function onDuty({ shifts }: Pick<Lived, 'shifts'>, atMs: number): string {
  return shifts.find(({ startMs, endMs }) => startMs <= atMs && atMs < endMs)!.engineer;
}

/** Lives through a time in a room: pages come, people do what they do, events and timers get lost and doubled. */
export async function live(room: DutyRoom, plan: Plan): Promise<Lived> {
  const chance = new Chance(plan.seed);
  const lived: Lived = { stories: [], looks: [], shifts: shiftsOf(plan.startMs, plan.endMs), losses: [], doubled: 0, posted: [] };
  const agenda = new Agenda();
  watchComments(room, lived);
  answerOurPages(room, lived, { agenda, chance: new Chance(plan.seed + 1) });
  room.fate.of = (job, event) => fateOf(room, lived, plan.seed, job, event);
  const gapMs = (plan.endMs - plan.startMs) / plan.pages;
  for (let number = 0; number < plan.pages; number += 1) {
    // At no full minute, so that a timer and a sweep fall on different ones.
    const atMs = Math.floor(plan.startMs + gapMs * (number + chance.part() * 0.9)) + 7;
    const story: Story = { atMs, from: chance.of(['pagerduty', 'gitlab']), manner: MANNERS[number % MANNERS.length]!, acks: [], escalatedAt: [] };
    lived.stories.push(story);
    agenda.add(atMs, () => begin(room, lived, story, { agenda, chance, number }));
  }
  for (const { startMs, endMs } of lived.shifts.flatMap(({ windows }) => windows)) planReviews(room, lived, { agenda, chance }, startMs, endMs);
  for (let next = agenda.next(); next && next.atMs < plan.endMs; next = agenda.next()) {
    await room.until(new Date(next.atMs));
    await next.act();
    await room.settle();
  }
  await room.until(new Date(plan.endMs));
  return lived;
}

type Around = { agenda: Agenda; chance: Chance };

/** A page comes: by PagerDuty, which has a ladder of its own, or as an alert's incident. What people will do is drawn at once. */
async function begin(room: DutyRoom, lived: Lived, story: Story, { agenda, chance, number }: Around & { number: number }): Promise<void> {
  const severity = chance.of([1, 2, 3, 3, 4]);
  if (story.from === 'pagerduty') {
    story.page = room.pagerduty.pages.trigger({ title: `Alert ${number}`, priority: `P${severity}` });
    for (const minutes of [15, 30])
      agenda.add(story.atMs + minutes * MINUTE_MS, () => {
        escalateThere(room, story);
      });
  } else {
    const wanted = { title: `Alert ${number}`, issue_type: 'incident', labels: `incident,oncall,severity::${severity}` };
    const { iid } = await room.call('alert-bot', 'POST', '/projects/42/issues', wanted);
    story.issue = room.gitlab.world.issue(42, Number(iid))!;
  }
  const after = (minutes: number, what: () => void): void => {
    agenda.add(story.atMs + minutes * MINUTE_MS + 13_000, what);
  };
  const [first, second] = [onDuty(lived, story.atMs), chance.of(ENGINEERS)];
  const [routes, closing] = [[chance.of(ROUTES), chance.of(ROUTES)] as const, chance.of(['command', 'description', 'alarm', 'open'] as const)];
  const delay = { 'in time': 1 + chance.below(13), late: 16 + chance.below(40), never: Infinity, twice: 2 + chance.below(35) }[story.manner];
  if (story.manner !== 'never')
    after(delay, () => {
      acknowledge(room, lived, story, first, routes[0]);
    });
  if (story.manner === 'twice')
    after(delay + 1 + chance.below(9), () => {
      acknowledge(room, lived, story, second === first ? 'kim' : second, routes[1]);
    });
  // Whoever follows the page in PagerDuty writes a note there, which tells again what an earlier webhook may not have told.
  after(70, () => story.page && story.page.status !== 'resolved' && void room.pagerduty.pages.annotate(story.page.id, 'still at it', personOf(first)));
  after(90 + chance.below(600), () => {
    end(room, lived, story, closing);
  });
}

/** After its time without an acknowledgement PagerDuty pages the next level. */
function escalateThere(room: DutyRoom, { page, escalatedAt }: Story): void {
  if (page?.status !== 'triggered') return;
  room.pagerduty.pages.escalate(page.id);
  escalatedAt.push(new Date(room.clock.now).toISOString());
}

/** Somebody takes the page by one of the four routes, as far as that is possible. */
function acknowledge(room: DutyRoom, lived: Lived, story: Story, by: string, route: Route): void {
  const issue = issueOf(room, story);
  const isOver = issue?.state === 'closed' || story.page?.status === 'resolved';
  if (isOver) return;
  const taken = (how: Route): void => void story.acks.push({ by, atMs: room.clock.now.getTime(), route: how });
  if (story.page && (route === 'pagerduty' || !issue)) {
    if (story.page.acknowledgements.some((each) => each.by.id === personOf(by).id)) return;
    room.pagerduty.pages.acknowledge(story.page.id, personOf(by));
    taken('pagerduty');
    return;
  }
  if (!issue) return;
  const user = room.gitlab.world.userNamed(by);
  if (route === 'assignment' && !issue.assigneeIds.includes(user.id)) {
    act(room, issue, { assigneeIds: [user.id] }, by);
    taken(route);
    return;
  }
  if (route === 'status' && issue.escalationStatus === 'TRIGGERED') {
    setEscalationStatus(room.gitlab.world, user, issue, 'ACKNOWLEDGED');
    taken(route);
    return;
  }
  say(room, issue, '/ack', by);
  look(lived, issue, by, room.clock.now.getTime());
  taken('command');
}

/** It was nothing: whoever has it closes it, by a command or in the description; or the alarm stops by itself; or it stays open. */
function end(room: DutyRoom, lived: Lived, story: Story, how: 'command' | 'description' | 'alarm' | 'open'): void {
  const issue = issueOf(room, story);
  const [owner, atMs] = [story.acks[0]?.by, room.clock.now.getTime()];
  if (how === 'alarm' && story.page && story.page.status !== 'resolved') room.pagerduty.pages.resolve(story.page.id);
  if (!issue || issue.state === 'closed' || owner === undefined) return;
  if (how === 'command') {
    say(room, issue, '/false-positive the load test from 198.51.100.0/24 tripped rule 311', owner);
    look(lived, issue, owner, atMs);
  } else if (how === 'description') {
    const written = (issue.description ?? '').replace(/^## Resolution[^]*?(?=^## |$(?![^]))/m, '');
    act(room, issue, { description: `${written}\n\n${FALSE_POSITIVE}`, stateEvent: 'close' }, owner);
  }
}

/** In each window the engineer looks at most of what is open, by a comment, an eyes emoji or the command. */
function planReviews(room: DutyRoom, lived: Lived, { agenda, chance }: Around, startMs: number, endMs: number): void {
  const atMs = Math.floor(startMs + (endMs - startMs) * (0.1 + 0.8 * chance.part())) + 17_000;
  const seed = chance.below(1_000_000);
  agenda.add(atMs, () => {
    const own = new Chance(seed);
    const engineer = onDuty(lived, atMs);
    for (const issue of room.gitlab.world.issues.filter(({ state, labels }) => state === 'opened' && labels.includes('oncall'))) {
      if (own.part() < 0.3) continue;
      const [how, user] = [own.of(['comment', 'emoji', 'command'] as const), room.gitlab.world.userNamed(engineer)];
      const isGiven = room.gitlab.world.awards.of(issue).some(({ userId, name, noteId }) => userId === user.id && name === 'eyes' && noteId === null);
      if (how === 'emoji' && !isGiven) awardEmoji(room.gitlab.world, user, issue, 'eyes');
      else say(room, issue, how === 'command' ? '/reviewed' : 'looked at it, nothing new', engineer);
      lived.looks.push({ iid: issue.iid, atMs });
    }
  });
}

/** A comment of the engineer on call is a look, whatever it says. */
function look(lived: Lived, { iid }: StoredIssue, by: string, atMs: number): void {
  if (onDuty(lived, atMs) === by) lived.looks.push({ iid, atMs });
}

/** What our ladder raised in PagerDuty, the manager there takes, every other time; a note tells of it again. */
function answerOurPages({ pagerduty: { pages }, clock }: DutyRoom, lived: Lived, { agenda, chance }: Around): void {
  pages.listeners.push(({ type, page }) => {
    const iid = Number(/^watchkeeper\/42\/(\d+)\//.exec(page.key)?.[1]);
    const atMs = clock.now.getTime() + (3 + chance.below(5)) * MINUTE_MS;
    if (type !== 'triggered' || Number.isNaN(iid) || chance.below(2) === 0) return;
    agenda.add(atMs, () => {
      pages.acknowledge(page.id, personOf('kim'));
      lived.stories.find(({ issue }) => issue?.iid === iid)?.acks.push({ by: 'kim', atMs, route: 'pagerduty' });
    });
    agenda.add(atMs + 10 * MINUTE_MS, () => pages.annotate(page.id, 'on it', personOf('kim')));
  });
}

function watchComments({ gitlab: { world }, bot }: DutyRoom, { posted }: Lived): void {
  world.listeners.push((happening) => {
    if (happening.kind !== 'note' || happening.action !== 'create' || happening.actorId !== bot.id || happening.note.system) return;
    const { id: noteId, body, createdAt: at } = happening.note;
    const [, slot = '', facts = '{}'] = /^<!-- watchkeeper:([\w-]+) (.*) -->/.exec(body) ?? [];
    posted.push({ issue: happening.issue, noteId, at, slot, facts: JSON.parse(facts) as Record<string, unknown>, body });
  });
}

/** The incident of a page; Watchkeeper makes it where PagerDuty paged. */
function issueOf({ gitlab }: DutyRoom, story: Story): StoredIssue | undefined {
  const { page } = story;
  const found = page && gitlab.world.issues.find(({ description }) => description?.startsWith(`<!-- watchkeeper:page ${page.id} -->`));
  if (found) story.issue ??= found;
  return story.issue;
}

function personOf(name: string): (typeof PEOPLE)[number] {
  return PEOPLE.find((person) => person.name === name)!;
}

/** What PagerDuty delivers until it is answered. */
const CERTAIN = ['escalated', 'annotated', 'resolved'];

/**
 * One event in eight is lost and one in six doubled, half of those at once; of timers one in four is lost. The same seed has the
 * same fate for the same event at the same time, whatever else happens.
 */
function fateOf({ bot, clock }: DutyRoom, lived: Lived, seed: number, job: Ran['job'], event: Event): Fate {
  if (event.kind === 'nothing' || event.kind === 'token' || (event.kind === 'issue' && event.userId === bot.id)) return { times: 1 };
  const about = event.kind === 'page' ? `${event.page.incidentId} ${event.page.type}` : `${event.ref.iid}`;
  const chance = new Chance(hash(`${seed} ${job} ${about} ${clock.now.toISOString()}`));
  const isCertain = event.kind === 'page' && CERTAIN.includes(event.page.type);
  const lot = chance.below(24);
  if (job === 'timer' ? lot < 6 : lot < 3 && !isCertain) {
    lived.losses.push({ job, about: event.kind === 'page' ? event.page.incidentId : event.ref.iid, at: clock.now.toISOString() });
    return { times: 0 };
  }
  if (job === 'timer' || lot < 20) return { times: 1 };
  lived.doubled += 1;
  return { times: 2, atOnce: lot < 22 };
}

/** A number by a text, always the same. */
export function hash(text: string): number {
  return Buffer.from(text).reduce((sum, byte) => (Math.imul(sum, 31) + byte) | 0, 7);
}

/** Draws, by a seed. */
export class Chance {
  private readonly generator: RandomGenerator;

  constructor(seed: number) {
    this.generator = xoroshiro128plus(seed);
    for (let time = 0; time < 8; time += 1) this.below(2);
  }

  below(limit: number): number {
    return draw(0, limit - 1, this.generator);
  }

  part(): number {
    return this.below(1_000_000) / 1_000_000;
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

type Entry = { atMs: number; act: () => unknown };

/** What is to happen, in the order of its time. */
export class Agenda {
  private entries: Entry[] = [];

  add(atMs: number, act: Entry['act']): void {
    this.entries.push({ atMs, act });
    this.entries.sort((a, b) => a.atMs - b.atMs);
  }

  /** When the next is due, ms since 1970. */
  get nextMs(): number {
    return this.entries[0]?.atMs ?? Infinity;
  }

  next(): Entry | undefined {
    return this.entries.shift();
  }
}
