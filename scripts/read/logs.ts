import type { Issue } from '../gitlab/port.ts';
import type { Config } from '../schema/types.gen.ts';
import { keyOf } from './keys.ts';
import { isIncident } from './snapshot.ts';

const KEY = /^shift-log (\d{4})(\d\d)(\d\d)(\d\d)(\d\d)$/;

/** The key of a shift's log, which its first line bears: `shift-log` and when the shift begins (ISO 8601 in UTC). */
export function logKey(start: string): string {
  return `shift-log ${start.replace(/\D/g, '').slice(0, 12)}`;
}

/** When the shift began whose log an issue is by its first line (ISO 8601 in UTC). Anybody may have written that: see `isLogIssue`. */
export function logStart({ description }: Issue): string | undefined {
  const match = KEY.exec(keyOf(description) ?? '');
  if (!match) return undefined;
  const [, year = '', month = '', day = '', hour = '', minute = ''] = match;
  const start = new Date(`${year}-${month}-${day}T${hour}:${minute}:00Z`);
  return Number.isNaN(start.getTime()) ? undefined : start.toISOString();
}

/**
 * Whether an issue is a shift log that the bot created, by its first line, or where people took that away, by its label. An
 * incident is none, whatever is written on it: the bot creates those of pages too.
 */
export function isLogIssue(issue: Issue, botIds: readonly number[], config: Config): boolean {
  const { author, description, labels } = issue;
  if (!botIds.includes(author.id) || isIncident(issue, config)) return false;
  return KEY.test(keyOf(description) ?? '') || labels.includes(config.shift_log.label);
}
