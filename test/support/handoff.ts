import { at, run, says, type Happening } from './duty.ts';

/** A hand-off in which nothing is missing; a row says what differs. */
export const filled = (more: Record<string, string> = {}): string => {
  const fields = {
    ...{ 'Issue summary': 'the token is revoked, the logs are being read', 'Related issues': 'none' },
    ...{ "Who's engaged": 'none', 'Active bridge': 'none', 'Slack channels/threads': 'none', 'Next steps': 'read the rest of the logs until noon', ...more },
  };
  return ['## Hand-off', '', ...Object.entries(fields).map(([title, text]) => `- **${title}**: ${text}`), ''].join('\n');
};
/** That all six fields are missing. */
export const SIX = /\*\*6 fields are missing\*\*: Issue summary, Related issues, Who's engaged, Active bridge, Slack channels\/threads, Next steps\./;
/** That it was handed from one to another at a time, a day of November 2026 and a clock's, and that nobody accepted it. */
export const handed = (from: string, to: string, when: string, how = ', at the change of shift'): RegExp =>
  new RegExp(`^[^|]*\\*\\*Hand-off\\*\\* from \\S*\\b${from}\\b\\S* to \\S*\\b${to}\\b\\S* at 2026-11-${when} UTC${how}\\.`);
/** The same by a command. */
export const commanded = (from: string, to: string, when: string): RegExp => handed(from, to, when, '');
/** That somebody accepted it at a time. */
export const accepted = (by: string, when: string): RegExp => new RegExp(`\\*\\*accepted\\*\\* by \\S*\\b${by}\\b\\S* at 2026-11-${when} UTC\\.`);

/** @ana took it at 10:05. */
export const taking: Happening[] = [run, at('10:05', says('ana', '/ack'), run)];
/** How it stands then. */
export const owned = { labels: ['ack::done'], status: 'ACKNOWLEDGED' };
/** Of severity 2. */
export const two = { labels: ['severity::2'] };

/** The roster of all rows, with something different. */
export function rosterOf(more: object, duty: object = {}): object {
  const layer = { name: 'all', start: '2026-11-02', rotation: ['@ana', '@ben'], rotate: 'shift', shifts: [{ from: '08:00' }, { from: '20:00' }], ...more };
  return { engineers: { fallback: '@lea', layers: [layer], ...duty } };
}
