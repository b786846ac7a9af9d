const DAY_MS = 86_400_000;
/** GitLab tells of the end of a token 60, 30 and 7 days before. Source: GitLab docs, user/project/settings/project_access_tokens. */
const TOLD_BEFORE_DAYS = 61;

/** How many days are left of a token, by its last day (YYYY-MM-DD). */
export function daysLeft(day: string, now: Date): number {
  return Math.ceil((Date.parse(day) - now.getTime()) / DAY_MS);
}

/** Whether a token ends so soon that somebody is to rotate it. */
export function isEnding(day: string, now: Date): boolean {
  return daysLeft(day, now) <= TOLD_BEFORE_DAYS;
}
