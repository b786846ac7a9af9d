import type { Issue } from '../gitlab/port.ts';
import { issueKey } from '../read/candidates.ts';
import type { Installation } from '../read/config.ts';
import { readRecord, type IncidentRecord } from '../read/record.ts';
import { beginOfDay, dayOf, weekOf } from '../read/time.ts';
import type { History, Life, ShiftOnRecord } from '../schema/types.gen.ts';
import { bySeverityAndAge, closedAt, REASONS } from './attention.ts';
import { isIn, type Period } from './clocks.ts';
import { notesLeft } from './follow-ups.ts';
import { dayClockOf, weekdayOf } from './day.ts';
import { isLate } from './deadlines.ts';
import { keyOfPlace } from './incident-behind.ts';
import { nameIn } from './lives.ts';
import { measure, weeksOf } from './metrics.ts';
import { weeklyNumbers } from './weekly-numbers.ts';
import type { Listed, WeeklyLate, WeeklyRow, WeeklyView } from './weekly-words.ts';

const MOST_ROWS = 60;
const MOST_NOTES = 5;

type Told = WeeklyRow['told'][number];
const WEEKS_SHOWN = 12;

/** The week that a review looks back on: the last one that is over, from Monday 00:00 in the team's zone. `name` is as ISO has it. */
export type ReviewedWeek = { name: string; period: Period; before: Period };

/** The last whole week before a moment. */
export function lastWeek(now: Date, timeZone: string): ReviewedWeek {
  const begin = (weeks: number): Date => weeksBefore(weeks, now, timeZone);
  const from = begin(1);
  return { name: weekOf(from, timeZone), period: { from, to: begin(0) }, before: { from: begin(2), to: from } };
}

/** When the week of a moment began in a zone, or one so many weeks before it. */
export function weeksBefore(weeks: number, moment: Date, timeZone: string): Date {
  const weekday = weekdayOf(dayClockOf(timeZone)(moment).day);
  return beginOfDay(moment, -weekday - 7 * weeks, timeZone);
}

/**
 * What a weekly review tells (product.md: last week's and all open incidents). `issues` are those whose text may be read; of a
 * confidential incident it is told only in a review of the same project, `home`, where the same people may read it.
 */
export function viewWeek(
  { history, issues, home }: { history: History; issues: readonly Issue[]; home: number },
  week: ReviewedWeek,
  config: Installation,
  now: Date,
): WeeklyView {
  const { period, before } = week;
  const byKey = new Map(issues.map((issue) => [issueKey(issue), issue]));
  const open = history.incidents.filter(({ state }) => state === 'opened').sort(bySeverityAndAge);
  const isOfWeek = (life: Life): boolean => isIn(life.paged_at, period) || isIn(closedAt(life), period);
  const closed = history.incidents.filter((life) => life.state === 'closed' && isOfWeek(life)).sort(bySeverityAndAge);
  const toRow = (life: Life): WeeklyRow => rowOf(life, byKey.get(keyOfPlace(life)), home, config);
  const today = dayOf(now, config.time_zone);
  const shown = { from: beginOfDay(period.to, -7 * WEEKS_SHOWN, config.time_zone), to: period.to };
  const weeks = weeksOf(shown, config.time_zone).map((each) => measure(history, each, config, now));
  const numbers = measure(history, period, config, now);
  return {
    words: 'weekly-review',
    ...{ week: week.name, from: dayOf(period.from, config.time_zone), to: lastDay(period, config) },
    numbers: weeklyNumbers(numbers, measure(history, before, config, now)),
    missing: numbers.gate.missing,
    weeks: weeks.map(({ from, incidents: { opened, closed: ended } }) => {
      return { name: weekOf(new Date(from), config.time_zone).replace(/^\d+-/, ''), opened, closed: ended };
    }),
    most: Math.max(1, ...weeks.flatMap((each) => [each.incidents.opened, each.incidents.closed])),
    ...{ open: firstOf(open, toRow), closed: firstOf(closed, toRow) },
    ...exceptions(history, period, config),
    followUps: lateIn(history.follow_ups, history, today),
    analyses: lateIn(history.analyses, history, today),
  };
}

/** So many that a page can be read; of the others it is told how many they are. */
function firstOf<T, R>(all: readonly T[], toRow: (each: T) => R): Listed<R> {
  const rows = all.slice(0, MOST_ROWS).map(toRow);
  return { rows, count: all.length, more: all.length - rows.length };
}

function lastDay({ to }: Period, { time_zone: timeZone }: Installation): string {
  return dayOf(new Date(to.getTime() - 1), timeZone);
}

/** What the gate let pass, or gave up, and what nobody accepted. */
function exceptions(
  history: History,
  period: Period,
  { handoff }: Installation,
): Pick<WeeklyView, 'overrides' | 'disputes' | 'changed' | 'unaccepted'> {
  const ofWeek = history.incidents.filter((life) => life.state === 'closed' && isIn(closedAt(life), period));
  const isUnaccepted = ({ handoff: taken }: ShiftOnRecord): boolean =>
    taken !== undefined && isIn(taken.at, period) && taken.incidents !== 0 && taken.accepted_at === undefined;
  return {
    overrides: ofWeek
      .filter(({ exemption }) => exemption === 'OVERRIDDEN')
      .map(({ reference, override }) => ({ reference, by: nameIn(history, override?.by) ?? '' })),
    disputes: history.incidents.filter(({ gate }) => gate === 'disputed').map(({ reference }) => reference),
    changed: ofWeek.filter(({ labels }) => labels.includes('closure::changed')).map(({ reference }) => reference),
    unaccepted:
      handoff.mode === 'off'
        ? []
        : history.shifts
            .filter(isUnaccepted)
            .map(({ reference, engineer }) => ({ reference, by: nameIn(history, engineer) ?? '' })),
  };
}

type Late = { state: string; due_on: string; reference: string; assignees?: readonly number[] };

function lateIn(all: readonly Late[], history: History, today: string): Listed<WeeklyLate> {
  const late = all.filter((each) => isLate(each, today)).sort((a, b) => Date.parse(a.due_on) - Date.parse(b.due_on));
  return firstOf(late, ({ reference, due_on: dueOn, assignees = [] }) => {
    return { reference, dueOn, tell: assignees.flatMap((id) => nameIn(history, id) ?? []) };
  });
}

/** An incident in the guide's words: scope, impact, work done, next steps, blockers, status. */
function rowOf(life: Life, issue: Issue | undefined, home: number, config: Installation): WeeklyRow {
  const maySay = issue !== undefined && (!issue.confidential || issue.projectId === home);
  const record: IncidentRecord = maySay ? readRecord(issue.description, config.time_zone, config.form).record : {};
  const done = record.timeline?.at(-1)?.text ?? '';
  return {
    reference: life.reference,
    severity: life.severity === undefined ? '' : `S${life.severity}`,
    status: statusOf(life),
    since: life.state === 'opened' ? life.paged_at : closedAt(life),
    blockers: life.state === 'opened' ? REASONS.filter(({ holds }) => holds(life)).map(({ why }) => why) : [],
    missing: life.gate === 'blocked' || life.gate === 'disputed' ? life.missing : [],
    told: [
      { title: 'Scope', text: record.affected_systems ?? record.summary ?? '' },
      { title: 'Impact', text: record.affected_users ?? '' },
      { title: 'Work done', text: done },
      { title: 'Next steps', text: textOf(record.handoff?.['next_steps']) },
      ...(life.state === 'closed' ? notesOf(record, life, config) : []),
    ].filter(({ text }) => text !== ''),
  };
}

/** Improvement notes that become no follow-up: the review is where they are looked at. */
function notesOf({ improvement_notes: notes = [] }: IncidentRecord, life: Life, config: Installation): Told[] {
  const left = notesLeft(notes, config, life.severity).slice(0, MOST_NOTES);
  return left.map(({ kind, text }) => ({ title: 'To improve', text: kind === undefined ? text : `${kind}: ${text}` }));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function statusOf(life: Life): string {
  if (life.state === 'opened') return 'open';
  if (life.gate === 'exempt') return life.exemption === 'OVERRIDDEN' ? 'closed, overridden' : 'closed, exempt';
  return life.gate === undefined ? 'closed, not judged' : `closed, ${life.gate}`;
}
