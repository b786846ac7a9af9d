/** A node of a flowchart, by its name, with words in quotation marks where it is first met. */
const NODE = '([a-z]\\w*)(?:\\["[^"]+"\\]|\\[\\("[^"]+"\\)\\])?';
const FLOW = new RegExp(`^ +${NODE}(?: (?:-->|-\\.->)(?:\\|"[^"]+"\\|)? ${NODE})?$`);
const WORDED = /([a-z]\w*)\[/g;
const MOVE = /^ +(\[\*\]|[a-z]\w*) --> (\[\*\]|[a-z]\w*)(?: : [^:;]+)?$/;
const STATE = /^ +state "[^"]+" as ([a-z]\w*)$/;
/** Words that mean something else to Mermaid. */
const RESERVED = ['end', 'graph', 'subgraph', 'state', 'class', 'click', 'style', 'default'];

/**
 * What is wrong with a picture, as far as can be told without drawing it: lines that are none of the few kinds that our pages use,
 * and names that have no words. Source: mermaid.js.org, syntax of flowcharts and of state diagrams.
 */
export function mermaidFlaws(text: string): string[] {
  const [head = '', ...lines] = text.trimEnd().split('\n');
  if (/^flowchart (?:LR|TD)$/.test(head))
    return flawsOf(
      lines,
      FLOW,
      lines.flatMap((line) => [...line.matchAll(WORDED)].map(([, name = '']) => name)),
    );
  if (head === 'stateDiagram-v2') {
    const states = lines.filter((line) => STATE.test(line));
    return flawsOf(
      lines.filter((line) => !states.includes(line)),
      MOVE,
      states.map((line) => STATE.exec(line)?.[1] ?? ''),
    );
  }
  return [head];
}

/** Lines that are of another form, and names in them that have no words. */
function flawsOf(lines: readonly string[], form: RegExp, worded: readonly string[]): string[] {
  const found = lines.map((line) => ({ line, names: (form.exec(line)?.slice(1) ?? []).filter((name: string | undefined) => name !== undefined && name !== '[*]') }));
  const broken = found.filter(({ line, names }) => !form.test(line) || names.some((name) => RESERVED.includes(name))).map(({ line }) => line);
  const silent = [...new Set(found.flatMap(({ names }) => names))].filter((name) => !worded.includes(name));
  return [...broken, ...silent.map((name) => `${name} has no words`)];
}
