import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FILES } from '../../scripts/read/recorded-files.ts';
import { TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { runBundled } from '../support/bundle.ts';
import { GATE_ALONE } from '../support/door.ts';
import { stage } from '../support/gitlab.ts';

const PAGE = await readFile(new URL('../../docs/rehearsal.md', import.meta.url), 'utf8');
/** The words behind `npm run rehearse --` of every command. */
const COMMANDS = [...PAGE.matchAll(/^npm run rehearse -- (.+)$/gm)].map(([, words = '']) => words.split(' '));

describe('docs/rehearsal.md', () => {
  it('has commands that do what it says, in their order', async () => {
    const scene = await stage();
    scene.closed(TOO_EARLY, { confidential: true, title: 'Everything about Wolpertinger' });
    const folder = await mkdtemp(path.join(tmpdir(), 'rehearsal-'));
    const variables = { GITLAB_URL: scene.gitlab.address, WATCHKEEPER_TOKEN: scene.bot.token, WATCHKEEPER_CONFIG: GATE_ALONE, WATCHKEEPER_OUT: folder };
    const told = [];
    for (const words of COMMANDS) {
      const flags = words.map((word) => (word === 'recorded' ? path.join(folder, word) : word));
      const own = flags.includes('--record') ? { ...variables, WATCHKEEPER_CONFIG: GATE_ALONE } : { WATCHKEEPER_OUT: folder };
      const { exitCode, output } = await runBundled('rehearse', own, flags);
      told.push(`${exitCode} ${output.trimEnd().split('\n').at(-1)?.replaceAll(`${folder}/`, '') ?? ''}`);
    }
    expect(told).toEqual([
      '0 watchkeeper rehearse: sirt/incidents#7 exempt: OVERRIDDEN [as of 2026-11-20T10:00:00.000Z]',
      '0 watchkeeper rehearse: sirt/incidents#7 verified [as of 2026-11-20T09:50:00.000Z]',
      expect.stringMatching(/^0 .* recorded into recorded, which gives the same as the original \(/),
      expect.stringMatching(/^0 watchkeeper rehearse: [a-z]+\/[a-z]+#1 /),
    ]);
    const files = await readdir(path.join(folder, 'recorded'));
    expect(files.sort()).toEqual(Object.values(FILES).sort());
    const text = (await Promise.all(files.map((file) => readFile(path.join(folder, 'recorded', file), 'utf8')))).join('\n');
    expect(text).not.toMatch(/wolpertinger|sirt|"ana"|127\.0\.0\.1/i);
  });

  it('names each file of a recording, and no other', () => {
    const named = [...PAGE.matchAll(/^\| `([\w.]+)`/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual([...Object.values(FILES), 'description.md'].sort());
  });
});
