import type { Check } from '../decide/plan.ts';
import type { Block } from '../read/yaml-block.ts';
import type { Field } from '../schema/fields.ts';
import type { Form } from '../schema/form.ts';

/**
 * Text to paste into a description: instead of a line, below a section that it has (with its line), or as new sections;
 * `yaml` where it goes into a YAML block.
 */
export type Paste = {
  instead?: { title: string; line: number };
  into?: { section: string; line: number };
  yaml?: true;
  text: string;
};

/** What a description has already, and the form that it was held against. */
type Present = { sections: ReadonlyMap<string, number>; blocks: readonly Block[]; form: Form };

/** For what is missing, the text to paste and fill in: hints stand where answers belong, and do not count as such. */
export function pasteFor(failing: readonly Check[], present: Present): Paste[] {
  const { form } = present;
  // What stands outside its section is to be moved, not written a second time.
  const lacking = failing.filter(({ kind, meant }) => kind === 'missing' && meant?.kind !== 'homeless field');
  const missing = new Set(lacking.filter((check) => !isReplaced(check, present)).map(({ field }) => field));
  const fields = form.fields.filter(({ path }) => missing.has(path.join('/')));
  const bySection = [...form.sections.keys()].map(
    (name) => [name, fields.filter(({ section }) => section === name)] as const,
  );
  const wanted = bySection.filter(([, members]) => members.length > 0);
  const wrong = failing.filter(({ kind }) => kind === 'missing' || kind === 'invalid');
  const replacements = wrong.flatMap((check) => toReplacement(check, present));
  return [
    ...replacements.filter(isFirstOfLine),
    ...wanted.flatMap(([section, members]) => intoSection(section, members, present)),
    ...toNew(
      wanted.filter(([section]) => !present.sections.has(section)),
      present,
    ),
  ];
}

/** Several checks may fail for one line. */
function isFirstOfLine({ instead }: Paste, index: number, all: readonly Paste[]): boolean {
  return all.findIndex((other) => other.instead?.line === instead?.line) === index;
}

function intoSection(section: string, fields: readonly Field[], { sections }: Present): Paste[] {
  const line = sections.get(section);
  return line === undefined ? [] : [{ into: { section, line }, text: fields.map(toLine).join('\n') }];
}

/** New sections; where the whole record is a YAML block, lines of that. */
function toNew(absent: readonly (readonly [string, readonly Field[]])[], { blocks }: Present): Paste[] {
  const record = blocks.find(({ section }) => section === 'Incident');
  const single = absent.flatMap(([, fields]) => fields).filter(({ path }) => path.length === 1);
  if (absent.length === 0) return [];
  if (record && single.length > 0) {
    const into = { section: 'Incident', line: record.from };
    return [{ into, yaml: true, text: single.map(toYaml).join('\n') }];
  }
  return [{ text: absent.map(([section, fields]) => toSection(section, fields)).join('\n\n') }];
}

/** What is there but says too little, or cannot be read, is replaced: a second line beside it would contradict it. */
function toReplacement(check: Check, present: Present): Paste[] {
  const { field, line } = check;
  const known = present.form.fieldAt(field.split('/'));
  // A line of names may hold good ones too: there the words must do.
  if (!known || line === undefined || known.reads === 'users') return [];
  const instead = { title: known.title, line };
  if (!isReplaced(check, present)) return [];
  return [isInYaml(line, present) ? { instead, yaml: true, text: toYaml(known) } : { instead, text: toLine(known) }];
}

/** Whether its line is to be written anew: it says something, or it is a key without a value, which must not stand twice. */
function isReplaced({ given, line }: Check, present: Present): boolean {
  return given.length > 0 || (line !== undefined && isInYaml(line, present));
}

function isInYaml(line: number, { blocks }: Present): boolean {
  return blocks.some(({ from, to }) => from <= line && line <= to);
}

function toYaml({ path, reads, hint }: Field): string {
  const [key = ''] = path.slice(-1);
  return LISTS.has(reads) ? `${key}:\n  - ${JSON.stringify(hint)}` : `${key}: ${JSON.stringify(hint)}`;
}

const LISTS: ReadonlySet<Field['reads']> = new Set([
  'users',
  'items',
  'entries',
  'correspondence',
  'references',
  'notes',
  'actions',
]);

/** The whole template, for a description that has none of our sections. */
export function wholeTemplate(form: Form): string {
  const inTemplate = [...form.sections.keys()].filter((name) => name !== 'Incident');
  return inTemplate
    .map((name) =>
      toSection(
        name,
        form.fields.filter(({ section }) => section === name),
      ),
    )
    .join('\n\n');
}

function toSection(section: string, fields: readonly Field[]): string {
  return `## ${section}\n\n${fields.map(toLine).join('\n')}`;
}

/** The line to fill in for a field, as it stands in templates. */
function toLine({ title, section, reads, hint }: Field): string {
  if (title !== section) return `- **${title}**: ${hint}`;
  return reads === 'prose' ? hint : `- ${hint}`;
}
