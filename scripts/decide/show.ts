/** A time as people read it, in UTC to the minute; other texts stay as they are. */
export function showTime(text: string): string {
  return text.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)[\d:.]*Z$/, '$1 $2 UTC');
}
