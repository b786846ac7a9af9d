import type { Form } from '../schema/form.ts';
import type { Config } from '../schema/types.gen.ts';
import { isSchema } from '../schema/tree.ts';
import { COMMANDS } from './commands.ts';

/** Words that a redaction leaves, in small letters: ours and GitLab's, so that none of them is anybody's. */
export type Vocabulary = ReadonlySet<string>;

/** A run of letters and digits: what is left or replaced as a whole. */
const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/** By which answers, placeholders and times are told. Source: `values.ts`, `placeholder.ts`, `time.ts`. */
const READ = `critical high medium low sev severity resolved false positive fp dup duplicate tracked transferred of in to by as
  not needed unneeded required requested needed pending internal external yes no true null on off
  process processes tooling tool tools knowledge base kb runbook documentation automation risk risky decision question questions
  tbd tba tbc wip todo fixme xxx be done determined defined added filled fill me n a na applicable none nothing improve add
  report kein keine keiner aucun aucune improvement improvements notes note rca and or at utc gmt since
  gitlab github issues incident work items merge requests epics http https mailto
  yaml yml json text details summary br code pre table thead tbody tr td th ul ol li strong em a span div sub sup`;

/** What GitLab's own notes are made of. Source: GitLab's app/services/system_notes. */
const NOTED = `assigned unassigned and changed the incident status to triggered acknowledged resolved ignored marked this issue as
  related mentioned in merge request closed reopened added removed label labels severity critical high medium low unknown
  title from description duplicate of due date confidential visible everyone made locked unlocked discussion commit by via`;

/** Severities and priorities, which are letters and digits in one. */
const LEVELS = /^(?:s|p|sev|severity|prio)?[1-4]$|^t\d{2}$|^\d{1,2}(?:am|pm|h)$/;

/** The words of a form (the names of sections and fields, their choices), of commands, and of what answers are told by. */
export function vocabularyOf({ sections, fields, registry }: Form): Vocabulary {
  const sectionNames = [...sections].flatMap(([name, also]) => [name, ...also]);
  const fieldNames = fields.flatMap(({ title, section, also, path, choices }) => [
    title,
    section,
    ...also,
    ...path,
    ...choices,
  ]);
  const chosen = [...registry.values()].flatMap(enumsIn);
  return new Set(wordsOf([...sectionNames, ...fieldNames, ...chosen, ...COMMANDS, READ].join(' ')));
}

/** The words of GitLab's own notes. */
export const NOTE_WORDS: Vocabulary = new Set(wordsOf(NOTED));

/** The labels that a configuration, or Watchkeeper itself, gives a meaning. */
export function knownLabels(config: Config): (label: string) => boolean {
  const named = new Set(textsIn(config));
  const ours =
    /^(?:ack|review|update|handoff|closure|severity|watchkeeper|follow-up|slo)::[\w-]{1,40}$|^(?:incident|oncall|rca|shift-log)$/;
  return (label) => ours.test(label) || named.has(label);
}

/** The words of a text, in small letters. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(WORD) ?? [];
}

/** Whether a word is one that a redaction leaves. */
export function isKnown(word: string, vocabulary: Vocabulary): boolean {
  const small = word.toLowerCase();
  return vocabulary.has(small) || LEVELS.test(small);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The values that a schema allows by name, wherever in it. */
function enumsIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(enumsIn);
  if (!isSchema(node)) return [];
  const own = ['enum', 'const'].flatMap((keyword) => textsIn(node[keyword]));
  return [...own, ...Object.values(node).flatMap(enumsIn)];
}
