import type { Block } from '../read/yaml-block.ts';
import type { Stray } from '../read/strays.ts';
import type { Form } from '../schema/form.ts';
import type { GateFacts } from '../schema/types.gen.ts';

/** One thing that closing asks for, and whether it is there. `given` is people's text. */
export type Check = {
  code: string;
  status: 'pass' | 'fail' | 'waived';
  kind:
    | 'missing'
    | 'invalid'
    | 'conflict'
    | 'yaml'
    | 'section duplicated'
    | 'order'
    | 'not assigned'
    | 'mark removed'
    | 'duplicate'
    | 'filled';
  /** The field's path in the record, such as `owner` or `handoff/bridge`; empty where it concerns none. */
  field: string;
  section: string;
  line?: number;
  /** What stands there, or what contradicts what. */
  given: string[];
  /** On which line each of them stands, where that is known. */
  at?: number[];
  /** What to write. Our words. */
  help: string;
  /** The severity on account of which it is asked for, where a lower one would not ask. */
  because?: number;
  /** A name in the description that was perhaps meant to be what is missing. */
  meant?: Stray;
};

/** Why an incident may stay closed though its record is incomplete. */
export type Exemption = {
  code: 'DUPLICATE' | 'MOVED' | 'ALERT_RECOVERED' | 'OVERRIDDEN';
  /** User name of who decided, where somebody did. */
  by?: string;
  noteId?: number;
  reason?: string;
};

/** A command that was given by somebody who may not give it. */
export type Refusal = { command: string; by: string; why: 'role' | 'own' | 'reason' };

/** What the gate comment says; the words are `templates/comments/gate.hbs`. */
export type GateView = {
  state: GateFacts['state'];
  /** User name of who closed, where known. */
  closer?: string;
  failing: Check[];
  passing: Check[];
  /** What an exemption excuses. */
  waived: Check[];
  exemption?: Exemption;
  refusals: Refusal[];
  /** Mentions of the managers to tell. */
  tell: string[];
  /** Sections that the description has already, with their lines. */
  sections: ReadonlyMap<string, number>;
  /** Its YAML blocks with fields. */
  blocks: readonly Block[];
  /** The form that the record was held against. */
  form: Form;
  /** The severity on record, where it was lowered since and nobody confirmed that. */
  recordedSeverity?: number;
  maxReopens: number;
};

/**
 * A comment of ours by slot: the next run edits that comment, it never adds another. A `call` asks somebody to act and is
 * posted anew, its predecessor deleted, so that GitLab notifies; a `board` is edited in place, silently.
 */
export type SlotComment = { slot: 'gate'; delivery: 'call' | 'board'; facts: GateFacts; view: GateView };

/** What must be true of an issue. Only labels that Watchkeeper owns are named; what is not named stays as it is. */
export type Plan = {
  labels: { present: string[]; absent: string[] };
  state?: 'opened';
  comment?: SlotComment;
};

/** What a run says of an incident in its report: where the gate stands, and the codes that explain it. */
export type Finding = {
  state: GateFacts['state'] | 'not an incident' | 'off' | 'too old' | 'in grace';
  codes: string[];
  checks: Check[];
};

export type Decision = { plan: Plan; finding: Finding };
