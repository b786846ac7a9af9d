import { describe, expect, it } from 'vitest';
import { readCommands } from '../../scripts/read/commands.ts';
import { ana, bot } from '../support/snapshot.ts';

const note = (body: string, author = ana, system = false): Parameters<typeof readCommands>[0][number] => ({ id: 1, body, author, system, createdAt: '2026-11-20T10:00:00Z' });

describe('readCommands', () => {
  it.each([
    { name: 'alone', body: '/override it was a pentest', argument: 'it was a pentest' },
    { name: 'below text, in capitals', body: 'I looked.\n/OVERRIDE it was a pentest\nBye.', argument: 'it was a pentest' },
    { name: 'without an argument', body: '/override', argument: '' },
    { name: 'behind spaces and a tab, before spaces', body: '/override \t it was a pentest  ', argument: 'it was a pentest' },
    { name: 'in a paragraph of almost ten thousand letters', body: `/override x\n${'a'.repeat(9_987)}`, argument: 'x' },
  ])('reads a command $name', ({ body, argument }) => {
    expect(readCommands([note(body)], [bot.id])).toMatchObject([{ name: 'override', argument, noteId: 1, author: ana }]);
  });

  it.each([
    { name: 'in a fence', body: '```\n/override x\n```' },
    { name: 'in a tilde fence', body: '~~~\n/override x\n~~~' },
    { name: 'in inline code', body: 'say `/override x`' },
    { name: 'in code over two lines', body: 'say `\n/override x\n`' },
    { name: 'in a quote', body: '> /override x' },
    { name: 'in a list', body: '- /override x' },
    { name: 'in a comment', body: '<!--\n/override x\n-->' },
    { name: 'in the middle of a line', body: 'please /override x' },
    { name: 'as part of another word', body: '/overrides x' },
    { name: 'in a line that goes on with a bullet', body: '- one\n/override x' },
    { name: 'in a line that goes on with a quote', body: '> one\n/override x' },
    { name: 'in code of two backticks', body: 'say ``\n/override x\n``' },
    { name: 'in a paragraph of ten thousand letters', body: `/override x\n${'a'.repeat(9_988)}` },
  ])('reads none $name', ({ body }) => {
    expect(readCommands([note(body)], [bot.id])).toEqual([]);
  });

  it('reads none of the bot and none of GitLab', () => {
    expect(readCommands([note('/override x', bot), note('/override x', ana, true)], [bot.id])).toEqual([]);
  });

  it.each([
    { name: 'behind spaces', body: '/active\n\nsee\n  /override x' },
    { name: 'behind code', body: '/active\n`x`/override x' },
  ])('reads none $name, beside one that is', ({ body }) => {
    expect(readCommands([note(body)], [bot.id]).map(({ name }) => name)).toEqual(['active']);
  });

  it('reads all of them, the oldest first', () => {
    const notes = [
      { ...note('/active\n/severity-confirmed'), id: 7 },
      { ...note('/OVERRIDE x'), id: 5, createdAt: '2026-11-20T09:00:00Z' },
    ];
    expect(readCommands(notes, [bot.id]).map(({ name, noteId, at }) => [name, noteId, at])).toEqual([
      ['override', 5, '2026-11-20T09:00:00Z'],
      ['active', 7, '2026-11-20T10:00:00Z'],
      ['severity-confirmed', 7, '2026-11-20T10:00:00Z'],
    ]);
  });
});
