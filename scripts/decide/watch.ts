import type { Issue } from '../gitlab/port.ts';
import type { HandoffFacts } from '../schema/types.gen.ts';
import type { Change } from './changes.ts';
import type { Looked } from './digest.ts';
import type { HandoffField } from './handoff-fields.ts';
import type { Shift } from './roster.ts';
import type { Level } from './severity.ts';

/** An incident that is somebody's work now, as far as the list shows it, and its hand-off where it was examined. */
export type OnHand = {
  issue: Issue;
  severity: Level | undefined;
  fields: HandoffField[];
  missing: string[];
  handoff?: HandoffFacts;
};

/** A page of a shift: its incident, and when somebody acknowledged it, as far as that is known. */
export type PageOfShift = { issue: Issue; at: string; acknowledgedAt?: string };

/** Another shift's log: its reference, and whose it is. */
export type Neighbour = { reference: string; engineer: string };

/**
 * What a shift log is to tell beside what stands in it. Times are ISO 8601 in UTC with milliseconds. `isWhole` is whether
 * all was examined that it tells of; else only what it asks and answers is looked at.
 */
export type Watch = {
  shift: Shift;
  before?: Neighbour;
  after?: Neighbour;
  /** The change of shift that this one began with, and the one that it ends with, where another comes on call. */
  began?: Change;
  ends?: Change;
  onHand: OnHand[];
  /** References of incidents that are open for their paperwork alone. */
  paperwork: string[];
  pages: PageOfShift[];
  /** The issues on call, where a review window is to be told. */
  looked?: Looked[];
  isWhole: boolean;
};
