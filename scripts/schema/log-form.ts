import { createForm, type Form } from './form.ts';
import { LOG } from './made.ts';

let form: Form | undefined;

/** The form of a shift log: what its description says, and what closing it demands of a shift that had pages. */
export function logForm(): Form {
  form ??= createForm({ roles: LOG, others: [] }, true);
  return form;
}

/** Whether a form is that of a shift log, and not of an incident. */
export function isLogForm(other: Form): boolean {
  return other === form;
}
