import { FINDINGS, type FindingCode, type FindingLevel } from '../schema/finding-codes.ts';

/** One thing that a check of an installation found: where, and what its words speak of. */
export type Finding = { code: FindingCode; where: string; about: Readonly<Record<string, string>> };

/** How bad a finding is. */
export function levelOf({ code }: Finding): FindingLevel {
  return FINDINGS[code].level;
}
