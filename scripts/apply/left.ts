import { SetupError, type LeftOver } from '../ci/errors.ts';
import type { Reconciled } from './reconcile.ts';

/** What a run had to leave, and to whom: to the next run, to the operator, or, where we crashed, to us. */
export type Left = { reference: string; reason: string; to: 'next run' | 'operator' | 'us' };

/** What is left of an issue on account of an error, which need not name the issue again. */
export function toLeft(reference: string, error: LeftOver | SetupError): Left {
  const name = `${reference}: `;
  const reason = error.message.startsWith(name) ? error.message.slice(name.length) : error.message;
  return { reference, reason, to: error instanceof SetupError ? 'operator' : 'next run' };
}

/** What could not be sent on account of an incident: the next run tries again, or the operator must cure it. */
export function leftOf({ issue, failures }: Pick<Reconciled, 'issue' | 'failures'>): Left[] {
  return failures.map((failure) => toLeft(issue.reference, failure));
}
