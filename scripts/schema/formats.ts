import { countLetters } from './placeholder.ts';

/** A mention of one GitLab user. Source: GitLab docs, user/reserved_names and the rules for user names. */
const GITLAB_USER = /^@[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}$/;

const PATH = '[A-Za-z0-9_][\\w.-]{0,254}(?:/[A-Za-z0-9_][\\w.-]{0,254}){0,20}';
const SHORT = `(?:${PATH})?[#!&]\\d{1,10}`;
const ADDRESS = `https?://[^\\s/]{1,255}/${PATH}/-/(?:issues/(?:incident/)?|work_items/|merge_requests/|epics/)\\d{1,10}`;

/** `#12`, `group/project#77`, `!3`, or the address of an issue. Source: GitLab docs, user/markdown, GitLab-specific references. */
const GITLAB_REFERENCE = new RegExp(`^(?:${SHORT}|${ADDRESS})$`);
const ADDRESS_IN_TEXT = new RegExp(`${ADDRESS}(?!\\w)`);
const SHORT_IN_TEXT = new RegExp(`(?<![\\w/#&!])${SHORT}(?!\\w)`);
const LONGEST_LOOKED_AT = 4096;

/** Whether a text is a mention of one user, and nothing else; `@all` is everybody. */
export function isGitLabUser(text: string): boolean {
  return GITLAB_USER.test(text) && text.toLowerCase() !== '@all';
}

/** Whether a text is a reference to an issue or merge request, and nothing else. */
export function isGitLabReference(text: string): boolean {
  return GITLAB_REFERENCE.test(text);
}

/** The first reference to an issue or merge request in a text, if there is one; an address says more than a number. */
export function findReference(text: string): string | undefined {
  const start = text.slice(0, LONGEST_LOOKED_AT);
  return (ADDRESS_IN_TEXT.exec(start) ?? SHORT_IN_TEXT.exec(start))?.[0];
}

/** Whether a text gives a reason: enough letters, or a reference to where the reason stands. */
export function isReason(text: string, letters: number): boolean {
  return countLetters(text) >= letters || findReference(text) !== undefined;
}

/** Zones that Node was asked about: to ask takes longer than most of what a job does. */
const KNOWN_ZONES = new Set(['UTC']);

/** Whether a name is a time zone that this Node knows. */
export function isTimeZone(name: string): boolean {
  if (KNOWN_ZONES.has(name)) return true;
  try {
    const isKnown = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
    if (isKnown) KNOWN_ZONES.add(name);
    return isKnown;
  } catch {
    return false;
  }
}
