import { createHash } from 'node:crypto';
import type { Judged, Remark } from '../decide/remarks.ts';
import type { Paper } from '../read/papers.ts';
import { render } from './engine.ts';
import { checkItem } from './gate.ts';
import { pasteFor } from './paste.ts';
import { showSpan } from './times.ts';

/** How findings are printed. */
export const FORMATS = ['text', 'json', 'junit', 'gitlab'] as const;
export type Format = (typeof FORMATS)[number];

/** What was found in some files: `judged` are the descriptions, `remarks` all that is to be said, file by file. */
export type Validation = {
  papers: readonly Paper[];
  remarks: readonly Remark[];
  judged: readonly Judged[];
  skipped: readonly string[];
};

/** What to print, the run's last line, and the files that a run leaves. */
export type Rendered = { output: string; summary: string; exitCode: 0 | 1; artifacts: Record<string, string> };

type Line = Omit<Remark, 'check' | 'stray' | 'flaw' | 'message'> & { message: string };

/** Renders what was found in files. `paint` colours for a terminal, or leaves plain. */
export function renderValidation(
  found: Validation,
  format: Format,
  paint: (style: 'bold' | 'cyan' | 'dim', text: string) => string,
): Rendered {
  const lines = found.remarks.map(toLine);
  const errors = lines.filter(({ level }) => level === 'error').length;
  const junit = render('junit', { door: 'validate', suites: found.papers.map(({ file }) => toSuite(file, lines)) });
  const json = `${JSON.stringify(toJson(found, lines, errors), null, 2)}\n`;
  const output: Record<Format, () => string> = {
    text: () => toText(found, lines, paint),
    json: () => json.trimEnd(),
    junit: () => junit.trimEnd(),
    gitlab: () => JSON.stringify(toCodeQuality(lines), null, 2),
  };
  return {
    output: output[format](),
    summary: summarise(found, lines, errors),
    exitCode: errors > 0 ? 1 : 0,
    artifacts: { 'watchkeeper-report.json': json, 'junit.xml': junit },
  };
}

function toLine(remark: Remark): Line {
  const { file, line, column, code, level } = remark;
  return { ...{ file: visible(file), line, column, code, level }, message: plain(wordsOf(remark)) };
}

function wordsOf(remark: Remark): string {
  if ('message' in remark) return remark.message;
  if ('stray' in remark) return render('validate/stray', { meant: '', ...remark.stray });
  if ('flaw' in remark) {
    const { from, to, timeZone, ...flaw } = remark.flaw;
    return render('validate/roster', { ...flaw, span: showSpan(from, to, timeZone) });
  }
  const { check, form } = remark;
  // The place stands before the words; a second heading and an error in YAML have one inside theirs.
  const line = check.kind === 'yaml' || check.kind === 'section duplicated' ? (check.line ?? null) : null;
  return render('validate/check', { ...checkItem(check, form), line, meant: null });
}

/** A path as it can be shown on a terminal. */
function visible(file: string): string {
  return file.replace(/[\p{Cc}\p{Cf}]/gu, '\uFFFD');
}

/** Bold is for Markdown; what people wrote stands in backticks and keeps its asterisks. */
function plain(text: string): string {
  return text.replace(/`[^`]*`|\*\*/g, (found) => (found === '**' ? '' : found)).trim();
}

function toText(
  { judged }: Validation,
  lines: readonly Line[],
  paint: (style: 'bold' | 'cyan' | 'dim', text: string) => string,
): string {
  const files = [...new Set(lines.map(({ file }) => file))];
  return files
    .flatMap((file) => [
      ...lines
        .filter((each) => each.file === file)
        .map(({ line, column, code, level, message }) => {
          const warning = level === 'warning' ? 'warning: ' : '';
          return `${file}:${line}:${column}: ${paint('bold', code)} ${warning}${message}`;
        }),
      ...judged.filter((each) => each.file === file).flatMap((each) => mending(each, paint)),
    ])
    .join('\n');
}

/** What to paste into a description, set in so that editors do not take it for findings. */
function mending({ failing, snapshot }: Judged, paint: (style: 'cyan', text: string) => string): string[] {
  return pasteFor(failing, snapshot.read).flatMap((paste) => {
    const [head = '', ...text] = render('validate/paste', { instead: null, into: null, yaml: null, ...paste })
      .trim()
      .split('\n');
    return ['', `  ${head}`, ...text.map((line) => (line === '' ? '' : `      ${paint('cyan', line)}`))];
  });
}

function toJson({ papers, skipped }: Validation, lines: readonly Line[], errors: number): object {
  return {
    ...{ door: 'validate', exit_code: errors > 0 ? 1 : 0 },
    files: papers.map(({ file, kind }) => ({
      file,
      kind,
      findings: lines.filter((line) => line.file === file),
    })),
    skipped,
  };
}

function toSuite(file: string, lines: readonly Line[]): object {
  const errors = lines.filter((line) => line.file === file && line.level === 'error');
  const cases = errors.map(({ code, line, column, message }) => ({
    code,
    failed: true,
    waived: false,
    where: `${file}:${line}:${column}: ${message}`,
  }));
  const sound = cases.length > 0 ? cases : [{ code: 'IN_ORDER', failed: false, waived: false, where: file }];
  return { name: file, url: file, cases: sound, failures: cases.length, skipped: 0 };
}

/** GitLab's code quality report. Source: GitLab docs, ci/testing/code_quality, "Code Quality report format". */
function toCodeQuality(lines: readonly Line[]): object[] {
  const seen = new Map<string, number>();
  return lines.map(({ file, line, code, level, message }) => {
    const key = `${file} ${code} ${message}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    const fingerprint = createHash('sha256').update(`${key} ${count}`).digest('hex');
    const location = { path: file.replace(/^\.\//, ''), lines: { begin: line } };
    return {
      description: `${code}: ${message}`,
      check_name: code,
      fingerprint,
      severity: level === 'error' ? 'major' : 'minor',
      location,
    };
  });
}

function summarise({ papers, skipped }: Validation, lines: readonly Line[], errors: number): string {
  const count = (many: number, one: string): string => `${many} ${one}${many === 1 ? '' : 's'}`;
  const wrong = new Set(lines.filter(({ level }) => level === 'error').map(({ file }) => file)).size;
  const told = wrong === 0 ? 'in order' : `${papers.length - wrong} in order, ${wrong} with ${count(errors, 'error')}`;
  const warnings = lines.length - errors;
  return [
    `watchkeeper validate: ${count(papers.length, 'file')}, ${told}`,
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
    ...(skipped.length > 0 ? [`${skipped.length} skipped (neither descriptions nor configurations)`] : []),
  ].join(', ');
}
