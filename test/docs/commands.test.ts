import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mayCommand } from '../../scripts/decide/rights.ts';
import { COMMANDS } from '../../scripts/read/commands.ts';
import { ana, config, NOW } from '../support/snapshot.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
/** Whom an incident was handed to accepts, whatever role that is; others are told of in test/duty/handoffs.test.ts. */
const ROWS = [...read('docs/commands.md').matchAll(/^\| `\/([a-z-]+)(.*?)` +\| (.+?) +\|/gm)].map(([, name = '', , who = '']) => ({ name, who }));
const LEVELS: Readonly<Record<string, number>> = { 'who can comment': 10, Developer: 30, Maintainer: 40, 'owner or Maintainer': 40 };

describe('docs/commands.md', () => {
  it('has a row for each command, and none for others', () => {
    expect(ROWS.map(({ name }) => name).sort()).toEqual([...COMMANDS].sort());
  });

  it.each(ROWS.filter(({ name }) => name !== 'accept'))('says who may /$name by default: $who', ({ name, who }) => {
    const command = { name: COMMANDS.find((known) => known === name)!, argument: '', noteId: 7, author: ana, at: NOW.toISOString() };
    const level = LEVELS[who]!;
    expect(mayCommand({ ...command, accessLevel: level }, config())).toBe(true);
    expect([...Array(level).keys()].filter((accessLevel) => mayCommand({ ...command, accessLevel }, config()))).toEqual([]);
    expect(mayCommand({ ...command, accessLevel: 5, author: { id: 3, username: 'lea' } }, config())).toBe(true);
  });

  it('is told in short by /help', () => {
    const help = read('templates/comments/reply.hbs');
    expect(COMMANDS.filter((name) => !help.includes(`\`/${name}`))).toEqual(['help']);
  });
});
