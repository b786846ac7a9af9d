import type { Plan } from '../decide/plan.ts';
import type { Snapshot } from '../read/snapshot.ts';
import type { GateFacts } from '../schema/types.gen.ts';
import { digest } from '../schema/digest.ts';
import { renderGateComment } from '../render/gate.ts';

/** One thing to write. `post` replaces the slot's comments that stood (the newest is `after`), `edit` changes the newest. */
export type Action =
  | { kind: 'post'; slot: string; body: string; facts: GateFacts; after: number }
  | { kind: 'edit'; slot: string; noteId: number; body: string }
  | { kind: 'delete'; slot: string; noteId: number }
  | { kind: 'unlock' }
  | { kind: 'change'; addLabels: string[]; removeLabels: string[]; state?: 'reopen' };

/**
 * What to write so that a plan comes true; nothing where it is true already. The comment comes before the issue: if a run
 * is cut off between them, the issue is still closed, and the next run finds it and finishes.
 */
export function difference(plan: Plan, { issue, marked }: Snapshot): Action[] {
  const actions: Action[] = [];
  if (plan.comment) {
    const { slot, delivery, facts } = plan.comment;
    const [newest, ...older] = marked.filter((each) => each.own && each.slot === slot);
    if (!newest || digest(newest.facts) !== digest(facts)) {
      const body = renderGateComment(plan.comment);
      const isNew = delivery === 'call' || !newest;
      actions.push(
        isNew
          ? { kind: 'post', slot, body, facts, after: newest?.noteId ?? 0 }
          : { kind: 'edit', slot, noteId: newest.noteId, body },
      );
    }
    for (const { noteId } of older) actions.push({ kind: 'delete', slot, noteId });
  }
  const addLabels = plan.labels.present.filter((label) => !issue.labels.includes(label));
  const removeLabels = plan.labels.absent.filter((label) => issue.labels.includes(label));
  const reopens = plan.state === 'opened' && issue.state === 'closed';
  if (reopens && issue.locked) actions.push({ kind: 'unlock' });
  if (addLabels.length > 0 || removeLabels.length > 0 || reopens) {
    actions.push({ kind: 'change', addLabels, removeLabels, ...(reopens ? { state: 'reopen' } : {}) });
  }
  return actions;
}

/** GitLab may store other line ends, and takes off what ends a text. */
export function sameText(a: string, b: string): boolean {
  return a.replaceAll('\r\n', '\n').trimEnd() === b.replaceAll('\r\n', '\n').trimEnd();
}

/** An action in a few words, for the job log and the report. */
export function describe(action: Action): string {
  if (action.kind === 'unlock') return 'unlock the discussion';
  if (action.kind !== 'change') return `${action.kind} the ${action.slot} comment`;
  const labels = [...action.addLabels.map((label) => `+${label}`), ...action.removeLabels.map((label) => `-${label}`)];
  return [...(action.state ? ['reopen'] : []), ...labels].join(' ');
}
