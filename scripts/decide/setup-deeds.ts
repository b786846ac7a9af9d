import type { FileText, WantedHook, WantedLabel, WantedSchedule } from '../gitlab/installation-port.ts';
import type { Source } from '../gitlab/port.ts';

/** As whom something is done: whoever sets up, or the bot, so that it goes on when people leave. */
export type Doer = 'own' | 'bot';

/** Where a commit goes; from `startBranch` where its branch is new. */
export type CommitTarget = { branch: string; startBranch?: string; message: string };

/** One thing to do. Secrets are named, never carried: whoever does it has them. */
export type Deed =
  | { do: 'set variable'; projectId: number; key: string; isNew: boolean }
  | { do: 'change project'; projectId: number; change: { variablesRole?: string; isPublicCi?: boolean } }
  | { do: 'protect'; projectId: number; branch: string }
  | { do: 'commit'; projectId: number; files: (FileText & { isNew: boolean })[]; to: CommitTarget }
  | { do: 'remove branch'; projectId: number; branch: string }
  | { do: 'open merge request'; projectId: number; from: string; to: string; title: string }
  | { do: 'write here'; path: string; text: string }
  | { do: 'upload program'; projectId: number; version: string }
  | { do: 'add trigger'; projectId: number; description: string; by: Doer }
  | { do: 'remove trigger'; projectId: number; id: number }
  | { do: 'add label'; place: Source; label: WantedLabel }
  | { do: 'change label'; place: Source; id: number; label: WantedLabel }
  | { do: 'add hook'; place: Source; hook: WantedHook }
  | { do: 'change hook'; place: Source; id: number; hook: WantedHook }
  | { do: 'remove hook'; place: Source; id: number }
  | { do: 'add schedule'; projectId: number; schedule: WantedSchedule; by: Doer }
  | { do: 'change schedule'; projectId: number; id: number; schedule: WantedSchedule; inputsBefore: string[]; by: Doer }
  | { do: 'remove schedule'; projectId: number; id: number }
  | { do: 'complete board'; projectId: number; place: Source; name: string; id: number | undefined; lists: string[] };

/** What is changed of a thing: what it was, and what it will be. */
export type Change = { name: string; from: string; to: string };

/** A step of a plan: what is made, changed or removed, where, and the deeds that do it, in this order. */
export type Step = {
  verb: 'add' | 'change' | 'remove';
  what: string;
  where: string;
  changes: Change[];
  deeds: Deed[];
};

/** The changes of a thing that differs, by the names of what differs. */
export function changesBetween(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Change[] {
  return Object.entries(after).flatMap(([name, to]) => {
    const from = before[name] ?? '';
    return from === to ? [] : [{ name, from, to }];
  });
}

/** A step that makes something by one deed. */
export function add(what: string, where: string, deed: Deed): Step {
  return { verb: 'add', what, where, changes: [], deeds: [deed] };
}

/** A step that takes something of ours away by one deed. */
export function remove(what: string, where: string, deed: Deed): Step {
  return { verb: 'remove', what, where, changes: [], deeds: [deed] };
}
