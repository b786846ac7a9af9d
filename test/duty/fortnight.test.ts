import { describe, expect, it } from 'vitest';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { openDutyRoom, type DutyRoom, type Ran } from '../support/duty-room.ts';
import { fortnightConfig, HOUR_MS, live, missingAt, type Incident, type Lived, type Plan, type Told, type Turn } from '../support/duty-fortnight.ts';
import { at as when, expectEnd, run, says, sweeps, taken, type Row } from '../support/duty.ts';
import { MINUTE_MS } from '../support/duty-week.ts';
import { say } from '../support/scenarios.ts';
import { INPUTS } from '../support/provided.ts';

const at = (text: string): number => Date.parse(`2026-${text}:00Z`);
const iso = (ms: number): string => new Date(ms).toISOString();

const EDGES = ['11-27T08:00', '11-27T14:00', '11-27T17:00', '11-27T20:00', '11-28T08:00', '11-30T08:00'].map(at);

/** A weekend with the days beside it, in which schedules run around each change of shift and every sixth hour besides. */
const DAYS: Plan = {
  ...{ startMs: at('11-27T06:00'), endMs: at('11-30T11:00'), open: 9, later: 3, seed: 11 },
  swaps: [{ addedMs: at('11-27T12:30'), fromMs: at('11-27T14:00'), toMs: at('11-27T17:00'), engineer: 'eve' }],
  outages: [[at('11-28T07:30'), at('11-28T11:30')]],
  isScheduled: (ms) => EDGES.some((edge) => ms >= edge - HOUR_MS && ms <= edge + 2 * HOUR_MS) || new Date(ms).getUTCHours() % 6 === 3,
};

/** In `npm run test:long` two weeks, with every hour's schedules, swaps known before and after they began, and six hours without any job of a schedule. */
const FORTNIGHT: Plan = {
  ...{ startMs: at('11-23T06:00'), endMs: at('12-07T11:00'), open: 40, later: 10, seed: 20_261_123 },
  swaps: [
    { addedMs: at('11-24T12:30'), fromMs: at('11-24T14:00'), toMs: at('11-24T17:00'), engineer: 'eve' },
    { addedMs: at('11-29T11:20'), fromMs: at('11-29T10:00'), toMs: at('11-29T22:00'), engineer: 'joe' },
    { addedMs: at('12-02T14:40'), fromMs: at('12-02T14:00'), toMs: at('12-02T20:00'), engineer: 'ana' },
  ],
  outages: [
    [at('11-25T18:30'), at('11-26T00:30')],
    [at('12-05T04:00'), at('12-05T12:30')],
  ],
  isScheduled: () => true,
};
const PLAN = INPUTS < 10_000 ? DAYS : FORTNIGHT;

/** A change of shift by our own calendar; `knownMs` is since when the configuration tells of it. */
type Change = { atMs: number; knownMs: number; from: string; to: string };

function changesOf({ turns }: Lived): Change[] {
  return turns.slice(1).flatMap(({ startMs, knownMs, engineer }, index): Change[] => {
    const before = turns[index]!;
    return before.engineer === engineer ? [] : [{ atMs: startMs, knownMs: Math.max(startMs, knownMs), from: before.engineer, to: engineer }];
  });
}

/** When runs looked at an issue, each time once, of all runs that a room has had. */
function looksAt({ runs }: DutyRoom, { iid }: StoredIssue, isAny = true): readonly number[] {
  let known = LOOKS.get(runs);
  if (known?.many !== runs.length) {
    known = { many: runs.length, any: new Map<number, Set<number>>(), whole: new Map<number, Set<number>>() };
    LOOKS.set(runs, known);
    for (const { job, at: when, done } of runs)
      for (const { issue } of done) for (const looks of [known.any, ...(isWhole(job) ? [known.whole] : [])]) looks.set(issue.iid, (looks.get(issue.iid) ?? new Set()).add(Date.parse(when)));
  }
  return [...((isAny ? known.any : known.whole).get(iid) ?? [])].sort((a, b) => a - b);
}

const LOOKS = new WeakMap<Ran[], { many: number; any: Map<number, Set<number>>; whole: Map<number, Set<number>> }>();

/** Schedules' jobs look at a log as a whole, which an event on it does not. */
const isWhole = (job: Ran['job']): boolean => job === 'shift' || job === 'sweep';

/** A hand-off as it is to be on record: by a change of shift, or by somebody (`given`). Names of people. */
type HandedOver = { atMs: number; from: string; to: string; given: boolean; seenMs: number };

/** The hand-offs of an incident, by what each look at it could know; the latest of several counts. */
function handoffsOf(room: DutyRoom, lived: Lived, incident: Incident): HandedOver[] {
  const all: HandedOver[] = [];
  let seenMs = 0;
  for (const lookMs of looksAt(room, incident.issue)) {
    const isKnown = incident.ackMs <= lookMs || seenMs > 0;
    if (!isKnown || lookMs >= incident.endMs) {
      seenMs = lookMs;
      continue;
    }
    const since = incident.ackMs <= lookMs ? incident.ackMs : incident.openedMs;
    const change = changesOf(lived).findLast(({ knownMs }) => knownMs <= lookMs);
    const isNew = change && since < change.atMs && (all.at(-1)?.atMs ?? 0) < change.atMs;
    const given = incident.handed.filter(({ atMs }) => atMs > seenMs && atMs <= lookMs).map(({ atMs, by, to }) => ({ atMs, from: by, to, given: true }));
    const happened = [...given, ...(isNew ? [{ ...change, given: false }] : [])].sort((a, b) => a.atMs - b.atMs);
    let last = all.at(-1);
    for (const { atMs, from, to, given: isGiven } of happened) {
      const isStoodIn = !isGiven && last?.given === true && last.to !== to;
      last = { atMs, from: isStoodIn ? last!.to : from, to, given: isGiven, seenMs: lookMs };
    }
    if (last && last !== all.at(-1)) all.push(last);
    seenMs = lookMs;
  }
  return all;
}

/** What was on record of an incident's hand-offs, each with how many comments told of it. */
function recordsOf({ gitlab: { world } }: DutyRoom, { told }: Lived, incident: Incident): Map<string, Told[]> {
  const name = (id: unknown): string => world.userById(Number(id))?.username ?? '';
  const records = new Map<string, Told[]>();
  for (const each of told.filter(({ issue, slot }) => issue === incident.issue && slot === 'handoff')) {
    const { at: when, from, to, note } = each.facts;
    const key = shown({ atMs: Date.parse(String(when)), from: name(from), to: name(to), given: note !== undefined });
    records.set(key, [...(records.get(key) ?? []), each]);
  }
  return records;
}

const shown = ({ atMs, from, to, given }: Omit<HandedOver, 'seenMs'>): string => `${iso(atMs)} from ${from} to ${to}${given ? ', by command' : ''}`;

/** Whether it is day where the team is. */
const isDay = (ms: number): boolean => new Date(ms).getUTCHours() >= 9 && new Date(ms).getUTCHours() < 18;
const isMajor = ({ severity }: Incident): boolean => severity <= 2;

/** What was somebody's work at a time, as far as anybody had looked at it. */
function onHandAt(room: DutyRoom, { incidents }: Lived, ms: number): Incident[] {
  return incidents.filter(({ issue, openedMs, endMs }) => openedMs < ms && endMs > ms && (looksAt(room, issue)[0] ?? Infinity) <= ms);
}

/** When somebody accepted what was handed over at a time, on the incident itself. */
function acceptedAt({ accepted }: Incident, sinceMs: number): number {
  return Math.min(Infinity, ...accepted.map(({ atMs }) => atMs).filter((ms) => ms >= sinceMs));
}

/** A turn with its log, the change that it began with, and when schedules' jobs looked at the log. */
type Logged = Turn & { log: StoredIssue; change: Change | undefined; next: Change | undefined; looks: readonly number[] };

function logsOf(room: DutyRoom, lived: Lived): Logged[] {
  const changes = changesOf(lived);
  return lived.turns.flatMap((turn): Logged[] => {
    const key = iso(turn.startMs).replace(/\D/g, '').slice(0, 12);
    const [log] = room.gitlab.world.issues.filter(({ description, duplicatedToId }) => description?.startsWith(`<!-- watchkeeper:shift-log ${key} -->`) === true && duplicatedToId === null);
    const change = changes.find(({ atMs }) => atMs === turn.startMs);
    const next = changes.find(({ atMs }) => atMs === turn.endMs);
    return log ? [{ ...turn, log, change, next, looks: looksAt(room, log, false) }] : [];
  });
}

const namesIn = (body: string): string[] => [...body.matchAll(/^(?:- |\| )sirt\/incidents#(\d+)/gm)].map(([, iid = '']) => iid).sort();
const iidsOf = (incidents: readonly Incident[]): string[] => incidents.map(({ issue }) => String(issue.iid)).sort();

/** Whom the manager is to hear of on a log, and when: as soon as a job looks half an hour later, by night where something is major. */
function lateOf(room: DutyRoom, lived: Lived, { log, change, endMs, looks }: Logged): { atMs: number; iids: string[] } | undefined {
  if (!change) return undefined;
  const isAccepted = (ms: number): boolean => lived.accepted.some((each) => each.log === log && each.atMs <= ms);
  const [began] = looks.filter((ms) => ms >= change.knownMs);
  for (const ms of looks.filter((each) => each > (began ?? Infinity) && each >= change.atMs + 30 * MINUTE_MS && each < endMs && !isAccepted(each))) {
    const waiting = onHandAt(room, lived, ms).filter((incident) => {
      const last = handoffsOf(room, lived, incident).findLast(({ seenMs }) => seenMs <= ms);
      return incident.openedMs < change.atMs && acceptedAt(incident, last?.atMs ?? Infinity) > ms && last?.given !== true;
    });
    if (waiting.length > 0 && (isDay(ms) || waiting.some(isMajor))) return { atMs: ms, iids: iidsOf(waiting) };
  }
  return undefined;
}

/** What was told on logs in a slot: the comments that stood, those that twins took back left out. */
function toldOn({ told: all_ }: Lived, { log }: Logged, slot: string): Told[] {
  const all = all_.filter((each) => each.issue === log && each.slot === slot && each.action === 'create');
  return all.filter((each, index) => all.findIndex(({ facts }) => facts['at'] === each.facts['at']) === index);
}

/** What lacks before a turn ends, by incident, when a job first looks within the hour before; and whether the log says nothing. */
function dueOf(room: DutyRoom, lived: Lived, { log, next, knownMs, startMs, endMs, looks }: Logged): string[] {
  const [ms] = looks.filter((each) => next !== undefined && each >= Math.max(next.atMs - HOUR_MS, knownMs) && each < next.atMs && nextKnownAt(lived, endMs) <= each);
  if (ms === undefined) return [];
  const lacking = onHandAt(room, lived, ms).filter((incident) => missingAt(incident, ms).length > 0);
  const pages = lived.incidents.filter(({ openedMs }) => openedMs >= startMs && openedMs <= ms);
  const isSilent = pages.length > 0 && (lived.noted.get(log) ?? Infinity) > ms;
  const rows = lacking.map((incident) => `#${incident.issue.iid}: ${missingAt(incident, ms).join(', ')}`).sort();
  return rows.length > 0 || isSilent ? [...rows, ...(isSilent ? ['the log says nothing'] : [])] : [];
}

function nextKnownAt({ turns }: Lived, endMs: number): number {
  return turns.find(({ startMs }) => startMs === endMs)?.knownMs ?? 0;
}

function namedIn(body: string): string[] {
  const rows = [...body.matchAll(/^\| sirt\/incidents#(\d+) \| S\d \| (.*) \|$/gm)].map(([, iid = '', missing = '']) => `#${iid}: ${missing}`);
  return [...rows.sort(), ...(body.includes('This log says nothing yet') ? ['the log says nothing'] : [])];
}

/** Slots that more than one comment fills. */
function doubled(room: DutyRoom): string[] {
  const slots = room.gitlab.world.issues.flatMap((issue) => room.said(issue).map(({ body }) => `#${issue.iid} ${/^<!-- watchkeeper:([\w-]+)/.exec(body)?.[1] ?? body}`));
  return slots.filter((name, index) => slots.indexOf(name) !== index);
}

describe('what nobody had acknowledged when the shift changed', () => {
  it.each<Row>([
    {
      name: 'is assigned to whoever is on call now and acknowledges it',
      happens: [run, when('20:01', sweeps), when('20:10', says('ben', '/ack'), run)],
      labels: ['ack::done'],
      says: { ack: taken('ben', '20:10'), escalation: /ack/, handoff: /from `ana` to `ben` at 2026-11-20 20:00/ },
      assignees: ['ben'],
    },
    {
      name: 'is assigned to whoever else acknowledges it, until the next change',
      happens: [run, when('20:01', sweeps), when('20:10', says('kim', '/ack'), run)],
      labels: ['ack::done'],
      says: { ack: taken('kim', '20:10'), escalation: /ack/, handoff: /from `ana` to `ben` at 2026-11-20 20:00/ },
      assignees: ['kim'],
    },
  ])('$name', expectEnd);
});

describe('two jobs that look at a new shift at once', () => {
  it('leave one log, of which nothing more is told', async () => {
    const room = await openDutyRoom('2026-11-23T08:05:00.000Z');
    const job = { project: room.project, user: room.bot, ref: 'main', source: 'schedule', inputs: { task: 'shift' }, variables: {} } as const;
    for (const each of [job, job]) room.gitlab.pipelines.start(each);
    await room.settle();
    const { issues } = room.gitlab.world;
    const before = room.slack.messages.length;
    await room.shiftNow();
    expect.soft(issues.filter(({ state }) => state === 'opened').length).toBe(1);
    expect.soft({ writes: (await room.shiftNow()).writes, messages: room.slack.messages.length - before, crashes: room.crashes }).toEqual({ writes: 0, messages: 0, crashes: [] });
    expect.soft(issues.filter((issue) => room.said(issue).some(({ body }) => body.includes('watchkeeper:log '))).map(({ iid }) => iid)).toEqual([issues[0]!.iid]);
  });
});

/** A room on a Monday evening with an incident that @ana has taken; then no more jobs run but those that a test starts. */
async function atNight(severity: number): Promise<{ room: DutyRoom; issue: StoredIssue }> {
  const room = await openDutyRoom('2026-11-23T18:30:00.000Z', fortnightConfig());
  const { iid } = await room.call('alert-bot', 'POST', '/projects/42/issues', { title: 'Alert', issue_type: 'incident', labels: `incident,severity::${severity}` });
  const issue = room.gitlab.world.issue(42, Number(iid))!;
  await room.settle();
  say(room, issue, '/ack', 'ana');
  await room.settle();
  await room.shiftNow();
  room.schedule.of = () => [];
  room.fate.of = () => ({ times: 0 });
  return { room, issue };
}

describe('a change of shift by night', () => {
  it('is made up for where somebody touched an incident after it, and no job heard of that', async () => {
    const { room, issue } = await atNight(3);
    await room.until('2026-11-23T20:10:00.000Z');
    say(room, issue, 'still at it', 'ana');
    await room.until('2026-11-23T23:35:00.000Z');
    await room.shiftNow();
    expect(room.said(issue).filter(({ body }) => body.includes('watchkeeper:handoff {"at":"2026-11-23T20:00:00.000Z"')).length).toBe(1);
    expect((await room.shiftNow()).writes).toBe(0);
  });

  it.each([
    { severity: 2, many: 1 },
    { severity: 3, many: 0 },
  ])('that nobody accepts, at severity $severity, calls the manager: $many', async ({ severity, many }) => {
    const { room } = await atNight(severity);
    for (const time of ['20:05', '20:35', '21:05']) {
      await room.until(`2026-11-23T${time}:00.000Z`);
      await room.shiftNow();
    }
    expect(room.gitlab.world.issues.flatMap((each) => room.said(each)).filter(({ body }) => body.includes('watchkeeper:handoff-late ')).length).toBe(many);
  });
});

describe('a weekend', () => {
  it('by whose night something minor was handed over: that nobody accepted it is told in the morning, once', async () => {
    const room = await openDutyRoom('2026-11-28T19:00:00.000Z', fortnightConfig());
    const { iid } = await room.call('alert-bot', 'POST', '/projects/42/issues', { title: 'Alert', issue_type: 'incident', labels: 'incident,severity::3' });
    const issue = room.gitlab.world.issue(42, Number(iid))!;
    const saysAt = async (time: string, on: StoredIssue, body: string): Promise<void> => {
      await room.until(time);
      say(room, on, body, 'ana');
      await room.settle();
    };
    await saysAt('2026-11-28T19:02:00.000Z', issue, '/ack');
    await room.shiftNow();
    await saysAt('2026-11-28T19:04:00.000Z', room.gitlab.world.issues.at(-1)!, '/accept');
    await saysAt('2026-11-28T22:00:10.000Z', issue, '/handoff @fay');
    room.schedule.of = (hourMs) => [{ atMs: hourMs + 5 * MINUTE_MS, jobs: ['shift'] }];
    await room.until('2026-11-29T12:00:00.000Z');
    expect(room.said(issue).flatMap(({ body, createdAt }) => (body.includes('watchkeeper:handoff-late ') ? [createdAt] : []))).toEqual(['2026-11-29T09:05:00.000Z']);
  });
});

describe(`${Math.round((PLAN.endMs - PLAN.startMs) / HOUR_MS)} hours of changing shifts, with schedules missed, late and doubled`, () => {
  it('hand each incident over once a change, and say and escalate once what is to be', { timeout: 1_800_000 }, async () => {
    const room = await openDutyRoom(iso(PLAN.startMs), fortnightConfig());
    const lived = await live(room, PLAN);
    const logs = logsOf(room, lived);
    expect.soft(room.crashes).toEqual([]);
    expect.soft(room.runs.flatMap(({ done, swept, tended }) => [...done.flatMap(({ failures }) => failures.map(String)), ...(swept?.leftOver ?? []), ...(tended?.leftOver ?? [])])).toEqual([]);

    // Each incident, once a change and once a command, and nothing for mere paperwork.
    const byIncident = lived.incidents.map((incident) => ({ incident, wanted: handoffsOf(room, lived, incident), records: recordsOf(room, lived, incident) }));
    expect.soft(byIncident.map(({ incident, records }) => [incident.issue.iid, [...records.keys()]])).toEqual(byIncident.map(({ incident, wanted }) => [incident.issue.iid, wanted.map(shown)]));
    expect.soft(byIncident.flatMap(({ incident }) => unlooked(room, lived, incident))).toEqual([]);
    expect.soft(doubled(room)).toEqual([]);
    // Each message in Slack once: one for each change that a log began with, one for each command.
    expect.soft(handoffsInSlack(room)).toEqual(wantedInSlack(room, lived, logs, byIncident));
    expect.soft(logs.flatMap((log) => notInSlack(room, lived, log))).toEqual([]);

    // Each field that lacks, before each end of a shift, by incident, and none besides; the labels say the same.
    expect
      .soft(
        logs.map((log) =>
          told(
            log,
            toldOn(lived, log, 'handoff-due').flatMap(({ body }) => namedIn(body)),
          ),
        ),
      )
      .toEqual(logs.map((log) => told(log, dueOf(room, lived, log))));
    expect.soft(lived.mislabelled).toEqual([]);

    // What nobody accepted the manager hears once, by night only where something is major.
    expect
      .soft(
        logs.map((log) =>
          told(
            log,
            toldOn(lived, log, 'handoff-late').map(({ atMs, body }) => ({ atMs, iids: namesIn(body) })),
          ),
        ),
      )
      .toEqual(logs.map((log) => told(log, [lateOf(room, lived, log) ?? []].flat())));
    expect
      .soft(byIncident.map(({ incident }) => [incident.issue.iid, toldLate(lived, incident)]))
      .toEqual(byIncident.map(({ incident, wanted }) => [incident.issue.iid, lateByCommand(room, incident, wanted)]));
    expect.soft(byIncident.flatMap(({ incident, wanted }) => unescalated(room, incident, wanted))).toEqual([]);

    // One log a turn, linked with the one before; quiet ones close by themselves, and no others.
    expect.soft(logs.map(({ startMs }) => iso(startMs))).toEqual(lived.turns.slice(1).map(({ startMs }) => iso(startMs)));
    expect.soft(logs.map(({ log }) => linksOf(room, log))).toEqual(logs.map((_log, index) => [logs[index - 1], logs[index + 1]].flatMap((other) => (other ? [other.log.iid] : []))));
    expect.soft(logs.map((log) => told(log, [log.log.state]))).toEqual(logs.map((log) => told(log, [isQuiet(lived, log) && log.endMs < PLAN.endMs ? 'closed' : 'opened'])));

    expect.soft(byIncident.filter(({ incident, wanted }) => isForgotten(room, incident, wanted)).map(({ incident }) => incident.issue.iid)).toEqual([]);
    print(room, lived, logs, byIncident);
    await room.sweepNow();
    await room.shiftNow();
    expect.soft((await room.sweepNow()).writes + (await room.shiftNow()).writes).toBe(0);
    expect.soft(doubled(room)).toEqual([]);
  });
});

type ByIncident = { incident: Incident; wanted: HandedOver[]; records: Map<string, Told[]> }[];

const told = <T>({ startMs, engineer }: Turn, what: T[]): [string, T[]] => [`${iso(startMs)} ${engineer}`, what];

/** Changes of shift that no job looked at an incident for when it should have: the first that tended the shifts. */
function unlooked(room: DutyRoom, lived: Lived, { issue, openedMs, ackMs, endMs }: Incident): string[] {
  const looks = looksAt(room, issue);
  const tended = room.runs.filter(({ job }) => job === 'shift').map((ran) => Date.parse(ran.at));
  return changesOf(lived).flatMap(({ atMs, knownMs }) => {
    const first = tended.find((ms) => ms >= knownMs) ?? Infinity;
    const isThere = Math.min(openedMs, ackMs) < atMs && (looks[0] ?? Infinity) < atMs && endMs > first;
    const isSeen = looks.some((ms) => ms >= knownMs && ms <= first);
    return isThere && first < Infinity && !isSeen ? [`#${issue.iid} after ${iso(atMs)}`] : [];
  });
}

/** What Slack was told of hand-offs, up to the people. */
function handoffsInSlack({ slack }: DutyRoom): string[] {
  return slack.messages.flatMap(({ text }) => /^On call from .* UTC on: \w+, after \w+|^.*: handed over by \w+ to \w+/.exec(text)?.[0] ?? []).sort();
}

function wantedInSlack(room: DutyRoom, lived: Lived, logs: readonly Logged[], byIncident: ByIncident): string[] {
  const changes = logs.flatMap(({ change, looks, endMs }) => {
    const seenMs = change && looks.find((ms) => ms >= change.knownMs && ms < endMs && ms - change.atMs <= 24 * HOUR_MS);
    if (change === undefined || seenMs === undefined) return [];
    // That nothing was handed over is told within two hours or never.
    const isSome = onHandAt(room, lived, seenMs).some(({ openedMs }) => openedMs < change.atMs);
    return isSome || seenMs - change.atMs <= 2 * HOUR_MS ? [`On call from ${iso(change.atMs).slice(0, 16).replace('T', ' ')} UTC on: ${change.to}, after ${change.from}`] : [];
  });
  const given = byIncident.flatMap(({ incident, wanted }) => wanted.filter((each) => each.given).map(({ from, to }) => `sirt/incidents#${incident.issue.iid}: handed over by ${from} to ${to}`));
  return [...changes, ...given].sort();
}

/** What a change of shift handed over and Slack's message of it did not name, or named though it was not. */
function notInSlack(room: DutyRoom, lived: Lived, { change, looks }: Logged): string[] {
  const message = change && room.slack.messages.find(({ text }) => text.startsWith(`On call from ${iso(change.atMs).slice(0, 16).replace('T', ' ')} `));
  if (!message) return [];
  const sentMs = looks.find((ms) => ms >= change.knownMs) ?? 0;
  const named = new Set(message.blocks.flatMap(({ text }) => [...(text?.text ?? '').matchAll(/\|sirt\/incidents#(\d+)/g)].map(([, iid = '']) => iid)));
  const wanted = new Set(iidsOf(onHandAt(room, lived, sentMs).filter(({ openedMs }) => openedMs < change.atMs)));
  return [...[...named].filter((iid) => !wanted.has(iid)), ...[...wanted].filter((iid) => !named.has(iid))].map((iid) => `#${iid} at ${iso(change.atMs)}`);
}

/** When the manager heard that a hand-off by command was not accepted, by when it was to be. */
function toldLate({ told: all }: Lived, { issue }: Incident): string[] {
  const late = all.filter((each) => each.issue === issue && each.slot === 'handoff-late');
  return [...new Map(late.map(({ facts, atMs }) => [String(facts['at']), iso(atMs)])).values()];
}

/** When a look at an incident could tell that a hand-off by command was not accepted half an hour later. */
function lateByCommand(room: DutyRoom, incident: Incident, wanted: readonly HandedOver[]): string[] {
  return wanted.flatMap((handed, index) => {
    const untilMs = Math.min(wanted[index + 1]?.seenMs ?? Infinity, incident.endMs, acceptedAt(incident, handed.atMs));
    const [ms] = looksAt(room, incident.issue).filter((each) => isTellable(incident, handed, each) && each < untilMs);
    return ms === undefined ? [] : [iso(ms)];
  });
}

function isTellable(incident: Incident, { given, atMs, seenMs }: HandedOver, ms: number): boolean {
  return given && ms > seenMs && ms >= atMs + 30 * MINUTE_MS && (isMajor(incident) || isDay(ms));
}

/** Hand-offs by command that nobody accepted and nobody told of, though a sweep ran while that could be told. */
function unescalated(room: DutyRoom, incident: Incident, wanted: readonly HandedOver[]): string[] {
  const swept = room.runs.filter(({ job }) => job === 'sweep').map((ran) => Date.parse(ran.at));
  return wanted.flatMap((handed, index) => {
    const untilMs = Math.min(wanted[index + 1]?.seenMs ?? Infinity, incident.endMs, acceptedAt(incident, handed.atMs));
    const dueMs = swept.find((ms) => ms < untilMs && isTellable(incident, handed, ms));
    const isLooked = looksAt(room, incident.issue).some((ms) => ms <= (dueMs ?? 0) && isTellable(incident, handed, ms));
    return dueMs === undefined || isLooked ? [] : [`#${incident.issue.iid} ${shown(handed)} by ${iso(dueMs)}`];
  });
}

function linksOf({ gitlab: { world } }: DutyRoom, log: StoredIssue): number[] {
  return world.links.all
    .filter(({ issueId, targetId }) => issueId === log.id || targetId === log.id)
    .map(({ issueId, targetId }) => world.issueById(issueId === log.id ? targetId : issueId)!.iid)
    .sort((a, b) => a - b);
}

/** Whether no incident came in a turn. */
function isQuiet({ incidents }: Lived, { startMs, endMs }: Turn): boolean {
  return !incidents.some(({ openedMs }) => openedMs >= startMs && openedMs < endMs);
}

/** Whether an incident is open, and yet not assigned to whom it was handed to. */
function isForgotten(room: DutyRoom, { issue, endMs, ackMs }: Incident, wanted: readonly HandedOver[]): boolean {
  const last = wanted.at(-1);
  if (endMs < Infinity || !last || ackMs >= last.seenMs) return false;
  return room.gitlab.world.userById(issue.assigneeIds[0] ?? 0)?.username !== last.to;
}

function print(room: DutyRoom, lived: Lived, logs: readonly Logged[], byIncident: ByIncident): void {
  const { incidents, fates, accepted } = lived;
  const count = (list: readonly unknown[], isIt: (each: never) => boolean): number => list.filter((each) => isIt(each as never)).length;
  const wanted = byIncident.flatMap((each) => each.wanted);
  const calls = room.runs.reduce((sum, { reads, writes }) => sum + reads + writes, 0);
  const due = logs.flatMap((log) => toldOn(lived, log, 'handoff-due'));
  const late = logs.flatMap((log) => toldOn(lived, log, 'handoff-late'));
  const posts = byIncident.flatMap(({ records }) => [...records.values()].map((each) => count(each, ({ action }: Told) => action === 'create')));
  console.log(
    [
      `${incidents.length} incidents over ${logs.length} turns and ${changesOf(lived).length} changes, ${PLAN.swaps.length} of them swaps; ended ${count(incidents, ({ endMs }: Incident) => endMs < Infinity)}, ${count(incidents, ({ isPaperwork }: Incident) => isPaperwork)} for their paperwork alone`,
      `handed over ${wanted.length} times, ${count(wanted, ({ given }: HandedOver) => given)} by command; taken back by a twin ${count(posts, (many: number) => many > 1)}`,
      `Slack heard of ${handoffsInSlack(room).length} hand-offs; accepted ${accepted.length} logs and ${incidents.flatMap((each) => each.accepted).length} single incidents`,
      `missing fields named ${due.flatMap(({ body }) => namedIn(body)).length} times in ${due.length} calls; unaccepted: ${late.length} shifts, ${incidents.flatMap((incident) => toldLate(lived, incident)).length} commands`,
      `logs closed by themselves ${count(logs, ({ log }: Logged) => log.state === 'closed')}; jobs of schedules ${fates.ran}, lost ${fates.lost}, late ${fates.late}, doubled ${fates.twice}`,
      `events lost ${fates.eventsLost}, doubled ${fates.eventsTwice}; timers lost ${fates.timersLost}; runs ${room.runs.length}, calls ${calls}`,
    ].join('\n'),
  );
}
