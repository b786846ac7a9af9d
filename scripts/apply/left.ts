import { SetupError } from '../ci/errors.ts';
import type { Reconciled } from './reconcile.ts';

/** What a run had to leave, and to whom: to the next run, to the operator, or, where we crashed, to us. */
export type Left = { reference: string; reason: string; to: 'next run' | 'operator' | 'us' };

/** What could not be sent on account of an incident: the next run tries again, or the operator must cure it. */
export function leftOf({ issue, failures }: Pick<Reconciled, 'issue' | 'failures'>): Left[] {
  return failures.map((failure) => ({
    reference: issue.reference,
    reason: failure.message,
    to: failure instanceof SetupError ? 'operator' : 'next run',
  }));
}
