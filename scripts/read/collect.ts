import type { Field } from '../schema/fields.ts';
import type { Form } from '../schema/form.ts';
import { withBoldHeadings } from './bold-headings.ts';
import { lineIn, readMarkdown, textUnit, visibleLine, withKey, type Unit } from './markdown.ts';
import { fieldNamed, fieldTitled, sectionNamed } from './names.ts';
import type { Problem } from './problem.ts';
import { StrayFinder, type Stray } from './strays.ts';
import { noteKind, splitLabel } from './values.ts';
import { readYaml, type Block, type YamlEntry } from './yaml-block.ts';

/** What stands in one place for one field: its text, not yet read. */
export type Found = { field: Field; line: number; units: Unit[] };

/**
 * All that a description holds for the form's fields, the sections it has with their lines, what is wrong with its shape,
 * and names in it that are nearly ours.
 */
export type Collection = {
  found: Found[];
  sections: Map<string, number>;
  blocks: Block[];
  problems: Problem[];
  strays: Stray[];
};

/** Walks a description and sorts its text by field: headings, bullets, tables, fenced YAML and prose alike. */
export function collect(description: string, form: Form): Collection {
  const collector = new Collector(form);
  for (const unit of withBoldHeadings(readMarkdown(description), form)) {
    if (unit.kind === 'heading') collector.takeHeading(unit.text, unit.level, unit.line);
    else collector.takeContent(unit);
  }
  const { found, sections, blocks, problems, strays } = collector;
  return { found, sections, blocks, problems, strays: strays.found };
}

type Content = Exclude<Unit, { kind: 'heading' }>;

class Collector {
  found: Found[] = [];
  sections = new Map<string, number>();
  blocks: Block[] = [];
  problems: Problem[] = [];
  readonly strays: StrayFinder;
  private readonly form: Form;
  /** Sections whose whole content is one field, such as the timeline. */
  private readonly whole: ReadonlyMap<string, Field>;
  private section: string | undefined;
  private level = 0;
  private open: { entry: Found; depth: number; whole: boolean } | undefined;

  constructor(form: Form) {
    this.form = form;
    this.strays = new StrayFinder(form);
    this.whole = new Map(
      form.fields.filter(({ title, section }) => title === section).map((field) => [field.section, field]),
    );
  }

  takeHeading(text: string, level: number, line: number): void {
    const inside = this.section !== undefined && level > this.level;
    const section = sectionNamed(text, this.form);
    if (inside && (section === this.section || this.takeSubheading(text, line))) return;
    const field = section === undefined ? fieldTitled(text, this.form) : undefined;
    if (section === undefined && !field) this.strays.lookAtHeading(text, line);
    if (section !== undefined) this.enterSection(section, text, level, line);
    else if (field) {
      this.section = field.section;
      this.level = level;
      this.start(field, line, 0, true);
    } else if (!inside) this.section = this.open = undefined;
    else if (!this.open?.whole) this.open = undefined;
  }

  takeContent(unit: Content): void {
    if (this.section === undefined) this.strays.lookAtText(unit);
    else if (unit.kind === 'fence' && /^ya?ml$/.test(unit.language)) this.takeYaml(unit.text, unit.line);
    else if (this.open?.whole && !this.namesFields(unit)) this.pushWhole(this.open.entry, unit);
    else if (unit.kind === 'row') this.takeRow(unit.cells, unit.line);
    else if (unit.kind === 'text' && !unit.quoted) this.takeLines(unit);
  }

  private pushWhole(entry: Found, unit: Content): void {
    // What stands below a heading that names a field is mended there, not in the heading.
    if (entry.units.length === 0 && !this.whole.has(entry.field.section)) entry.line = visibleLine(unit);
    entry.units.push(unit);
  }

  /** Below a heading that names a field, labels of its section are fields too. */
  private namesFields(unit: Content): boolean {
    if (unit.kind !== 'text' || this.section === undefined || this.whole.has(this.section)) return false;
    const labelled = splitLabel(unit.text.split('\n')[0]?.trim() ?? '');
    return labelled !== undefined && fieldNamed(labelled.label, this.section, this.form)?.section === this.section;
  }

  private enterSection(section: string, text: string, level: number, line: number): void {
    const before = this.sections.get(section);
    if (before !== undefined) {
      const all = this.namesIn(section);
      this.problems.push({
        code: 'SECTION_DUPLICATED',
        kind: 'section duplicated',
        fields: all,
        section,
        line,
        given: [text],
      });
    } else this.sections.set(section, line);
    this.section = section;
    this.level = level;
    const whole = this.whole.get(section);
    if (whole) this.start(whole, line, 0, true);
    else this.open = undefined;
  }

  /** A heading below a section's own: one of its fields, or a kind of improvement note. */
  private takeSubheading(text: string, line: number): boolean {
    if (this.section === 'Improvement notes' && noteKind(text) !== undefined) {
      this.open?.entry.units.push({ kind: 'text', line, depth: 0, bullet: false, quoted: false, text: `${text}:` });
      return true;
    }
    const field = fieldNamed(text, this.section, this.form);
    if (!field || field.section !== this.section || this.whole.has(field.section)) return false;
    this.start(field, line, 0, true);
    return true;
  }

  private start(field: Field, line: number, depth: number, whole: boolean): Found {
    const entry: Found = { field, line, units: [] };
    this.found.push(entry);
    this.open = { entry, depth, whole };
    return entry;
  }

  private takeRow(cells: string[], line: number): void {
    const field = fieldNamed(cells[0] ?? '', this.section, this.form);
    if (!field) {
      this.strays.lookAtName('field', cells[0] ?? '', line, this.section);
      return;
    }
    this.start(field, line, 0, false).units.push(textUnit(cells[1] ?? '', line));
    this.open = undefined;
  }

  /** Each line may name a field; other lines belong to the field above them, if they are of its bullet or below it. */
  private takeLines(unit: Content & { kind: 'text' }): void {
    let mine = this.open !== undefined && unit.depth > this.open.depth;
    for (const [index, text] of unit.text.split('\n').entries()) {
      const labelled = splitLabel(text.trim());
      const named = labelled && fieldNamed(labelled.label, this.section, this.form);
      // Below another field's bullet, only a field of this section counts: the rest is that field's text.
      const isBelow = this.open !== undefined && unit.depth > this.open.depth;
      const field = isBelow && named?.section !== this.section ? undefined : named;
      const line = lineIn(unit, index);
      if (labelled && !named && !isBelow) this.strays.lookAtName('field', labelled.label, line, this.section);
      if (field && labelled) {
        this.start(field, line, unit.depth, false).units.push(textUnit(labelled.value, line));
        mine = true;
      } else if (mine && this.open) this.open.entry.units.push({ ...unit, line, lines: [line], text: text.trim() });
      else this.open = undefined;
    }
  }

  private takeYaml(text: string, line: number): void {
    const block = readYaml(text, line);
    const section = this.section ?? '';
    if (block.entries.length > 0)
      this.blocks.push({ section, from: line, to: line + text.trimEnd().split('\n').length - 1 });
    if (this.open?.whole) this.open.entry.units.push(...block.units);
    for (const problem of block.problems) {
      this.problems.push({
        code: 'YAML_INVALID',
        kind: 'yaml',
        fields: this.namesIn(section),
        section,
        line: problem.line,
        given: [problem.says],
      });
    }
    for (const entry of block.entries) this.takeYamlEntry(entry, section);
  }

  private takeYamlEntry(entry: YamlEntry, section: string): void {
    if (sectionNamed(entry.key, this.form) === 'Hand-off') {
      for (const inner of entry.nested) this.takeYamlEntry(inner, 'Hand-off');
      return;
    }
    const field = fieldNamed(entry.key, section, this.form);
    if (field) this.found.push({ field, line: entry.line, units: entry.units });
    else if (this.open?.whole)
      this.open.entry.units.push(...entry.units.map((unit) => withKey(entry.key, entry.keyLines, unit)));
    else this.strays.lookAtName('key', entry.key, entry.line, section);
  }

  /** The fields that a section makes doubtful, by their first name in the record. */
  private namesIn(section: string): string[] {
    const fields = this.form.fields.filter((field) => section === 'Incident' || field.section === section);
    return fields.map(({ path }) => path[0]);
  }
}
