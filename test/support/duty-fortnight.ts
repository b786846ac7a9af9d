import type { Event } from '../../scripts/read/event.ts';
import { FALSE_POSITIVE } from '../../scripts/sandbox/story/descriptions.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { dutyConfig, ENGINEERS, roster, type DutyRoom, type Fate, type Ran, type Slot } from './duty-room.ts';
import { Agenda, Chance, hash, MINUTE_MS } from './duty-week.ts';
import { act, say } from './scenarios.ts';

export const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Somebody takes a part of another's shift; the configuration says so from `addedMs` on. */
export type Swap = { addedMs: number; fromMs: number; toMs: number; engineer: string };

/**
 * From when to when, how many incidents are open at first, how many come and close later, who swaps, when no schedule runs at
 * all, in which hours of the day schedules run, and by what number all else is drawn.
 */
export type Plan = { startMs: number; endMs: number; open: number; later: number; swaps: Swap[]; outages: [number, number][]; isScheduled: (hourMs: number) => boolean; seed: number };

/** A turn on call by this team's own calendar; `knownMs` is since when the configuration tells of it. */
export type Turn = { startMs: number; endMs: number; engineer: string; knownMs: number };

/** What somebody gave by `/handoff`: to whom, and when. */
type Handed = { atMs: number; by: string; to: string };

/** An incident as it really was. It is somebody's work until `endMs`, if it ends; `missing` are the fields that lack, by when that became so. */
export type Incident = {
  issue: StoredIssue;
  severity: number;
  openedMs: number;
  ackMs: number;
  endMs: number;
  isPaperwork: boolean;
  missing: { atMs: number; titles: string[] }[];
  handed: Handed[];
  accepted: { atMs: number; by: string }[];
};

/** A comment of ours, as it was posted or edited. */
export type Told = { issue: StoredIssue; action: 'create' | 'update'; noteId: number; atMs: number; slot: string; facts: Record<string, unknown>; body: string };

/** What became of the schedules' jobs. */
export type Fates = { ran: number; lost: number; late: number; twice: number; eventsLost: number; timersLost: number; eventsTwice: number };

/**
 * A time that was lived through, as it really was. `accepted` is who accepted on which log, `noted` since when a log says what could be
 * better, `mislabelled` what bore another label before a change than its fields deserved. */
export type Lived = {
  incidents: Incident[];
  turns: Turn[];
  told: Told[];
  accepted: { log: StoredIssue; atMs: number; by: string }[];
  noted: Map<StoredIssue, number>;
  mislabelled: string[];
  fates: Fates;
};

const FIELDS = ['Issue summary', 'Related issues', "Who's engaged", 'Active bridge', 'Slack channels/threads', 'Next steps'] as const;
const WRITTEN = ['contained, and being watched', 'none', '@ana for SIRT', 'none', '#inc-room', '@ana asks the vendor by noon'] as const;

const WEEK_1_MS = Date.parse('2026-11-02T00:00:00Z');
const DAYS = ['ana', 'ben', 'eve'] as const;
const NIGHTS = ['dan', 'fay', 'joe'] as const;
/** After a weekend another comes on call on one Monday, and the same one stays on the next. */
const WEEKENDS = ['eve', 'ana'] as const;

/** The turns by counting days, from the one before the first on: 8 to 20, 20 to 8, and Saturday 8 to Monday 8, cut where somebody swaps. */
function turnsOf({ startMs, endMs, swaps }: Plan): Turn[] {
  const turns: Turn[] = [];
  for (let dayMs = WEEK_1_MS; dayMs < endMs; dayMs += DAY_MS) {
    const day = (dayMs - WEEK_1_MS) / DAY_MS;
    const [week, weekday] = [Math.floor(day / 7), day % 7];
    const add = (hour: number, hours: number, engineer: string): number => turns.push({ startMs: dayMs + hour * HOUR_MS, endMs: dayMs + (hour + hours) * HOUR_MS, engineer, knownMs: 0 });
    if (weekday < 5) {
      add(8, 12, DAYS[week % 3]!);
      add(20, 12, NIGHTS[week % 3]!);
    } else if (weekday === 5) add(8, 48, WEEKENDS[week % 2]!);
  }
  const first = turns.findIndex((turn) => turn.endMs > startMs);
  return turns
    .slice(first - 1)
    .filter((turn) => turn.startMs < endMs)
    .flatMap((turn) => cut(turn, swaps));
}

function cut(turn: Turn, swaps: readonly Swap[]): Turn[] {
  const swap = swaps.find(({ fromMs }) => fromMs > turn.startMs && fromMs < turn.endMs);
  if (!swap) return [turn];
  const { fromMs, toMs, engineer, addedMs: knownMs } = swap;
  const parts = [
    { ...turn, endMs: fromMs },
    { startMs: fromMs, endMs: toMs, engineer, knownMs },
    { ...turn, startMs: toMs, knownMs },
  ];
  return parts.filter(({ startMs, endMs }) => startMs < endMs);
}

/** Who is on call, as the configuration of that time has it. */
function onCall(turns: readonly Turn[], atMs: number): string {
  return turns.findLast(({ startMs, knownMs }) => startMs <= atMs && knownMs <= atMs)!.engineer;
}

/** The fields that an incident lacks at a time. */
export function missingAt({ missing }: Incident, atMs: number): string[] {
  return missing.findLast((each) => each.atMs <= atMs)?.titles ?? [];
}

/** The configuration of a fortnight; reminders and reviews beside the hand-off's are others' tests. */
export function fortnightConfig(overrides: readonly object[] = []): object {
  return { roster: roster(WEEKENDS, overrides), updates: { severity_1: 0, severity_2: 0, severity_3: 0, severity_4: 0 } };
}

type Around = { agenda: Agenda; chance: Chance; plan: Plan };

/** Lives through a time in a room: incidents are open, shifts change, people hand over and accept or do not, jobs get lost, late and doubled. */
export async function live(room: DutyRoom, plan: Plan): Promise<Lived> {
  const [agenda, chance] = [new Agenda(), new Chance(plan.seed)];
  const fates: Fates = { ran: 0, lost: 0, late: 0, twice: 0, eventsLost: 0, timersLost: 0, eventsTwice: 0 };
  const lived: Lived = { incidents: [], turns: turnsOf(plan), told: [], accepted: [], noted: new Map(), mislabelled: [], fates };
  const around = { agenda, chance, plan };
  watch(room, lived, around);
  room.fate.of = (job, event) => fateOf(room, lived, plan.seed, job, event);
  room.schedule.of = (hourMs) => slotsOf(plan, hourMs);
  planIncidents(room, lived, around);
  for (const turn of lived.turns) planTurn(room, lived, around, turn);
  for (const swap of plan.swaps) agenda.add(swap.addedMs, () => Object.assign(room, { config: dutyConfig(fortnightConfig(overridesOf(plan, swap.addedMs))) }));
  while (room.clock.now.getTime() < plan.endMs) {
    const atMs = Math.min(agenda.nextMs, room.clock.now.getTime() + MINUTE_MS, plan.endMs);
    await room.until(new Date(Math.max(atMs, room.clock.now.getTime())));
    while (agenda.nextMs <= room.clock.now.getTime()) await agenda.next()?.act();
    await room.settle();
  }
  countSlots(plan, fates);
  return lived;
}

function overridesOf({ swaps }: Plan, atMs: number): object[] {
  const iso = (ms: number): string => new Date(ms).toISOString();
  return swaps.filter(({ addedMs }) => addedMs <= atMs).map(({ fromMs, toMs, engineer }) => ({ from: iso(fromMs), to: iso(toMs), user: `@${engineer}` }));
}

/** Some are open from the first hours on, some come later; as many end, two of them without their notes. */
function planIncidents(room: DutyRoom, lived: Lived, { agenda, chance, plan }: Around): void {
  const { startMs, endMs, open, later } = plan;
  const lengthMs = endMs - startMs;
  for (let number = 0; number < open + later; number += 1) {
    const laterMs = lengthMs * (0.15 + (0.75 * (number - open + chance.part())) / Math.max(1, later));
    const openedMs = Math.floor((startMs + (number < open ? (90 * MINUTE_MS * (number + 1)) / open : laterMs)) / 1000) * 1000 + 13_000;
    const isSlow = chance.below(7) === 0;
    const ackMs = openedMs + (isSlow ? 40 + chance.below(160) : 1 + chance.below(12)) * MINUTE_MS + 4_000;
    const [severity, isOnCall] = [chance.of([1, 2, 3, 3, 4]), chance.below(4) === 0];
    const missing = FIELDS.filter(() => chance.below(4) === 0);
    agenda.add(openedMs, () => open_(room, lived, { number, severity, isOnCall, missing: number % 3 === 0 ? [] : missing }));
    agenda.add(ackMs, () => {
      const incident = lived.incidents.find(({ issue }) => issue.title === titleOf(number))!;
      say(room, incident.issue, '/ack', onCall(lived.turns, ackMs));
      incident.ackMs = ackMs;
    });
    if (number >= later) continue;
    const doneMs = Math.floor((startMs + lengthMs * (0.2 + 0.7 * chance.part())) / 1000) * 1000 + 29_000;
    const isPaperwork = number < Math.min(2, Math.max(1, later - 1));
    agenda.add(doneMs, () => {
      done(
        room,
        lived.incidents.find(({ issue }) => issue.title === titleOf(number))!,
        isPaperwork,
      );
    });
  }
}

function titleOf(number: number): string {
  return `Alert ${number}`;
}

async function open_(room: DutyRoom, { incidents }: Lived, { number, severity, isOnCall, missing }: { number: number; severity: number; isOnCall: boolean; missing: string[] }): Promise<void> {
  const labels = ['incident', `severity::${severity}`, ...(isOnCall ? ['oncall'] : [])].join(',');
  const wanted = { title: titleOf(number), issue_type: 'incident', labels, description: described(missing) };
  const { iid } = await room.call('alert-bot', 'POST', '/projects/42/issues', wanted);
  const [issue, openedMs] = [room.gitlab.world.issue(42, Number(iid))!, room.clock.now.getTime()];
  incidents.push({ issue, severity, openedMs, ackMs: Infinity, endMs: Infinity, isPaperwork: false, missing: [{ atMs: openedMs, titles: missing }], handed: [], accepted: [] });
}

/** A description whose hand-off lacks some fields: they are left out, or say nothing. */
function described(missing: readonly string[]): string {
  const lines = FIELDS.map((title, index) => (missing.includes(title) ? (index % 2 === 0 ? '' : `- ${title}: TBD`) : `- ${title}: ${WRITTEN[index]!}`));
  return ['## Summary', '', 'A token was used from an unknown network.', '', '## Hand-off', '', ...lines.filter((line) => line !== ''), ''].join('\n');
}

/** It is over: with a reason, or with nothing written down, so that the gate reopens it for its paperwork. */
function done(room: DutyRoom, incident: Incident, isPaperwork: boolean): void {
  const { issue } = incident;
  if (incident.endMs < Infinity || incident.ackMs === Infinity) return;
  Object.assign(incident, { endMs: room.clock.now.getTime(), isPaperwork });
  act(room, issue, { ...(isPaperwork ? {} : { description: `${issue.description ?? ''}\n\n${FALSE_POSITIVE}` }), stateEvent: 'close' }, 'ana');
}

/** What people do in a turn on call: comment, fill fields in or let them go stale, hand over for some hours, write down what could be better. */
function planTurn(room: DutyRoom, lived: Lived, { agenda, chance, plan }: Around, turn: Turn): void {
  const { startMs, endMs, engineer } = turn;
  const lengthMs = endMs - startMs;
  const own = new Chance(chance.below(1_000_000));
  const isActive = (incident: Incident): boolean => incident.endMs === Infinity && incident.ackMs < room.clock.now.getTime();
  const each = (atMs: number, what: (incident: Incident) => void, share: number): void => {
    if (atMs > plan.startMs && atMs < plan.endMs)
      agenda.add(Math.floor(atMs), () => {
        lived.incidents.filter((incident) => isActive(incident) && own.part() < share).forEach(what);
      });
  };
  each(
    startMs + 9 * MINUTE_MS + 17_000,
    ({ issue }) => {
      say(room, issue, 'still at it', own.of(ENGINEERS));
    },
    0.1,
  );
  each(
    startMs + lengthMs * 0.4 + 19_000,
    (incident) => {
      write(room, incident, [...new Set([...missingAt(incident, Infinity), own.of(FIELDS)])], engineer);
    },
    0.15,
  );
  each(
    endMs - own.of([80, 100, 150]) * MINUTE_MS + 23_000,
    (incident) => {
      write(room, incident, [], engineer);
    },
    0.4,
  );
  each(
    endMs - own.of([10, 40]) * MINUTE_MS + 23_000,
    (incident) => {
      write(room, incident, [], engineer);
    },
    0.2,
  );
  if (endMs < plan.endMs)
    agenda.add(endMs - 11_000, () => {
      lived.mislabelled.push(...mislabelled(room, lived, turn));
    });
  if (lengthMs < 12 * HOUR_MS) return;
  const isOften = lengthMs > 12 * HOUR_MS;
  const hours = isOften ? [5, 14, 26, 38] : own.of([[], [3], [4], [5]]);
  for (const hour of hours) planHandoff(room, lived, { agenda, chance: own, plan }, startMs + hour * HOUR_MS + own.below(40) * MINUTE_MS + 31_000, engineer);
  if (own.below(2) === 0) return;
  agenda.add(endMs - 130 * MINUTE_MS + 37_000, () => {
    const log = lived.told.findLast(({ slot, issue, facts }) => slot === 'log' && issue.state === 'opened' && Date.parse(String(facts['start'])) === startMs)?.issue;
    if (!log) return;
    act(room, log, { description: (log.description ?? '').replace(/^- process: .*$/m, '- process: ask the vendor sooner, it cost an hour') }, engineer);
    lived.noted.set(log, room.clock.now.getTime());
  });
}

/** Before another comes on call, what bears another label than its fields deserved when a job last tended the shifts. */
function mislabelled({ runs }: DutyRoom, { turns, incidents }: Lived, { endMs, engineer }: Turn): string[] {
  const next = turns.find(({ startMs }) => startMs === endMs);
  const lastMs = Date.parse(runs.findLast(({ job }) => job === 'shift')?.at ?? '');
  if (!next || next.engineer === engineer || !(lastMs >= Math.max(endMs - HOUR_MS, next.knownMs))) return [];
  const known = incidents.filter((incident) => incident.endMs === Infinity && incident.ackMs < lastMs && !incident.missing.some(({ atMs }) => atMs > lastMs));
  return known.flatMap((incident) => {
    const wanted = missingAt(incident, lastMs).length > 0 ? 'handoff::needed' : 'handoff::ready';
    const borne = incident.issue.labels.filter((label) => label.startsWith('handoff::'));
    return String(borne) === wanted ? [] : [`#${incident.issue.iid} ${new Date(endMs).toISOString()}: ${String(borne)}, not ${wanted}`];
  });
}

/** Somebody edits the description so that these fields lack, and no others. */
function write(room: DutyRoom, incident: Incident, lacking: string[], by: string): void {
  const missing = FIELDS.filter((title) => lacking.includes(title));
  if (String(missingAt(incident, Infinity)) === String(missing)) return;
  act(room, incident.issue, { description: described(missing) }, by);
  incident.missing.push({ atMs: room.clock.now.getTime(), titles: missing });
}

/** One incident is another's for some hours, who accepts it or does not; then it is given back. */
function planHandoff(room: DutyRoom, lived: Lived, { agenda, chance, plan }: Around, atMs: number, engineer: string): void {
  if (atMs < plan.startMs || atMs > plan.endMs - 6 * HOUR_MS) return;
  const [to, back, acceptsIn, pick] = [
    chance.of(ENGINEERS.filter((name) => name !== engineer)),
    chance.of(['/handoff', `/handoff @${engineer}`]),
    chance.of([4, 20, 55, Infinity]),
    chance.below(1_000),
  ];
  agenda.add(atMs, () => {
    const active = lived.incidents.filter(({ endMs, ackMs }) => endMs === Infinity && ackMs < atMs - HOUR_MS);
    const incident = active[pick % Math.max(1, active.length)];
    if (!incident) return;
    const isStill = (): boolean => incident.endMs === Infinity;
    say(room, incident.issue, `/handoff @${to}`, engineer);
    incident.handed.push({ atMs, by: engineer, to });
    if (acceptsIn < Infinity)
      agenda.add(atMs + acceptsIn * MINUTE_MS, () => {
        if (isStill()) accept(room, incident, to);
      });
    agenda.add(atMs + 3.4 * HOUR_MS, () => {
      if (!isStill()) return;
      say(room, incident.issue, back, to);
      incident.handed.push({ atMs: room.clock.now.getTime(), by: to, to: engineer });
    });
    agenda.add(atMs + 3.4 * HOUR_MS + chance.of([6, 45]) * MINUTE_MS, () => {
      if (isStill()) accept(room, incident, engineer);
    });
  });
}

function accept(room: DutyRoom, { issue, accepted }: Incident, by: string): void {
  say(room, issue, '/accept', by);
  accepted.push({ atMs: room.clock.now.getTime(), by });
}

const MANNERS = ['in time', 'late', 'never', 'one by one'] as const;

/** Remembers what we say; whoever comes on call reads the call on the log and accepts it, in time, late, in part, or never. */
function watch(room: DutyRoom, lived: Lived, { agenda, chance, plan }: Around): void {
  const asked = new Set<string>();
  room.gitlab.world.listeners.push((happening) => {
    if (happening.kind !== 'note' || happening.actorId !== room.bot.id || happening.note.system) return;
    const { issue, action, note } = happening;
    const [, slot = '', facts = '{}'] = /^<!-- watchkeeper:([\w-]+) (.*) -->/.exec(note.body) ?? [];
    const told: Told = { issue, action, noteId: note.id, atMs: room.clock.now.getTime(), slot, facts: JSON.parse(facts) as Told['facts'], body: note.body };
    lived.told.push(told);
    const key = `${issue.iid} ${String(told.facts['at'])}`;
    if (slot !== 'handoff' || !isLog(issue) || asked.has(key)) return;
    asked.add(key);
    const manner = MANNERS[asked.size % MANNERS.length]!;
    const to = onCall(lived.turns, told.atMs);
    const minutes = { 'in time': 1 + chance.below(8), late: 65 + chance.below(100), never: Infinity, 'one by one': 7 }[manner];
    if (told.atMs + minutes * MINUTE_MS > plan.endMs) return;
    agenda.add(told.atMs + minutes * MINUTE_MS, () => {
      if (onCall(lived.turns, room.clock.now.getTime()) !== to) return;
      if (manner === 'one by one') {
        const active = lived.incidents.filter(({ endMs, ackMs }) => endMs === Infinity && ackMs < told.atMs);
        for (const incident of active.slice(0, 3)) accept(room, incident, to);
        return;
      }
      say(room, issue, '/accept', to);
      lived.accepted.push({ log: issue, atMs: room.clock.now.getTime(), by: to });
    });
  });
}

/** Whether an issue is the log of a shift. */
function isLog({ description }: StoredIssue): boolean {
  return description?.startsWith('<!-- watchkeeper:shift-log ') === true;
}

/** A sweep on the hour and a look at the shifts five minutes later, some of which are lost, late, or run twice at once. */
function slotsOf({ seed, startMs, outages, isScheduled }: Plan, hourMs: number): Slot[] {
  if (hourMs < startMs || !isScheduled(hourMs)) return [];
  const { sweep, shift } = lotsOf(seed, hourMs);
  const sweepMs = hourMs + (sweep === 1 ? 25 * MINUTE_MS : 0);
  const shiftMs = hourMs + (shift === 2 || shift === 3 ? 20 + (hash(`${seed} ${hourMs}`) & 31) : 5) * MINUTE_MS;
  const slots: Slot[] = [
    ...(sweep === 0 ? [] : [{ atMs: sweepMs, jobs: ['sweep' as const] }]),
    ...(shift < 2 ? [] : [{ atMs: shiftMs, jobs: shift === 4 ? (['shift', 'shift'] as const).slice() : ['shift' as const] }]),
  ];
  return slots.filter(({ atMs }) => !outages.some(([from, to]) => atMs >= from && atMs < to));
}

function lotsOf(seed: number, hourMs: number): { sweep: number; shift: number } {
  const chance = new Chance(hash(`${seed} schedules ${hourMs}`));
  return { sweep: chance.below(8), shift: chance.below(12) };
}

function countSlots(plan: Plan, fates: Fates): void {
  for (let hourMs = plan.startMs; hourMs < plan.endMs; hourMs += HOUR_MS) {
    if (!plan.isScheduled(hourMs)) continue;
    const slots = slotsOf(plan, hourMs);
    fates.lost += 2 - slots.length;
    fates.ran += slots.length;
    fates.late += slots.filter(({ atMs }) => atMs - hourMs >= 20 * MINUTE_MS).length;
    fates.twice += slots.filter(({ jobs }) => jobs.length > 1).length;
  }
}

/** One event in eight is lost and one in six doubled, half of those at once; of timers one in four is lost. That an incident was opened is told once. */
function fateOf({ bot, clock, gitlab }: DutyRoom, { incidents, fates }: Lived, seed: number, job: Ran['job'], event: Event): Fate {
  if (event.kind !== 'issue' || event.userId === bot.id) return { times: 1 };
  const { projectId, iid } = event.ref;
  const lot = new Chance(hash(`${seed} ${job} ${iid} ${clock.now.toISOString()}`)).below(24);
  const isNew = clock.now.getTime() - Date.parse(gitlab.world.issue(projectId, iid)?.createdAt ?? '') < MINUTE_MS;
  if (isNew && job !== 'timer') return { times: 1 };
  if (lot < (job === 'timer' ? 6 : 3)) {
    if (job === 'timer') fates.timersLost += 1;
    else fates.eventsLost += 1;
    return { times: 0 };
  }
  if (job === 'timer' || lot < 20) return { times: 1 };
  fates.eventsTwice += 1;
  // What is told in Slack is sent before it is on record: two jobs at once would tell it twice.
  const isTold = incidents.some(({ issue, handed }) => issue.iid === iid && handed.some(({ atMs }) => atMs === clock.now.getTime()));
  return { times: 2, atOnce: lot < 22 && !isTold };
}
