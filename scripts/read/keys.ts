/** The hidden first line of an issue that Watchkeeper creates, by which it is found again. Ids and times alone. */
export function keyLine(key: string): string {
  return `<!-- watchkeeper:${key} -->`;
}

const KEY = /^<!-- watchkeeper:([a-z][\w: -]{0,200}) -->$/i;
const PAGE = /^page ([A-Z0-9]{1,40})$/;

/** The key that a description begins with, if any. Whoever may edit an issue may write one: look at its author first. */
export function keyOf(description: string): string | undefined {
  return KEY.exec(description.split('\n')[0]?.trim() ?? '')?.[1];
}

/** The PagerDuty incident that the key of a description names. */
export function pageOf(description: string): string | undefined {
  return PAGE.exec(keyOf(description) ?? '')?.[1];
}
