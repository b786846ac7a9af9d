import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { HAS_CONTRACT } from '../support/contract.ts';
import { DEVIATIONS } from '../support/deviations.ts';
import { stage } from '../support/gitlab.ts';
import { NEEDED } from '../support/judge.ts';

const run = promisify(execFile);
const FOLDER = fileURLToPath(new URL('clients/', import.meta.url));

/** Clients that others wrote, as Debian has them; each drives the whole life of issues, notes, labels, schedules, triggers and hooks. */
const CLIENTS = [
  { name: 'python-gitlab', program: '/usr/bin/python3', library: '/usr/lib/python3/dist-packages/gitlab', file: 'lifecycle.py' },
  { name: 'ruby-gitlab', program: '/usr/bin/ruby', library: '/usr/bin/ruby-gitlab', file: 'lifecycle.rb' },
];

describe('clients that others wrote (skipped where they are not installed)', () => {
  for (const { name, program, library, file } of CLIENTS) {
    it.skipIf(!existsSync(library))(`${name} is content with the embedded GitLab`, async () => {
      const { gitlab, project } = await stage();
      const token = gitlab.world.userNamed('lea').token;
      const env = { PATH: '/usr/bin:/bin', GITLAB_URL: gitlab.address, GITLAB_PROJECT: String(project.id), GITLAB_TOKEN: token };
      const { stdout } = await run(program, [FOLDER + file], { env }).catch((error: unknown) => {
        const told = error as { stdout?: string; stderr?: string };
        throw new Error(`${name}: ${(told.stdout ?? '').slice(-500)}${told.stderr ?? ''}`);
      });
      expect(stdout).toMatch(/^\d{2,} steps$/m);
    });
  }

  it.skipIf(!HAS_CONTRACT || CLIENTS.some(({ library }) => !existsSync(library)))("need each deviation from GitLab's own data that is listed", async () => {
    const { call, gitlab } = await stage();
    const { iid } = await call('lea', 'POST', '/projects/42/issues', { title: 'x', assignee_ids: [gitlab.world.userNamed('ana').id] });
    await call('lea', 'POST', '/projects/42/repository/branches', { branch: 'mend', ref: 'main' });
    await call('lea', 'POST', '/projects/42/merge_requests', { title: `Closes #${String(iid)}`, source_branch: 'mend', target_branch: 'main' });
    await call('lea', 'GET', '/projects/42/merge_requests/1/closes_issues');
    const { id } = await call('lea', 'POST', '/projects/42/pipeline_schedules', { description: 'x', ref: 'main', cron: '0 * * * *' });
    await call('lea', 'POST', `/projects/42/pipeline_schedules/${String(id)}/play`);
    await call('lea', 'GET', `/projects/42/pipeline_schedules/${String(id)}`);
    await call('lea', 'GET', '/personal_access_tokens/self');
    await call('lea', 'GET', `/users/${gitlab.world.userNamed('ana').id}`);
    expect(DEVIATIONS.filter((deviation) => !NEEDED.has(deviation))).toEqual([]);
  });
});
