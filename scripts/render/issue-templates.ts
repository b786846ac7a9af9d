import { demandedFields } from '../decide/demands.ts';
import type { Installation } from '../read/config.ts';
import type { Field } from '../schema/fields.ts';
import { render } from './engine.ts';

const KINDS = ['process', 'tooling', 'knowledge base'];

/**
 * The issue templates of an installation, by file name: a short one with what every incident needs to be closed, and a
 * full one. Hints are HTML comments, which do not count as answers; quick actions stand at the end.
 * Source: GitLab docs, user/project/description_templates and user/project/quick_actions.
 */
export function renderIssueTemplates(installation: Installation): Record<string, string> {
  const { form } = installation;
  const closed = { outcome: { kind: 'resolved' } } as const;
  const always = demandedFields({ ...closed, severity: 4 }, form);
  const major = demandedFields({ ...closed, severity: 1 }, form);
  const isNeeded = ({ path }: Field): boolean => always.includes(path[0]) || path[0] === 'severity';
  const toSection = (name: string, fields: readonly Field[]): object => {
    const needed = fields.some(({ path }) => always.includes(path[0]));
    const neededBySome = fields.some(({ path }) => major.includes(path[0]));
    const when = needed
      ? ''
      : neededBySome
        ? 'asked for at severity 1 and 2'
        : name === 'Hand-off'
          ? 'asked for at a hand-off'
          : 'if there is any';
    return { name, when, lines: fields.flatMap(toLines) };
  };
  const template = (full: boolean): string => {
    const names = [...form.sections.keys()];
    const wanted = names.map(
      (name) => [name, form.fields.filter((field) => field.section === name && (full || isNeeded(field)))] as const,
    );
    const sections = wanted.filter(([, fields]) => fields.length > 0).map(([name, fields]) => toSection(name, fields));
    const labels = installation.incident.labels.filter((label) => !label.includes('"'));
    return `${render('issues/incident', { full, sections, labels }).trim()}\n`;
  };
  return { 'Incident.md': template(false), 'Incident - full.md': template(true) };
}

/** The lines of a template in which a field is written: hints are HTML comments. */
export function toLines({ title, section, reads, hint }: Field): string[] {
  if (reads === 'notes') return KINDS.map((kind) => `- ${kind}: <!-- ${hint.replace(/^[^:]*: /, '')} -->`);
  if (title !== section) return [`- **${title}**: <!-- ${hint} -->`];
  return [reads === 'prose' ? `<!-- ${hint} -->` : `- <!-- ${hint} -->`];
}
