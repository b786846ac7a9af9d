import { createForm, type Form } from './form.ts';
import { ANALYSIS } from './made.ts';

let form: Form | undefined;

/** The form of a root cause analysis: what its description says, and what closing it demands. Nothing of it is handed over. */
export function analysisForm(): Form {
  form ??= createForm({ roles: ANALYSIS, others: [] }, true);
  return form;
}

/** Whether a form is that of a root cause analysis, and not of an incident. */
export function isAnalysisForm(other: Form): boolean {
  return other === form;
}
