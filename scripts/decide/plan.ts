import type { Severity } from '../gitlab/port.ts';
import type { Block } from '../read/yaml-block.ts';
import type { Stray } from '../read/strays.ts';
import type { Form } from '../schema/form.ts';
import type { AckFacts, CallFacts, GateFacts, HandoffFacts, LearningFacts, LogFacts } from '../schema/types.gen.ts';
import type { Learning } from './learning.ts';
import type { AckView, CallView } from './words.ts';

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
  /** On account of what it is asked for, where other incidents would not be: a severity as a number, or another reason. */
  because?: number | Reason;
  /** A name in the description that was perhaps meant to be what is missing. */
  meant?: Stray;
};

/** What else than a severity asks for something: a label of the configuration, or how many hours the incident lasted. */
export type Reason = { label: string } | { hours: number };

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
  /** User name of who asked by a command what is missing. */
  asker?: string;
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
export type SlotComment = GateComment | DutyComment | HandoffComment | LogComment | LearningComment | CallComment;
export type GateComment = { slot: 'gate'; delivery: 'call' | 'board'; facts: GateFacts; view: GateView };
export type DutyComment = { slot: 'ack'; delivery: 'board'; facts: AckFacts; view: AckView };
export type HandoffComment = { slot: 'handoff'; delivery: 'call' | 'board'; facts: HandoffFacts; view: CallView };
export type LogComment = { slot: 'log'; delivery: 'board'; facts: LogFacts; view: CallView };
export type LearningComment = { slot: 'learning'; delivery: 'board'; facts: LearningFacts; view: CallView };
export type CallComment = { slot: string; delivery: 'call' | 'board'; facts: CallFacts; view: CallView };

/** A part of a Slack message on one issue; the title is ours, the lines are people's text. */
export type SlackSection = { title: string; link: string; lines: string[] };

/**
 * Something to tell others than GitLab. What was sent stays on record by its key, with the facts of the comment in `slot`;
 * what could not be sent is tried again by the next run.
 */
export type Message = {
  slot: string;
  key: string;
  /** The comment whose command asked for it. */
  noteId?: number;
} &
  /** `tell` are user names of whom to address there, as far as `people` knows their accounts. */
  (
    | { to: 'slack'; text: string; tell: string[]; lines: string[]; sections?: SlackSection[]; link: string }
    | { to: 'pagerduty'; does: 'acknowledge' | 'resolve'; incident: string; as: string }
    | { to: 'pagerduty'; does: 'trigger'; dedupKey: string; severity: Severity; link: string; reference: string }
    | { to: 'pagerduty'; does: 'end'; dedupKey: string }
  );

/**
 * What one rule wants to be true of an issue. Only labels that the rule owns are named; what is not named stays as it is.
 * `assign` is a user id to have among the assignees, first, and `unassign` are ids to have there no more; `emojis` are ids of comments whose commands were done.
 */
export type Part = {
  labels: { present: string[]; absent: string[] };
  state?: 'opened' | 'closed';
  comment?: SlotComment;
  comments?: SlotComment[];
  assign?: number;
  unassign?: number[];
  emojis?: number[];
  messages?: Message[];
  /** To be told to GitLab's own escalation status and timeline. */
  native?: { acknowledgedAt: string };
  /** References of issues to link it with. */
  relate?: string[];
  /** When a timer is to wake us for this incident again. */
  wakeAt?: string;
  /** What is to follow from it: issues of their own, and the comment that tells of them. */
  learning?: Learning;
};

/** What must be true of an issue: the parts of all rules, merged. */
export type Plan = Required<Pick<Part, 'labels' | 'comments' | 'emojis' | 'messages' | 'relate' | 'unassign'>> &
  Pick<Part, 'state' | 'assign' | 'native' | 'wakeAt' | 'learning'>;

/** The rules of the duty, by the names that a rehearsal gives them. */
export type Rule =
  | ('closure gate' | 'acknowledgement' | 'hand-off' | 'escalation' | 'updates' | 'review' | 'announcement')
  | ('major incident' | 'stakeholder updates' | 'tracking' | 'priority' | 'follow-ups' | 'alarm' | 'commands')
  | ('shift log' | 'root cause analysis' | 'due date' | 'weekly review' | 'merge request');

/** What one rule wants, by its name. */
export type Ruled = readonly [rule: Rule, part: Part];

/** What a run says of an incident in its report: where the gate stands, and the codes that explain it. */
export type Finding = {
  state: GateFacts['state'] | 'closing' | 'ready' | 'not an incident' | 'off' | 'too old' | 'in grace';
  codes: string[];
  checks: Check[];
};

/** What the gate decides: its part of the plan, and what is said of it in the report. */
export type Decision = { plan: Part & { comment?: GateComment }; finding: Finding };
