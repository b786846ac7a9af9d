import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { stage, type Scene } from '../support/gitlab.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const RUNNER = path.join(ROOT, 'node_modules/.bin/gitlab-ci-local');
const run = promisify(execFile);

type Job = { name: string; when: string };

/** A clone whose remote is the embedded GitLab, so that jobs get its address as CI_API_V4_URL. */
async function checkout(scene: Scene): Promise<string> {
  const folder = path.join(await mkdtemp(path.join(tmpdir(), 'pipeline-')), 'clone');
  execFileSync('git', ['clone', '--quiet', ROOT, folder]);
  const git = (...words: string[]): void => {
    execFileSync('git', words, { cwd: folder });
  };
  git('remote', 'set-url', 'origin', `${scene.gitlab.address}/sirt/watchkeeper.git`);
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main');
  return folder;
}

async function pipeline(folder: string, source: string, words: string[]): Promise<string> {
  const variables = ['--variable', `CI_PIPELINE_SOURCE=${source}`, '--variable', 'CI_COMMIT_BRANCH=main', '--variable', 'CI_DEFAULT_BRANCH=main'];
  const { stdout, stderr } = await run('env', ['GCL_IGNORE_PREDEFINED_VARS=CI_PIPELINE_SOURCE', RUNNER, '--force-shell-executor', ...variables, ...words], { cwd: folder });
  return stdout + stderr;
}

async function jobsOf(folder: string, source: string, inputs: string[] = []): Promise<string[]> {
  const words = inputs.flatMap((input) => ['--input', input]);
  const { stdout } = await run('env', ['GCL_IGNORE_PREDEFINED_VARS=CI_PIPELINE_SOURCE', RUNNER, '--list-json', '--variable', `CI_PIPELINE_SOURCE=${source}`, ...words], { cwd: folder });
  return (JSON.parse(stdout) as Job[]).filter(({ when }) => when !== 'never').map(({ name }) => name);
}

describe('.gitlab-ci.yml, run by gitlab-ci-local', () => {
  it.each([
    { source: 'trigger', inputs: [], jobs: ['on-event'] },
    { source: 'trigger', inputs: ['task=timer'], jobs: ['on-event'] },
    { source: 'schedule', inputs: [], jobs: ['sweep'] },
    { source: 'schedule', inputs: ['task=timer'], jobs: ['sweep'] },
    { source: 'schedule', inputs: ['task=shift'], jobs: ['shift'] },
    { source: 'schedule', inputs: ['task=report'], jobs: ['report', 'dashboard'] },
    { source: 'schedule', inputs: ['task=report', 'report_flags=--evidence --from 2026-07-01 --to 2026-09-30'], jobs: ['report'] },
    { source: 'web', inputs: ['task=report'], jobs: ['report', 'dashboard'] },
    { source: 'trigger', inputs: ['task=report'], jobs: ['on-event'] },
    { source: 'web', inputs: [], jobs: ['sweep'] },
    { source: 'web', inputs: ['task=shift'], jobs: ['shift'] },
    { source: 'merge_request_event', inputs: [], jobs: ['check: [20.19]', 'check: [22]', 'check: [24]'] },
    { source: 'pipeline', inputs: ['task=timer', 'project=42', 'iid=7'], jobs: ['timer'] },
    { source: 'api', inputs: ['task=timer', 'project=42', 'iid=7'], jobs: ['timer'] },
    { source: 'pipeline', inputs: [], jobs: [] },
    { source: 'api', inputs: [], jobs: [] },
  ])('a pipeline by $source with the inputs $inputs has the jobs $jobs', async ({ source, inputs, jobs }) => {
    expect(await jobsOf(await checkout(await stage()), source, inputs)).toEqual(jobs);
  });

  it('a timer reads its issue again, and reopens it', async () => {
    const scene = await stage();
    const folder = await checkout(scene);
    const issue = scene.closed(TOO_EARLY);
    const variables = { TRIGGER_PAYLOAD: '/overridden', WATCHKEEPER_TOKEN: scene.bot.token, WATCHKEEPER_NOW: scene.clock.now.toISOString() };
    await writeFile(path.join(folder, 'vars.yml'), JSON.stringify(variables));
    const inputs = ['task=timer', 'project=42', `iid=${issue.iid}`, 'start_in=1 minute'].flatMap((input) => ['--input', input]);
    const done = await pipeline(folder, 'pipeline', ['--variables-file', 'vars.yml', ...inputs]);
    expect(done).toContain(`sirt/incidents#${issue.iid} blocked`);
    expect(issue).toMatchObject({ state: 'opened', labels: ['closure::blocked'] });
  }, 300_000);

  it('a triggered pipeline reopens the incident, a scheduled one finds another', async () => {
    const scene = await stage();
    const folder = await checkout(scene);
    const issue = scene.closed(TOO_EARLY);
    const payload = { object_kind: 'issue', user: { id: issue.authorId }, project: { id: 42 }, object_attributes: { iid: issue.iid, action: 'close' } };
    await writeFile(path.join(folder, 'payload.json'), JSON.stringify(payload));
    const variables = { TRIGGER_PAYLOAD: path.join(folder, 'payload.json'), WATCHKEEPER_TOKEN: scene.bot.token, WATCHKEEPER_NOW: scene.clock.now.toISOString() };
    await writeFile(path.join(folder, 'vars.yml'), JSON.stringify(variables));
    const triggered = await pipeline(folder, 'trigger', ['--variables-file', 'vars.yml']);
    expect(triggered).toContain(`sirt/incidents#${issue.iid} blocked`);
    expect(issue).toMatchObject({ state: 'opened', labels: ['closure::blocked'] });
    const missed = scene.closed(TOO_EARLY);
    const swept = await pipeline(folder, 'schedule', ['--variables-file', 'vars.yml']);
    expect(swept).toContain('watchkeeper sweep: ');
    expect(missed.state).toBe('opened');
  }, 300_000);

  it('a scheduled report leaves the history, and the next one goes on with it', async () => {
    const scene = await stage();
    const folder = await checkout(scene);
    const issue = scene.closed(TOO_EARLY);
    issue.updatedAt = '2026-11-20T09:45:00.000Z';
    const report = async (): Promise<{ reads: number; writes: number }> => {
      const variables = { WATCHKEEPER_TOKEN: scene.bot.token, WATCHKEEPER_NOW: scene.clock.now.toISOString() };
      await writeFile(path.join(folder, 'vars.yml'), JSON.stringify(variables));
      const done = await pipeline(folder, 'schedule', ['--variables-file', 'vars.yml', '--input', 'task=report', 'report']);
      const [, reads, writes] = /watchkeeper report: 1 incident, .* (\d+) reads, (\d+) writes?/.exec(done) ?? [];
      const history = JSON.parse(await readFile(path.join(folder, 'report/history.json'), 'utf8')) as { taken_at: string };
      expect(history.taken_at).toBe(scene.clock.now.toISOString());
      expect(await readFile(path.join(folder, 'report/public/index.html'), 'utf8')).toContain('On-call dashboard');
      return { reads: Number(reads), writes: Number(writes) };
    };
    const first = await report();
    expect(first.writes).toBe(2);
    scene.clock.now = new Date('2026-11-21T10:00:00.000Z');
    const second = await report();
    expect(second.writes).toBe(0);
    expect(second.reads).toBeLessThanOrEqual(first.reads - 3);
  }, 300_000);
});
