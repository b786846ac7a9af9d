import { dayOf, workingDaysLater } from '../read/time.ts';
import type { Config } from '../schema/types.gen.ts';
import type { Level } from './severity.ts';

const DAY_MS = 86_400_000;

/** The last day (YYYY-MM-DD) of a follow-up's time: so many days from when it was labelled (ISO 8601), by severity. */
export function followUpDueOn(labelledAt: string, severity: Level, config: Config): string {
  return daysAfter(dayOf(new Date(labelledAt), config.time_zone), config.follow_ups.due_days[severity]);
}

/** The last day of an analysis' time: so many working days, Monday to Friday, from a time (ISO 8601) on. */
export function analysisDueOn(from: string, config: Config): string {
  return workingDaysLater(new Date(from), config.rca.due_working_days, config.time_zone);
}

/** Whether what was to be closed by a day is open after it. `today` is a day as `2026-11-20`. */
export function isLate({ state, due_on: dueOn }: { state: string; due_on: string }, today: string): boolean {
  return state === 'opened' && dueOn < today;
}

function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}
