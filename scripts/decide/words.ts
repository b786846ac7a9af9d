import type { DoctorView } from './doctor.ts';
import type { WeeklyView } from './weekly-words.ts';

/** What the duty's comment says: who owns the incident, and what happened until somebody did. */
export type AckView = {
  words: 'ack';
  pagedAt: string;
  acknowledgedAt?: string;
  /** User name of who acknowledged first; absent where it is somebody in PagerDuty whom `people` does not name. */
  by?: string;
  how?: string;
  owner?: string;
  engaged: string[];
  escalatedAt: string[];
  alarmResolvedAt?: string;
  updatedAt?: string;
};

/** An incident of a shift's hand-off: who is responsible (a user name, or empty), what its hand-off lacks, and, where it may be shown, what it says. */
export type HandoffRow = {
  reference: string;
  severity: string;
  responsible: string;
  missing: string[];
  fields: { title: string; text: string }[];
};

/** What a shift log tells of its shift; references are those of issues, `minutes` how long a page was not acknowledged. */
export type LogView = {
  words: 'log';
  engineer: string;
  start: string;
  end: string;
  open: { severity: string; references: string[] }[];
  paperwork: string[];
  windows: { start: string; end: string; state: 'to come' | 'over' | 'told'; seen: number; missed: number }[];
  pages: { reference: string; at: string; isOpen: boolean; minutes: number | null }[];
  /** How many more there were than are shown. */
  more: number;
  before: string;
  beforeBy: string;
  after: string;
  afterBy: string;
  handedAt: string;
};

/** What the comments say that ask somebody to act, or answer a command. `words` names their template. */
export type CallView =
  | AckView
  | DoctorView
  | {
      words: 'escalation';
      steps: { minutes: number; tell: string[]; isNew: boolean }[];
      pagedAt: string;
      isObserved: boolean;
      /** GitLab's escalation policies to page by this comment. */
      policies: string[];
      acknowledgedAt: string;
      by: string;
      isClosed: boolean;
      alarmResolvedAt: string;
    }
  | { words: 'owner'; owner: string; by: string }
  /** `dueOn` is a day, YYYY-MM-DD; where nobody is assigned, a manager is told. */
  | { words: 'analysis-overdue'; tell: readonly string[]; dueOn: string; isAssigned: boolean }
  | { words: 'update-due'; tell: string; since: string; minutes: number }
  | {
      words: 'update';
      by: string;
      at: string;
      fields: { title: string; text: string }[];
      lines: string[];
      /** User names of stakeholders who may not read the incident. */
      cannotSee: string[];
    }
  | {
      words: 'major';
      tell: string[];
      /** The team's own words, a Handlebars template; empty where ours do. */
      template: string;
      severity: number | null;
      by: string;
      /** Where it is worked on; empty texts where nothing is written yet. */
      places: { title: string; text: string }[];
    }
  | { words: 'major-check'; tell: string; missing: string[] }
  | { words: 'reply'; to: string; lines: ReplyLine[] }
  | { words: 'page-note'; by: string; text: string }
  | { words: 'on-call'; tell: string }
  | {
      words: 'learning';
      /** `reference` is empty where none is to be had; what is wanted, or to be linked, is so once follow-ups are not observed alone. */
      rows: {
        kind: string;
        reference: string;
        state: 'created' | 'linked' | 'gone' | 'wanted' | 'to link' | 'unreadable' | 'not yet';
      }[];
    }
  | { words: 'nudge'; tell: string[]; dueOn: string; isAssigned: boolean }
  | { words: 'note'; became: 'changed' | 'gone' | 'back'; incident: string; lines: string[] }
  | {
      words: 'handoff';
      at: string;
      from: string;
      to: string;
      owner: string;
      /** By `/handoff`, and not by a change of shift. */
      isCommanded: boolean;
      isObserved: boolean;
      /** Whether this comment asks to accept; else the shift log does. */
      asks: boolean;
      fields: { title: string; text: string; isMissing: boolean }[];
      missing: string[];
      acceptedAt: string;
      acceptedBy: string;
    }
  | { words: 'handoff-late'; tell: string; to: string; minutes: number; references: string[] }
  | {
      words: 'handoff-due';
      tell: string;
      at: string;
      to: string;
      rows: HandoffRow[];
      paperwork: string[];
      /** The shift had pages, and its log says nothing yet of what could be better. */
      lacksNotes: boolean;
    }
  | {
      words: 'shift-handoff';
      at: string;
      from: string;
      to: string;
      asks: boolean;
      isObserved: boolean;
      rows: HandoffRow[];
      paperwork: string[];
      before: string;
      acceptedAt: string;
      acceptedBy: string;
    }
  | LogView
  | WeeklyView
  | {
      words: 'digest';
      start: string;
      end: string;
      engineer: string;
      tell: string[];
      /** References of issues that nobody looked at. */
      missed: string[];
      seen: { reference: string; by: string; at: string; what: string }[];
      updates: string[];
    };

/** One command and why it was not done, or what it asked to know. */
export type ReplyLine =
  | {
      command: string;
      why:
        | ('role' | 'argument' | 'unknown user' | 'not a member' | 'no page' | 'not open' | 'paperwork' | 'settled')
        | ('nobody on call' | 'nothing handed over' | 'not yours' | 'no incident' | 'analysis' | 'quiet' | 'off');
    }
  | { command: 'who'; why: 'answer'; engineer: string; manager: string; owner: string }
  | { command: 'help'; why: 'answer' };
