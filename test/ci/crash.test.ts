import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

it('a crash of ours ends with 1, its stack and those of its causes, and without the token', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'crash-'));
  const door = path.join(folder, 'door.mts');
  const job = pathToFileURL(path.resolve('scripts/ci/job.ts')).href;
  const crash = "async (job) => { throw new TypeError('ours', { cause: new Error(`with ${job.token}`) }); }";
  await writeFile(door, `import { runJob } from '${job}';\nrunJob({ name: 'door', limitMs: 1000, help: '' }, ${crash});\n`);
  const env = { GITLAB_URL: 'http://127.0.0.1:9', WATCHKEEPER_TOKEN: 'glpat-secret', WATCHKEEPER_OUT: folder };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', door], { env, encoding: 'utf8' });
  expect([status, stdout + stderr]).toEqual([1, expect.stringMatching(/TypeError: ours[^]* at [^]*Error: with \[masked\]/)]);
  expect(stdout + stderr).not.toContain('glpat-secret');
  expect(await readdir(folder)).toEqual(['door.mts']);
});

it('no secret is logged, whatever a run prints of it', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'secrets-'));
  const door = path.join(folder, 'door.mts');
  const job = pathToFileURL(path.resolve('scripts/ci/job.ts')).href;
  const leak = "async (job) => { job.log(JSON.stringify([job.token, job.pagerduty, job.slackUrl, new URL(job.slackUrl).pathname])); throw new Error('over'); }";
  await writeFile(door, `import { runJob } from '${job}';\nrunJob({ name: 'door', limitMs: 1000, help: '' }, ${leak});\n`);
  const secrets = { WATCHKEEPER_TOKEN: 'glpat-one', PAGERDUTY_TOKEN: 'pd-two', PAGERDUTY_ROUTING_KEY: 'R0123456789abcdef0123456789three' };
  const env = { ...secrets, GITLAB_URL: 'http://127.0.0.1:9', SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/four', WATCHKEEPER_OUT: folder };
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', door], { env, encoding: 'utf8' });
  expect(stdout + stderr).toContain('["[masked]",{"token":"[masked]","routingKey":"[masked]"},"[masked]","[masked]"]');
  expect(stdout + stderr).not.toMatch(/one|two|three|four/);
});

it('a run that never settles is no success', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'unsettled-'));
  const door = path.join(folder, 'door.mts');
  const job = pathToFileURL(path.resolve('scripts/ci/job.ts')).href;
  await writeFile(door, `import { runJob } from '${job}';\nrunJob({ name: 'door', limitMs: 1000, help: '' }, () => new Promise(() => undefined));\n`);
  const env = { GITLAB_URL: 'http://127.0.0.1:9', WATCHKEEPER_TOKEN: 'glpat-one', WATCHKEEPER_OUT: folder };
  expect(spawnSync(process.execPath, ['--import', 'tsx', door], { env }).status).toBe(13);
});
