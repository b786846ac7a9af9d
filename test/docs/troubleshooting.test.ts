import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERRORS, givenWithoutWords, saidByErrors, saidUnder } from '../support/messages.ts';

const PAGE = readFileSync(new URL('../../docs/troubleshooting.md', import.meta.url), 'utf8');

/** The text below a heading of the second level. */
function below(heading: string): string {
  return PAGE.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
}

const inOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The items that are messages, each with what is said of it. */
function explained(text: string): { message: string; advice: string }[] {
  return [...text.matchAll(/^- `(.+)`\n\n((?: {2}.+\n)+)/gm)].map(([, message = '', advice = '']) => ({ message, advice: inOneLine(advice) }));
}

/** A word alone, such as the colour of warnings, is no message. */
const isMessage = (text: string): boolean => text.includes(' ');
const warnings = [...saidUnder('warning'), ...saidUnder('warnings.push'), ...saidUnder('say').filter((text) => text.startsWith('warning: '))];

describe('docs/troubleshooting.md', () => {
  it.each([
    { heading: 'Exit 2: setup error', said: [...saidByErrors('SetupError'), ...saidUnder('mistake')] },
    { heading: 'Schemas of your own', said: saidByErrors('Refused') },
    { heading: 'Exit 3: left over', said: saidByErrors('LeftOver') },
    { heading: 'Exit 0: nothing to do', said: saidUnder('nothing') },
    { heading: 'Warnings', said: warnings.map((text) => text.replace(/^warning: /, '')).filter(isMessage) },
  ])('has below $heading all that is said of it, and nothing else', ({ heading, said }) => {
    expect(said.length).toBeGreaterThan(0);
    const told = below(heading).match(/(?<=^- `).+(?=`$)/gm) ?? [];
    expect([...told].sort()).toEqual([...said].sort());
  });

  it('overlooks no error: those without words of their own pass on what others say', () => {
    expect(givenWithoutWords()).toEqual(['`${issue.reference}: ${error.message}`', 'error.message', 'message', 'parsed.says', 'said.says']);
  });

  it('says of each message what to do', () => {
    const told = explained(PAGE);
    expect(told.length).toBe(PAGE.match(/^- `.+`$/gm)?.length);
    expect(told.filter(({ advice }) => !/Do: .+\.$/.test(advice)).map(({ message }) => message)).toEqual([]);
  });

  it('names each class of errors, its file and its exit code, and none that is gone', () => {
    const rows = [...below('Errors by name').matchAll(/^\| `(\w+)` +\| `(.+?)` +\| (\d) /gm)].map(([, name, file, code]) => `${name} ${file} ${code}`);
    expect(rows.sort()).toEqual(ERRORS.map(({ name, file, root }) => `${name} ${file} ${root === 'LeftOver' ? 3 : 2}`).sort());
  });

  it("cites GitLab's documentation for each failure of GitLab's side", () => {
    const failures = below('No pipeline, or it sees nothing').split(/^- /m).slice(1).map(inOneLine);
    expect(failures.length).toBeGreaterThan(10);
    expect(failures.filter((failure) => !/ Do: .+\(GitLab docs, `[a-z/_]+`, ".+"\.\)$/.test(failure))).toEqual([]);
  });
});
