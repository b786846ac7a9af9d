import { createForm, type Form } from './form.ts';
import { SCHEMAS } from './schemas.ts';

const REF = 'urn:watchkeeper:rca';

let form: Form | undefined;

/** The form of a root cause analysis: what its description says, and what closing it demands. Nothing of it is handed over. */
export function analysisForm(): Form {
  form ??= createForm({
    roles: {
      incident: { ...SCHEMAS.rca, $id: `${REF}:record` },
      closure: { $id: `${REF}:closure`, $ref: `${REF}:record` },
      handoff: { $id: `${REF}:handoff` },
    },
    others: [],
  });
  return form;
}

/** Whether a form is that of a root cause analysis, and not of an incident. */
export function isAnalysisForm(other: Form): boolean {
  return other === form;
}
