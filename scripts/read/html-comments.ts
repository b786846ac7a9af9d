/** Removes HTML comments outside inline code, an unclosed one up to the end, and keeps the line breaks inside them. */
export function withoutComments(text: string): string {
  const marks = [...text.matchAll(/<!--|`+/g)];
  const closing = closingRuns(marks.map(([mark]) => mark));
  let kept = '';
  let position = 0;
  for (const [place, { 0: mark, index }] of marks.entries()) {
    if (index < position) continue;
    const isComment = mark === '<!--';
    const run = marks[closing[place] ?? -1];
    if (!isComment && !run) continue;
    const end = isComment ? text.indexOf('-->', index + 4) : (run?.index ?? 0);
    const after = end < 0 ? text.length : end + (isComment ? 3 : mark.length);
    const piece = text.slice(index, after);
    kept += text.slice(position, index) + (isComment ? piece.replace(/[^\n]+/g, '') : piece);
    position = after;
  }
  return kept + text.slice(position);
}

/** For each run of backticks the next one of the same length, which closes the code that it opens; found from the end. */
function closingRuns(marks: readonly string[]): (number | undefined)[] {
  const next = new Map<string, number>();
  const closing: (number | undefined)[] = [];
  for (let place = marks.length - 1; place >= 0; place -= 1) {
    const mark = marks[place] ?? '';
    closing[place] = next.get(mark);
    next.set(mark, place);
  }
  return closing;
}
