import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMPLETE, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { IDS_TEMPLATE } from '../../scripts/sandbox/story/company.ts';
import { renderHookTemplate } from '../../scripts/sandbox/webhooks/hook-template.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { FILE } from '../support/bundle.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { commitAll, installingProject, jobsOf, runPipeline, serveBundle, type Ended, type Registry, type Started } from '../support/installation.ts';
import { opensMergeRequest, stored } from '../support/merge-requests.ts';
import { DUTY, stagePaging } from '../support/paging.ts';
import { opened } from '../support/scenarios.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CONFIG = path.join(ROOT, 'test/support/oncall.yml');

let registry: Registry;
beforeAll(async () => {
  registry = await serveBundle(await readFile(FILE, 'utf8'));
});
afterAll(() => registry.stop());

/** A project that installs Watchkeeper on a scene's GitLab, and what runs its pipelines. */
async function install(
  scene: Scene,
  { config, bundle = registry }: { config?: string; bundle?: { url: string; sha256: string } } = {},
): Promise<{ folder: string; run: (started: Started) => Promise<Ended> }> {
  const folder = await installingProject(scene.gitlab.address, bundle, config ?? (await readFile(CONFIG, 'utf8')));
  const run = (started: Started): Promise<Ended> => {
    const variables = { WATCHKEEPER_TOKEN: scene.bot.token, WATCHKEEPER_NOW: scene.clock.now.toISOString(), ...started.variables };
    return runPipeline(folder, { ...started, variables });
  };
  return { folder, run };
}

const closing = (issue: StoredIssue, kind = 'issue'): object => ({
  ...{ object_kind: kind, user: { id: issue.authorId }, project: { id: 42 }, id: '42', ref: 'main', variables: {} },
  object_attributes: { iid: issue.iid, action: 'close', type: 'Incident' },
});

describe('a project that has nothing of Watchkeeper but its component and its bundle', () => {
  it.each([
    { name: 'the hook of an issue', payload: (issue: StoredIssue) => closing(issue) },
    { name: 'the hook of a work item', payload: (issue: StoredIssue) => closing(issue, 'work_item') },
    { name: 'the ids of a hook', payload: (issue: StoredIssue) => JSON.parse(renderHookTemplate(IDS_TEMPLATE, closing(issue))) as object },
  ])('reopens an incident that was closed too early, by $name', async ({ payload }) => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    const { run } = await install(scene);
    const { jobs, output } = await run({ source: 'trigger', payload: payload(issue) });
    expect(jobs).toEqual({ 'on-event': 0 });
    expect(output).toContain(`sirt/incidents#${issue.iid} blocked`);
    expect(issue).toMatchObject({ state: 'opened', labels: ['closure::blocked'] });
  });

  it('answers a command, by the hook of a note', async () => {
    const scene = await stage();
    const issue = opened(scene, COMPLETE);
    const note = await scene.call('ana', 'POST', `/projects/42/issues/${issue.iid}/notes`, { body: '/check' });
    const payload = {
      object_kind: 'note',
      user: { id: issue.authorId },
      project_id: 42,
      project: { id: 42 },
      object_attributes: { id: note['id'], action: 'create', noteable_type: 'Issue' },
      issue: { iid: issue.iid },
    };
    const { run } = await install(scene);
    expect((await run({ source: 'trigger', payload })).jobs).toEqual({ 'on-event': 0 });
    expect(scene.said(issue).map(({ body }) => body)).toEqual([expect.stringContaining('everything that closing asks for is written down') as string]);
  });

  it('opens an incident for a page, by the webhook of PagerDuty', async () => {
    const scene = await stagePaging();
    scene.pagerduty.pages.trigger({ title: 'Log-ins from two countries' });
    const { run } = await install(scene, { config: JSON.stringify(DUTY) });
    const variables = { PAGERDUTY_API_URL: scene.pagerduty.address, PAGERDUTY_TOKEN: scene.pagerduty.keys.token };
    expect((await run({ source: 'trigger', payload: scene.hooks.at(-1) ?? {}, variables })).jobs).toEqual({ 'on-event': 0 });
    expect(scene.made()).toHaveLength(1);
  });

  it.each(['pipeline', 'api'])('looks at an issue again by a timer, which a %s starts', async (source) => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    const { run } = await install(scene);
    const { jobs } = await run({ source, inputs: { task: 'timer', project: 42, iid: issue.iid, start_in: '1 minute' }, payload: { overridden: true } });
    expect(jobs).toEqual({ timer: 0 });
    expect(issue.state).toBe('opened');
  });

  it('sweeps and tends the shifts by schedules, deep where that says so', async () => {
    const scene = await stage();
    const missed = scene.closed(TOO_EARLY);
    const { run } = await install(scene);
    const swept = await run({ source: 'schedule' });
    expect(swept.jobs).toEqual({ sweep: 0 });
    expect(swept.output).toContain('watchkeeper sweep: 1 examined');
    expect(missed.state).toBe('opened');
    const deep = scene.closed(TOO_EARLY, { labels: ['closure::verified'] });
    const daily = await run({ source: 'schedule', inputs: { sweep_flags: '--deep' } });
    // For this runner each project is 1217, which the doctor does not find.
    expect(daily.jobs).toEqual({ sweep: 0, doctor: 2 });
    expect(daily.output).toContain('The project 1217 of installation.project does not exist');
    expect(deep.state).toBe('opened');
    const shift = await run({ source: 'schedule', inputs: { task: 'shift' } });
    expect(shift.jobs).toEqual({ shift: 0 });
    expect(shift.output).toContain('watchkeeper shift: ');
  });

  it('reports by a schedule, shows the dashboard, goes on with the history, and gives evidence', async () => {
    const scene = await stage();
    const { folder, run } = await install(scene);
    const issue = scene.closed(TOO_EARLY);
    issue.updatedAt = '2026-11-20T09:45:00.000Z';
    const report = async (): Promise<{ reads: number; writes: number }> => {
      const { jobs, output } = await run({ source: 'schedule', inputs: { task: 'report' } });
      expect(jobs).toEqual({ report: 0, dashboard: 0 });
      const [, reads, writes] = /watchkeeper report: 1 incident, .* (\d+) reads, (\d+) writes?/.exec(output) ?? [];
      const history = JSON.parse(await readFile(path.join(folder, 'report/history.json'), 'utf8')) as { taken_at: string };
      expect(history.taken_at).toBe(scene.clock.now.toISOString());
      expect(await readFile(path.join(folder, 'public/index.html'), 'utf8')).toContain('On-call dashboard');
      return { reads: Number(reads), writes: Number(writes) };
    };
    const before = registry.asked.length;
    const first = await report();
    expect(first.writes).toBe(2);
    scene.clock.now = new Date('2026-11-21T10:00:00.000Z');
    const second = await report();
    expect(second.writes).toBe(0);
    expect(second.reads).toBeLessThanOrEqual(first.reads - 3);
    const flags = '--evidence --from 2026-11-01 --to 2026-11-20';
    expect((await run({ source: 'schedule', inputs: { task: 'report', report_flags: flags } })).jobs).toEqual({ report: 0 });
    expect(await readFile(path.join(folder, 'report/evidence.md'), 'utf8')).toContain('2026-11-01');
    expect(registry.asked.slice(before), 'the bundle was fetched once, and then cached').toEqual([{ url: new URL(registry.url).pathname, authorization: undefined }]);
  });

  it('fails in the pipeline of a merge request that would close an incident too early', async () => {
    const scene = await stage();
    const one = await opensMergeRequest(scene, `Closes #${opened(scene, TOO_EARLY).iid}`);
    const { run } = await install(scene);
    const { jobs } = await run({ source: 'merge_request_event', variables: { CI_MERGE_REQUEST_PROJECT_ID: '42', CI_MERGE_REQUEST_IID: String(one.iid) } });
    expect(jobs).toEqual({ 'check-merge-request': 1 });
    expect(stored(scene, one).notes).toHaveLength(1);
  });

  it('does nothing at a push', async () => {
    const { run } = await install(await stage());
    expect((await run({ source: 'push' })).jobs).toEqual({});
  });
});

describe('the bundle', () => {
  it.each([
    { name: 'with another digest', bundle: () => ({ url: registry.url, sha256: 'ab'.repeat(32) }), says: 'has another digest than bundle_sha256, and is not run' },
    { name: 'that is not there', bundle: () => ({ url: registry.url.replace('1.0.0', '9.9.9'), sha256: registry.sha256 }), says: '9.9.9/watchkeeper.cjs gives no bundle: 404' },
    { name: 'that nobody named', bundle: () => ({ url: '', sha256: '' }), says: 'the inputs bundle_url and bundle_sha256 are missing' },
  ])('$name is not run, and the job says why', async ({ bundle, says }) => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    const { run } = await install(scene, { bundle: bundle() });
    const { jobs, output } = await run({ source: 'trigger', payload: closing(issue) });
    expect(jobs).toEqual({ 'on-event': 2 });
    expect(output).toContain(says);
    expect(output).not.toContain('watchkeeper on-event');
    expect(scene.gitlab.faults.calls).toEqual([]);
  });

  it('of a cache that somebody changed is fetched anew', async () => {
    const { folder, run } = await install(await stage());
    const cached = path.join(folder, '.gitlab-ci-local/cache', `watchkeeper-${registry.sha256}`, '.watchkeeper');
    await mkdir(cached, { recursive: true });
    await writeFile(path.join(cached, 'watchkeeper.cjs'), "console.log('not ours');\n");
    const { jobs, output } = await run({ source: 'schedule' });
    expect(jobs).toEqual({ sweep: 0 });
    expect(output).not.toContain('not ours');
  });

  it('is asked for again where the registry has no time', async () => {
    const scene = await stage();
    registry.refusals = 1;
    const { run } = await install(scene);
    expect((await run({ source: 'schedule' })).jobs).toEqual({ sweep: 0 });
    expect(registry.refusals).toBe(0);
  });

  it('of a package that is not public is fetched with the token of the job, which nobody else is shown', async () => {
    const scene = await stage();
    const closed = await serveBundle(await readFile(FILE, 'utf8'));
    closed.token = 'glcbt-of-the-job';
    const { origin } = new URL(closed.url);
    const variables = { CI_API_V4_URL: `${origin}/api/v4`, CI_JOB_TOKEN: closed.token, GITLAB_URL: scene.gitlab.address };
    const own = await install(scene, { bundle: { ...closed, url: closed.url.replace(`${origin}/api/v4`, '$CI_API_V4_URL') } });
    expect((await own.run({ source: 'schedule', variables })).jobs).toEqual({ sweep: 0 });
    expect(closed.asked.map(({ authorization }) => authorization)).toEqual([undefined, `Basic ${btoa(`gitlab-ci-token:${closed.token}`)}`]);
    const foreign = await install(scene, { bundle: closed });
    expect((await foreign.run({ source: 'schedule', variables: { ...variables, CI_API_V4_URL: `${scene.gitlab.address}/api/v4` } })).jobs).toEqual({ sweep: 2 });
    expect(closed.asked.slice(2).map(({ authorization }) => authorization)).toEqual([undefined]);
    await closed.stop();
  });
});

describe("Watchkeeper's own pipeline", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'own-'));
    for (const file of ['.gitlab-ci.yml', 'templates', 'oncall.yml']) await cp(path.join(ROOT, file), path.join(folder, file), { recursive: true });
    await writeFile(path.join(folder, '.gitignore'), '.gitlab-ci-local\nvars.yml\ndist\n');
    commitAll(folder, 'http://127.0.0.1:1');
  });

  it.each([
    { source: 'trigger', inputs: [], jobs: ['on-event'] },
    { source: 'trigger', inputs: ['task=timer'], jobs: ['on-event'] },
    { source: 'schedule', inputs: [], jobs: ['sweep'] },
    { source: 'schedule', inputs: ['task=timer'], jobs: ['sweep'] },
    { source: 'schedule', inputs: ['task=report', 'report_flags=--evidence --from 2026-07-01 --to 2026-09-30'], jobs: ['report'] },
    { source: 'web', inputs: ['task=report'], jobs: ['report', 'dashboard'] },
    { source: 'web', inputs: ['task=shift'], jobs: ['shift'] },
    { source: 'merge_request_event', inputs: [], jobs: ['check: [20.19]', 'check: [22]', 'check: [24]'] },
    { source: 'api', inputs: [], jobs: [] },
  ])('by $source with the inputs $inputs has the jobs $jobs', async ({ source, inputs, jobs }) => {
    expect(await jobsOf(folder, source, { inputs })).toEqual(jobs);
  });

  const checks = ['check: [20.19]', 'check: [22]', 'check: [24]'];
  it.each([
    { tag: '1.2.3', isProtected: true, jobs: ['release-bundle', ...checks, 'release-upload', 'release', 'release-image'] },
    { tag: '1.2.3', isProtected: false, jobs: [] },
    { tag: 'nightly', isProtected: true, jobs: [] },
  ])('by the tag $tag, protected: $isProtected, has the jobs $jobs', async ({ tag, isProtected, jobs }) => {
    const variables = { CI_COMMIT_TAG: tag, CI_COMMIT_BRANCH: '', CI_COMMIT_REF_PROTECTED: String(isProtected), CI_REGISTRY_IMAGE: 'registry.example.com/sirt/watchkeeper' };
    expect((await jobsOf(folder, 'push', { variables })).sort()).toEqual(jobs.sort());
  });

  it('runs the bundle that the cache has of its commit, and installs nothing', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    const head = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: folder, encoding: 'utf8' }).trim();
    const cached = path.join(folder, '.gitlab-ci-local/cache', `watchkeeper-${head}`, 'dist');
    await mkdir(cached, { recursive: true });
    await cp(FILE, path.join(cached, 'watchkeeper.cjs'));
    const variables = { WATCHKEEPER_TOKEN: scene.bot.token, WATCHKEEPER_NOW: scene.clock.now.toISOString(), GITLAB_URL: scene.gitlab.address };
    const { jobs } = await runPipeline(folder, { source: 'trigger', payload: closing(issue), variables });
    expect(jobs).toEqual({ 'on-event': 0 });
    expect(issue.state).toBe('opened');
  });
});
