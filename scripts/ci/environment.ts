import { SetupError } from './errors.ts';
import {
  demandToken,
  isLoopback,
  readOutside,
  readSetupToken,
  type PagerDutyAccess,
  type Variables,
} from './secrets.ts';

/** The environment of a job, read. Addresses have no trailing slash and no `/api/v4`. */
export type Environment = {
  address: string;
  token: string;
  /** The token of whoever sets up, where that is not the bot. */
  setupToken?: string;
  configPath: string;
  payload: string | undefined;
  /** Where files of earlier runs are looked for, and those of this one go. */
  outFolder: string;
  shard: { index: number; total: number };
  dryRun: boolean;
  /** The moment to rehearse instead of the present one. */
  rehearsal: Date | undefined;
  /** The commit whose configuration is in force, where the job knows it. */
  commit: string | undefined;
  /** When GitLab ends the job, a reserve before that (ms since 1970), as far as the job knows; else infinite. */
  jobEndsMs: number;
  /** The project, branch and token of the job, by which it starts a timer; absent outside of a job. */
  runner?: { projectId: number; ref: string; jobToken?: string };
  /** The project that the job is of, where that is one of the GitLab that it works on. */
  ownProjectId?: number;
  /** The merge request that the pipeline runs for, by the project that it would be merged into. */
  mergeRequest?: { projectId: number; iid: number };
  pagerduty: PagerDutyAccess;
  /** The incoming webhook of a Slack channel; whoever knows it can post there. */
  slackUrl?: string;
};

const SPARE_MS = 60_000;
/** Of a short timeout, a quarter is kept to report what is left. */
const SPARE_SHARE = 4;

/** Reads the variables of the doors' contract (docs/jobs.md, "Variables"). Throws a SetupError that names the variable. */
export function readEnvironment(variables: Variables): Environment {
  const address = readAddress(variables);
  const dryRun = variables['WATCHKEEPER_DRY_RUN'] === '1';
  const commit = variables['CI_COMMIT_SHA'];
  return {
    address,
    token: readToken(variables),
    configPath: readPlace({ WATCHKEEPER_CONFIG: variables['WATCHKEEPER_CONFIG'] }).configPath,
    payload: variables['TRIGGER_PAYLOAD'],
    outFolder: variables['WATCHKEEPER_OUT'] || '.',
    shard: readShard(variables),
    dryRun,
    rehearsal: readRehearsal(variables['WATCHKEEPER_NOW'], dryRun || isLoopback(address)),
    commit: commit && /^[0-9a-f]{7,64}$/.test(commit) ? commit : undefined,
    jobEndsMs: readJobEnd(variables),
    ...readSetupToken(variables),
    ...readOwnProject(variables, address),
    ...readRunner(variables, address),
    ...readMergeRequest(variables, address),
    ...readOutside(variables),
  };
}

/** The path of the configuration, and the address of GitLab, or one to be replaced. */
export function readPlace(variables: Variables): { configPath: string; address: string } {
  const isSet = Boolean(variables['GITLAB_URL'] || variables['CI_API_V4_URL']);
  return {
    configPath: variables['WATCHKEEPER_CONFIG'] || 'oncall.yml',
    address: isSet ? readAddress(variables) : 'https://gitlab.example.com',
  };
}

/** Source: GitLab docs, ci/variables/predefined_variables. */
function readOwnProject(variables: Variables, address: string): Pick<Environment, 'ownProjectId'> {
  const id = variables['CI_PROJECT_ID'] ?? '';
  return /^[1-9]\d{0,14}$/.test(id) && isOurGitLab(variables, address) ? { ownProjectId: Number(id) } : {};
}

/**
 * The job's project is one of the GitLab that runs it: with GITLAB_URL set to another there is none to start a timer in.
 * Source: GitLab docs, ci/variables/predefined_variables; a pipeline of a tag starts none.
 */
function readRunner(variables: Variables, address: string): Pick<Environment, 'runner'> {
  const { ownProjectId: projectId } = readOwnProject(variables, address);
  const [ref, jobToken] = [variables['CI_COMMIT_BRANCH'], variables['CI_JOB_TOKEN']];
  if (projectId === undefined || !ref) return {};
  return { runner: { projectId, ref, ...(jobToken ? { jobToken } : {}) } };
}

/** Source: GitLab docs, ci/variables/predefined_variables, merge request pipelines; the former is the target project's id. */
function readMergeRequest(variables: Variables, address: string): Pick<Environment, 'mergeRequest'> {
  const [id = '', iid = ''] = [variables['CI_MERGE_REQUEST_PROJECT_ID'], variables['CI_MERGE_REQUEST_IID']];
  const isNamed = /^[1-9]\d{0,14}$/.test(id) && /^[1-9]\d{0,14}$/.test(iid);
  return isNamed && isOurGitLab(variables, address)
    ? { mergeRequest: { projectId: Number(id), iid: Number(iid) } }
    : {};
}

/** Whether the GitLab that runs the job is the one that it works on. */
function isOurGitLab(variables: Variables, address: string): boolean {
  const home = variables['CI_API_V4_URL'];
  return !home || (URL.canParse(home) && new URL(home).origin === new URL(address).origin);
}

function demand(variables: Variables, name: string, what: string): string {
  const value = variables[name]?.trim();
  if (!value) throw new SetupError(`${name} is not set (${what}). See docs/jobs.md, "Variables".`);
  return value;
}

function readToken(variables: Variables): string {
  const name = 'WATCHKEEPER_TOKEN';
  return demandToken(name, demand(variables, name, "the bot's access token, scope api"));
}

function readAddress(variables: Variables): string {
  const name = variables['GITLAB_URL'] ? 'GITLAB_URL' : 'CI_API_V4_URL';
  const text = demand(variables, name, "GitLab's address; GITLAB_URL, or CI_API_V4_URL as every CI job has it");
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '') {
    throw new SetupError(`${name} is no address such as https://gitlab.example.com. See docs/jobs.md, "Variables".`);
  }
  return (url.origin + url.pathname).replace(/\/+$/, '').replace(/\/api\/v4$/, '');
}

function readShard(variables: Variables): Environment['shard'] {
  const total = readCount(variables, 'CI_NODE_TOTAL');
  const index = readCount(variables, 'CI_NODE_INDEX');
  if (index > total) throw new SetupError(`CI_NODE_INDEX is ${index}, more than CI_NODE_TOTAL, which is ${total}.`);
  return { index, total };
}

function readCount(variables: Variables, name: string): number {
  const text = variables[name] || '1';
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new SetupError(`${name} must be a number from 1, and is ${JSON.stringify(text)}.`);
  return Number(text);
}

function readRehearsal(text: string | undefined, allowed: boolean): Date | undefined {
  if (!text) return undefined;
  const time = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/.test(text) || Number.isNaN(time.getTime())) {
    throw new SetupError('WATCHKEEPER_NOW is no ISO time such as 2026-11-20T02:07:00Z.');
  }
  if (!allowed) throw new SetupError('WATCHKEEPER_NOW rehearses another moment: set WATCHKEEPER_DRY_RUN=1 with it.');
  return time;
}

/** GitLab counts from the start of the job, which installing takes part of. Source: GitLab docs, ci/variables/predefined_variables. */
function readJobEnd(variables: Variables): number {
  const timeoutMs = Number(variables['CI_JOB_TIMEOUT']) * 1000;
  const startMs = Date.parse(variables['CI_JOB_STARTED_AT'] ?? '');
  if (!(timeoutMs > 0) || Number.isNaN(startMs)) return Number.POSITIVE_INFINITY;
  return startMs + timeoutMs - Math.min(SPARE_MS, timeoutMs / SPARE_SHARE);
}
