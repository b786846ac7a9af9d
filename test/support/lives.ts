import type { History, Life, ShiftOnRecord } from '../../scripts/schema/types.gen.ts';
import { ana, ben, bot, lea } from './snapshot.ts';

/** A time on Tuesday, 2026-11-17, by the minutes since midnight in UTC. */
export const minute = (minutes: number): string => new Date(Date.parse('2026-11-17T00:00:00Z') + minutes * 60_000).toISOString();

/** An open incident that came at midnight and of which nothing else is known; a test says what is different. */
export function life(more: Partial<Life> = {}): Life {
  return {
    ...{ project: 42, iid: 7, reference: 'sirt/incidents#7', url: 'https://gitlab.example.com/sirt/incidents/-/issues/7' },
    ...{ confidential: true, state: 'opened', created_at: minute(0), updated_at: minute(0), paged_at: minute(0), labels: [] },
    ...{ closes: [], reopens: [], escalations: [], handoffs: [], missing: [], follow_ups: [] },
    ...more,
  };
}

/** One that a person closed after so many minutes, for good. */
export function closedLife(minutes: number, more: Partial<Life> = {}): Life {
  return life({ state: 'closed', closed_at: minute(minutes), closes: [{ at: minute(minutes), by: ana.id, source: 1000 }], ...more });
}

/** A shift of @ana's, from midnight to noon, in which nothing happened. */
export function shift(more: Partial<ShiftOnRecord> = {}): ShiftOnRecord {
  return {
    ...{ project: 42, iid: 100, reference: 'sirt/incidents#100', url: 'https://gitlab.example.com/sirt/incidents/-/issues/100' },
    ...{ updated_at: minute(0), start: minute(0), end: minute(720), engineer: ana.id, pages: [], windows: [] },
    ...more,
  };
}

/** A history of nothing but what a test gives. */
export function history(more: Partial<History> = {}): History {
  const people = [ana, ben, lea, bot].map(({ id, username }) => ({ id, username }));
  return { version: 1, of: 'test', taken_at: minute(1440), bot: bot.id, people, incidents: [], shifts: [], follow_ups: [], analyses: [], ...more };
}
