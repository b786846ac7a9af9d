import type { Check } from '../decide/plan.ts';
import type { Field } from '../schema/fields.ts';
import type { Form } from '../schema/form.ts';

/** Text to paste into a description: instead of a line, below a section that it has (with its line), or as new sections. */
export type Paste = {
  instead?: { title: string; line: number };
  into?: { section: string; line: number };
  text: string;
};

/** For what is missing, the text to paste and fill in: hints stand where answers belong, and do not count as such. */
export function pasteFor(failing: readonly Check[], sections: ReadonlyMap<string, number>, form: Form): Paste[] {
  // What is there under a misspelt name needs another name, not a second line.
  const lacking = failing.filter(({ kind, meant }) => kind === 'missing' && meant === undefined);
  const missing = new Set(lacking.filter(({ given }) => given.length === 0).map(({ field }) => field));
  const fields = form.fields.filter(({ path }) => missing.has(path.join('/')));
  const bySection = [...form.sections.keys()].map(
    (name) => [name, fields.filter(({ section }) => section === name)] as const,
  );
  const wanted = bySection.filter(([, members]) => members.length > 0);
  const present = wanted.flatMap(([section, members]) => {
    const line = sections.get(section);
    return line === undefined ? [] : [{ into: { section, line }, text: members.map(toLine).join('\n') }];
  });
  const absent = wanted
    .filter(([section]) => !sections.has(section))
    .map(([section, members]) => toSection(section, members));
  const wrong = failing.filter(({ kind }) => kind === 'missing' || kind === 'invalid');
  return [
    ...wrong.flatMap((check) => toReplacement(check, form)),
    ...present,
    ...(absent.length > 0 ? [{ text: absent.join('\n\n') }] : []),
  ];
}

/** What is there but says too little, or cannot be read, is replaced: a second line beside it would contradict it. */
function toReplacement({ field, given, line }: Check, form: Form): Paste[] {
  const known = form.fieldAt(field.split('/'));
  if (!known || given.length === 0 || line === undefined) return [];
  return [{ instead: { title: known.title, line }, text: toLine(known) }];
}

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
