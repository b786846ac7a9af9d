import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { render } from '../../scripts/render/engine.ts';
import { listening } from './listening.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const RUNNER = path.join(ROOT, 'node_modules/.bin/gitlab-ci-local');
/** Predefined variables that tests set, of which the runner would warn. */
const SET = [
  'CI_PIPELINE_SOURCE',
  'CI_COMMIT_BRANCH',
  'CI_COMMIT_TAG',
  'CI_COMMIT_REF_PROTECTED',
  'CI_DEFAULT_BRANCH',
  'CI_API_V4_URL',
  'CI_JOB_TOKEN',
  'CI_MERGE_REQUEST_IID',
  'CI_MERGE_REQUEST_PROJECT_ID',
  'CI_REGISTRY_IMAGE',
];
const run = promisify(execFile);

/** What starts a pipeline, and what it is given. `payload` is what TRIGGER_PAYLOAD will hold. */
export type Started = { source: string; inputs?: Record<string, string | number>; payload?: object; variables?: Record<string, string> };

/** How a pipeline ended: the jobs that ran, each with its exit code, and all that they said. */
export type Ended = { jobs: Record<string, number>; output: string };

/** A package registry on loopback that has one file, which it gives to whoever shows the token, or to everybody, after some refusals. */
export type Registry = { url: string; sha256: string; asked: { url: string; authorization: string | undefined }[]; token?: string; refusals: number; stop: () => Promise<void> };

/** Serves a file as the package registry of a GitLab does, below /api/v4. Source: GitLab docs, user/packages/generic_packages. */
export async function serveBundle(text: string): Promise<Registry> {
  const registry: Omit<Registry, 'url' | 'sha256' | 'stop'> = { asked: [], refusals: 0 };
  const server = createServer((request, response) => {
    const { url = '', headers } = request;
    registry.asked.push({ url, authorization: headers.authorization });
    const wanted = registry.token === undefined ? undefined : `Basic ${btoa(`gitlab-ci-token:${registry.token}`)}`;
    if (registry.refusals > 0) {
      registry.refusals -= 1;
      response.writeHead(503).end();
    } else if (!url.endsWith('/1.0.0/watchkeeper.cjs')) response.writeHead(404).end('{"message":"404 Not found"}');
    else if (wanted !== undefined && headers.authorization !== wanted) response.writeHead(401).end('{"message":"401 Unauthorized"}');
    else response.writeHead(200).end(text);
  });
  const { address, stop } = await listening(server);
  const url = `${address}/api/v4/projects/7/packages/generic/watchkeeper/1.0.0/watchkeeper.cjs`;
  return Object.assign(registry, { url, sha256: createHash('sha256').update(text).digest('hex'), stop });
}

/** A repository of a project that installs Watchkeeper: the file that `setup` commits, the component beside it, a configuration, and nothing else. */
export async function installingProject(address: string, bundle: { url: string; sha256: string }, config: string): Promise<string> {
  const folder = path.join(await mkdtemp(path.join(tmpdir(), 'installing-')), 'project');
  await mkdir(folder);
  await cp(path.join(ROOT, 'templates/watch.yml'), path.join(folder, 'watch.yml'));
  await writeFile(
    path.join(folder, '.gitlab-ci.yml'),
    render('setup/gitlab-ci.yml', { include: 'local', from: 'watch.yml', bundle_url: bundle.url, bundle_sha256: bundle.sha256, config: 'oncall.yml' }),
  );
  await writeFile(path.join(folder, 'oncall.yml'), config);
  commitAll(folder, address);
  return folder;
}

/** Makes a folder a repository of one commit, whose remote is a GitLab, so that jobs get its address as CI_API_V4_URL. */
export function commitAll(folder: string, address: string): void {
  const git = (...words: string[]): void => {
    execFileSync('git', ['-c', 'user.name=lea', '-c', 'user.email=lea@example.com', ...words], { cwd: folder });
  };
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '.');
  git('commit', '--quiet', '--message', 'Install Watchkeeper');
  git('remote', 'add', 'origin', `${address}/sirt/watchkeeper.git`);
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main');
}

/** Runs a pipeline of a repository to its end. */
export async function runPipeline(folder: string, { source, inputs = {}, payload, variables = {} }: Started): Promise<Ended> {
  const payloadPath = path.join(folder, '..', 'payload.json');
  if (payload) await writeFile(payloadPath, JSON.stringify(payload));
  await writeFile(path.join(folder, 'vars.yml'), JSON.stringify({ ...(payload ? { TRIGGER_PAYLOAD: payloadPath } : {}), ...variables }));
  const given = Object.entries(inputs).flatMap(([name, value]) => ['--input', `${name}=${value}`]);
  const { stdout, stderr } = await local(folder, { CI_PIPELINE_SOURCE: source }, ['--force-shell-executor', '--shell-isolation', '--variables-file', 'vars.yml', ...given]);
  const output = `${stdout}\n${stderr}`;
  const ended = [...output.matchAll(/^(\S+) +finished in [\d.]+ \S+(?: +(?:FAIL|WARN) (\d+))?/gm)];
  return { jobs: Object.fromEntries(ended.flatMap(([, job = '', code = '0']) => (job === 'pipeline' ? [] : [[job, Number(code)]]))), output };
}

/** The jobs that a pipeline of a repository would have. */
export async function jobsOf(folder: string, source: string, { inputs = [], variables = {} }: { inputs?: readonly string[]; variables?: Record<string, string> }): Promise<string[]> {
  const words = inputs.flatMap((input) => ['--input', input]);
  const { stdout } = await local(folder, { CI_PIPELINE_SOURCE: source, ...variables }, ['--list-json', ...words]);
  const jobs = JSON.parse(stdout) as { name: string; when: string }[];
  return jobs.filter(({ when }) => when !== 'never').map(({ name }) => name);
}

/** What the runner says, whether or not a job fails. */
async function local(folder: string, more: Record<string, string>, words: string[]): Promise<{ stdout: string; stderr: string }> {
  const given = Object.entries({ CI_COMMIT_BRANCH: 'main', CI_DEFAULT_BRANCH: 'main', ...more });
  const variables = given.flatMap(([name, value]) => ['--variable', `${name}=${value}`]);
  const ran = run('env', [`GCL_IGNORE_PREDEFINED_VARS=${SET.join(',')}`, RUNNER, '--no-json-schema-validation', ...variables, ...words], { cwd: folder });
  return ran.catch((error: unknown) => error as { stdout: string; stderr: string });
}
