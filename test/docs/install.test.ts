import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import type { Project } from '../../scripts/sandbox/world/records.ts';
import { TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { runBundled } from '../support/bundle.ts';
import { EXAMPLES, PAGES } from '../support/pages-of-docs.ts';
import { emptySite, type Site } from '../support/site.ts';

const LINES = EXAMPLES.filter(({ page, language }) => page === 'docs/install.md' && language === 'shell').flatMap(({ text }) => text.trimEnd().split('\n'));
/** The same in short. */
const README = EXAMPLES.filter(({ page, text }) => page === 'README.md' && text.includes('setup')).flatMap(({ text }) => text.trimEnd().split('\n'));

/** Runs the commands of the page as they stand, with the addresses and tokens of a site for those of the page; tells how each ended. */
async function follow(site: Site, lines: readonly string[], told: string[] = []): Promise<string[]> {
  const folder = path.join(path.dirname(site.configPath), 'new');
  await mkdir(folder, { recursive: true });
  const real: Record<string, string> = { 'group/incidents': 'sirt/incidents', '../oncall.yml': `${folder}/oncall.yml`, 'glpat-of-the-bot': site.bot.token, 'glpat-of-yours': site.lea.token };
  const place = (word: string): string => (word === 'https://gitlab.example.com' ? site.gitlab.address : (real[word] ?? word));
  const exported: Record<string, string> = { WATCHKEEPER_OUT: folder, WATCHKEEPER_NOW: site.clock.now.toISOString() };
  for (const line of lines) {
    const [, name = '', value = ''] = /^export (\w+)=(.+)$/.exec(line) ?? [];
    const [, door = '', flags = ''] = /^npm run (setup|validate)(?: -- (.+))?$/.exec(line) ?? [];
    if (name !== '') exported[name] = place(value);
    else if (door !== '') {
      const { exitCode, output } = await runBundled(door, exported, flags.split(' ').filter(Boolean).map(place));
      told.push(`${String(exitCode)} ${line}: ${output.trimEnd().split('\n').at(-1)?.replaceAll(`${folder}/`, '') ?? ''}`);
    } else told.push(line);
  }
  return told;
}

/** What is there afterwards is what the page tells of. */
async function expectTold({ home, project, configPath }: Site): Promise<void> {
  const page = PAGES.find((each) => each.path === 'docs/install.md')?.text ?? '';
  const filesOf = ({ repository }: Project): string[] => [...(repository.branches.get('main')?.files.keys() ?? [])].filter((name) => name !== 'README.md');
  const made = [...filesOf(home), ...home.variables.map(({ key }) => key)];
  expect(made.length).toBeGreaterThan(3);
  expect(made.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  expect(filesOf(project).filter((name) => !name.startsWith('.gitlab/issue_templates/'))).toEqual([]);
  expect(await readFile(path.join(path.dirname(configPath), 'new/oncall.yml'), 'utf8')).toContain('since: 2026-11-20T10:00:00.000Z');
}

describe('docs/install.md', () => {
  it('has commands that install what it says, and what a premature close needs, in their order', async () => {
    const site = await emptySite();
    expect(await follow(site, LINES)).toEqual([
      'npm ci && npm run bundle',
      '0 npm run setup -- --init group/incidents: watchkeeper setup: wrote oncall.yml',
      expect.stringMatching(/^0 npm run validate -- \.\.\/oncall\.yml: watchkeeper validate: 1 file, in order/),
      expect.stringMatching(/^0 npm run setup: watchkeeper setup: \d+ steps to do, --apply does it; else .* 0 writes$/),
      expect.stringMatching(/^0 npm run setup -- --apply: watchkeeper setup: \d+ steps done; .*[1-9]\d* writes$/),
      expect.stringMatching(/^0 npm run setup -- --check: watchkeeper setup: .* 0 writes$/),
    ]);
    await expectTold(site);
    const { gitlab, project } = site;
    site.runJobs();
    const issue = createIssue(gitlab.world, gitlab.world.userNamed('ana'), project, 'Token leaked', 'incident');
    issue.description = TOO_EARLY;
    await site.call('ana', 'PUT', `/projects/42/issues/${issue.iid}`, { state_event: 'close' });
    await gitlab.settled();
    expect(issue).toMatchObject({ state: 'opened' });
    expect(issue.labels).toContain('closure::blocked');
  });

  it('is what README.md has in short', () => {
    expect(README.filter((line) => !LINES.includes(line))).toEqual([]);
    expect(README.length).toBe(4);
  });
});
