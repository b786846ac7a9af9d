import type { Issue } from '../gitlab/port.ts';
import type { Config } from '../schema/types.gen.ts';
import { isIncident } from './snapshot.ts';

const KEY = /^<!-- watchkeeper:shift-log (\d{4})(\d\d)(\d\d)(\d\d)(\d\d) -->/;

/** The key of a shift's log, which its first line bears: `shift-log` and when the shift begins (ISO 8601 in UTC). */
export function logKey(start: string): string {
  return `shift-log ${start.replace(/\D/g, '').slice(0, 12)}`;
}

/** When the shift began whose log an issue is (ISO 8601 in UTC), if it is one that the bot created. */
export function logStart({ description, author }: Issue, botIds: readonly number[]): string | undefined {
  const match = botIds.includes(author.id) ? KEY.exec(description) : null;
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
  return KEY.test(description) || labels.includes(config.shift_log.label);
}
