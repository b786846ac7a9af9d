import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { runBundled } from '../support/bundle.ts';
import { GATE_ALONE } from '../support/door.ts';
import { stage } from '../support/gitlab.ts';

async function rehearse(files: Record<string, string>, flags: string[]): Promise<{ exitCode: number | null; output: string; folder: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rehearse-'));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  const placed = flags.map((flag) => (flag.startsWith('./') ? path.join(folder, flag) : flag));
  const ran = await runBundled('rehearse', { WATCHKEEPER_OUT: path.join(folder, 'out') }, placed);
  return { ...ran, output: ran.output.replaceAll(`${folder}/`, ''), folder };
}

describe("GitLab's own answers", () => {
  it('are rehearsed as they are, the comments with them', async () => {
    const scene = await stage();
    scene.closed(TOO_EARLY);
    await scene.call('ben', 'POST', '/projects/42/issues/1/notes', { body: '/override a drill that was announced to everybody' });
    const issue = JSON.stringify(await scene.call('ana', 'GET', '/projects/42/issues/1'));
    const notes = JSON.stringify(await scene.call('ana', 'GET', '/projects/42/issues/1/notes'));
    const members = JSON.stringify([{ id: scene.gitlab.world.userNamed('ben').id, username: 'ben', access_level: 40 }]);
    const alone = await rehearse({ 'one.json': issue }, ['--from', './one.json']);
    expect(alone).toMatchObject({ exitCode: 0, output: expect.stringMatching(/#1 blocked: OWNER_MISSING .* \[as of 2026-11-20T10:15/) as string });
    expect(alone.output).toContain("warning: nobody's role is known");
    const whole = await rehearse({ 'issue.json': issue, 'notes.json': notes, 'members.json': members }, ['--from', './']);
    expect(whole.output).toContain('#1 exempt: OVERRIDDEN');
  });
});

describe('what is no recording is named', () => {
  it.each<{ name: string; files: Record<string, string>; flags: string[]; says: string }>([
    { name: 'nothing', files: {}, flags: [], says: 'rehearse wants --from FILE or --record REFERENCE, one of them.' },
    { name: 'no such file', files: {}, flags: ['--from', './a.json'], says: 'There is no recorded incident at a.json.' },
    { name: 'an empty folder', files: {}, flags: ['--from', './'], says: 'holds no recorded incident: neither issue.json nor description.md is in it.' },
    { name: 'no JSON', files: { 'a.json': '{' }, flags: ['--from', './a.json'], says: 'a.json is no JSON: ' },
    { name: 'another answer', files: { 'a.json': '{"message":"404"}' }, flags: ['--from', './a.json'], says: 'a.json does not hold what GitLab answers: an issue is wanted.' },
    { name: 'an unknown key', files: { 'description.md': '', 'issue.yml': 'closer: ana' }, flags: ['--from', './'], says: 'issue.yml: closer is nothing that a case says of its issue.' },
    { name: 'a wrong value', files: { 'description.md': '', 'issue.yml': 'labels: incident' }, flags: ['--from', './'], says: 'issue.yml: labels is not as a case has it.' },
    { name: 'broken YAML', files: { 'description.md': '', 'issue.yml': 'labels: [a' }, flags: ['--from', './'], says: 'issue.yml is no YAML in line 1: ' },
    { name: 'no list of keys', files: { 'description.md': '', 'issue.yml': '- a' }, flags: ['--from', './'], says: 'issue.yml is no list of keys and values.' },
    { name: 'a mistake in its config', files: { 'description.md': '', 'issue.yml': 'config: { no: 1 }' }, flags: ['--from', './'], says: 'The config of the case has a mistake: ' },
    { name: 'no time', files: { 'description.md': '' }, flags: ['--from', './', '--at', 'noon'], says: '--at is no time such as 2026-11-20T10:00:00Z, and is "noon".' },
  ])('$name', async ({ files, flags, says }) => {
    expect(await rehearse(files, flags)).toMatchObject({ exitCode: 2, output: expect.stringContaining(says) as string });
  });
});

describe('a record', () => {
  it('goes into a new folder alone, and of what is there alone', async () => {
    const scene = await stage();
    scene.closed(TOO_EARLY);
    const folder = await mkdtemp(path.join(tmpdir(), 'record-'));
    const variables = { GITLAB_URL: scene.gitlab.address, WATCHKEEPER_TOKEN: scene.bot.token, WATCHKEEPER_CONFIG: GATE_ALONE, WATCHKEEPER_OUT: path.join(folder, 'out') };
    const taken = await runBundled('rehearse', variables, ['--record', 'sirt/incidents#1', '--into', folder]);
    expect(taken).toMatchObject({ exitCode: 2, output: expect.stringContaining('is there already. Name a new folder with --into.') as string });
    const gone = await runBundled('rehearse', variables, ['--record', 'sirt/incidents#99', '--into', path.join(folder, 'new')]);
    expect(gone).toMatchObject({ exitCode: 2, output: expect.stringContaining('sirt/incidents#99 names no issue that the bot may see.') as string });
    expect(await readdir(folder)).toEqual(['out']);
  });
});
