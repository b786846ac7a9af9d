import { SCHEMAS, type Schema } from './schemas.ts';

const ANALYSIS_REF = 'urn:watchkeeper:rca';
const LOG_REF = 'urn:watchkeeper:shift-log';

/** The schemas of a root cause analysis, by what they take the place of. Nothing of it is handed over. */
export const ANALYSIS = {
  incident: { ...SCHEMAS.rca, $id: `${ANALYSIS_REF}:record` },
  closure: { $id: `${ANALYSIS_REF}:closure`, $ref: `${ANALYSIS_REF}:record` },
  handoff: { $id: `${ANALYSIS_REF}:handoff` },
} as const;

/** The schemas of a shift log; closing it demands improvement notes of a shift that had pages. */
export const LOG = {
  incident: { $id: `${LOG_REF}:record`, $ref: LOG_REF },
  closure: { $id: `${LOG_REF}:closure`, $ref: LOG_REF, required: ['improvement_notes'] },
} as const;

/** All schemas of ours that are made of others of ours. */
export const MADE: readonly Schema[] = [
  { $id: 'urn:watchkeeper:incident:in-force', $ref: 'urn:watchkeeper:incident' },
  ...Object.values(ANALYSIS),
  ...Object.values(LOG),
];
