import { createRequire } from 'node:module';
import type * as recheck from 'recheck';
import { describe, expect, it } from 'vitest';
import { PATTERNS, type Pattern } from './patterns.ts';

/** The analyser in plain JavaScript: the others start programs, and answer by the clock. */
const { checkSync } = createRequire(import.meta.url)('recheck/lib/browser.js') as typeof recheck;

/** The numbers that fuzzing draws are always the same. Most patterns take milliseconds, the slowest some seconds: a minute is for machines in distress. */
const PARAMETERS = { timeout: 60_000, randomSeed: 1 } as const;

type Excepted = { file: string; source: string; why: string };

/** Patterns that take more than linear time, where no text that people write is long enough for that to matter. */
const HARMLESS: Excepted[] = [
  { file: 'ci/environment.ts', source: String.raw`\/+$`, why: "an address in a variable of the operator's" },
  { file: 'ci/secrets.ts', source: String.raw`\/+$`, why: "an address in a variable of the operator's" },
  { file: 'ci/ending.ts', source: String.raw`\/+$`, why: "an address in a variable of the operator's" },
  { file: 'ci/flags.ts', source: String.raw`\.?\s*(?:\n|\. )`, why: "Node's words about a flag" },
  {
    file: 'schema/formats.ts',
    source: String.raw`(?<![\w/#&!])(?:[A-Za-z0-9_][\w.-]{0,254}(?:/[A-Za-z0-9_][\w.-]{0,254}){0,20})?[#!&]\d{1,10}(?!\w)`,
    why: 'the 4,096 characters in which a reference is looked for',
  },
  { file: 'render/terminal.ts', source: String.raw`<details><summary>(.*?)<\/summary>[^]*?<\/details>`, why: 'a comment of ours, in the demo; what people wrote has 200 characters in it' },
  { file: 'schema/generate.ts', source: '#.*$', why: 'references in our own schemas' },
  { file: 'schema/tables.ts', source: String.raw`(<!-- generated: ([\w ]+) -->)[^]*?(<!-- end: \2 -->)`, why: 'our own documents' },
];

const isIn = (list: readonly Excepted[], { file, source, flags }: Pattern): boolean => !flags.includes('m') && list.some((each) => each.file === file && each.source === source);
const nameOf = ({ file, line, source, flags }: Pattern): string => `${file}:${line} /${source ?? ''}/${flags}`;
const rows = PATTERNS.map((pattern) => ({ name: nameOf(pattern), pattern }));

/** What the analyser says: `safe`, or how bad it is and a text that shows it. */
function verdictOn({ source = '', flags }: Pattern): string {
  // As a literal would have it, with its slashes escaped.
  const found = checkSync(new RegExp(source, flags).source, flags, PARAMETERS);
  return found.status === 'vulnerable' ? `${found.complexity.summary}: ${found.attack.pattern}` : found.status;
}

describe('a regular expression takes linear time', () => {
  it.each(rows.filter(({ pattern }) => !isIn(HARMLESS, pattern)))('$name', { timeout: 300_000 }, ({ pattern }) => {
    expect(pattern.source).toBeDefined();
    expect(verdictOn(pattern)).toBe('safe');
  });
});

describe('an exception is one', () => {
  it.each(HARMLESS)('in $file: $why', ({ file, source }) => {
    const pattern = PATTERNS.find((each) => each.file === file && each.source === source);
    expect(pattern && verdictOn(pattern)).toMatch(/polynomial|exponential/);
  });
});
