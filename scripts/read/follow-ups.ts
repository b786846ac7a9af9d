import type { Issue, IssueRef } from '../gitlab/port.ts';
import { keyOf } from './keys.ts';

const KEY = /^follow-up (\d{1,15})-(\d{1,15})-(\d{1,6})$/;

/** The key of an incident's follow-up issue, which its first line bears; `n` tells it from the incident's others. */
export function followUpKey({ projectId, iid }: IssueRef, n: number): string {
  return `follow-up ${projectId}-${iid}-${n}`;
}

/** The incident from which an issue follows by its first line. Anybody may have written that: look at its author first. */
export function followedIncident({ description }: Pick<Issue, 'description'>): IssueRef | undefined {
  const match = KEY.exec(keyOf(description) ?? '');
  return match ? { projectId: Number(match[1]), iid: Number(match[2]) } : undefined;
}
