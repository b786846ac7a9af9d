/** When all that is measured happens. */
export const MOMENT = new Date('2026-11-20T10:00:00.000Z');

/** So many minutes before that, as ISO. */
export function minutesAgo(minutes: number): string {
  return new Date(MOMENT.getTime() - minutes * 60_000).toISOString();
}
