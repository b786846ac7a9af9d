import type { GateNumbers } from '../schema/types.gen.ts';

/** An incident in a weekly review. `told` is people's text; `since` is when it was paged, or closed (ISO 8601). */
export type WeeklyRow = {
  reference: string;
  severity: string;
  status: string;
  since: string;
  blockers: string[];
  missing: string[];
  told: { title: string; text: string }[];
};

/** The first of what is to be told, how many there are in all, and how many of them are not among the first. */
export type Listed<T> = { rows: T[]; count: number; more: number };

/** What should have been done by a day. */
export type WeeklyLate = { reference: string; dueOn: string; tell: string[] };

/** A number of the week beside that of the week before; null where there is none. */
export type WeeklyNumber = {
  title: string;
  unit: 'count' | 'minutes' | 'rate';
  now: number | null;
  before: number | null;
};

/** What a weekly review tells. Days are YYYY-MM-DD; `by` and `tell` are user names, `by` empty where nobody knows whose. */
export type WeeklyView = {
  words: 'weekly-review';
  week: string;
  from: string;
  to: string;
  numbers: WeeklyNumber[];
  missing: GateNumbers['missing'];
  /** Twelve weeks by their numbers, such as W47, the last of which is the one that is reviewed. */
  weeks: { name: string; opened: number; closed: number }[];
  /** The greatest number of any of them, at least 1. */
  most: number;
  open: Listed<WeeklyRow>;
  closed: Listed<WeeklyRow>;
  overrides: { reference: string; by: string }[];
  disputes: string[];
  /** References of what was changed after it was verified. */
  changed: string[];
  unaccepted: { reference: string; by: string }[];
  followUps: Listed<WeeklyLate>;
  analyses: Listed<WeeklyLate>;
};
