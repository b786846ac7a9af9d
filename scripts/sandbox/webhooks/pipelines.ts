import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Job, Pipeline } from '../world/automation.ts';
import { planJobs, type PlannedJob } from '../world/ci-file.ts';
import { withIncludes } from '../world/ci-includes.ts';
import { readInputs, type Inputs } from '../world/ci-inputs.ts';
import { addJob, createPipeline, refused, settleStatus } from '../world/pipelines.ts';
import type { Account, Project } from '../world/records.ts';
import { variablesForJobs, type Variable } from '../world/variables.ts';
import type { World } from '../world/world.ts';

/**
 * A job as it runs. `payloadPath` is the file that TRIGGER_PAYLOAD names; only the trigger endpoint gives one. `variables` are
 * the project's and, above them, the pipeline's; those of type file name a file.
 */
export type RunningJob = {
  name: string;
  source: Pipeline['source'];
  inputs: Inputs;
  jobToken: string;
  variables: Record<string, string>;
  payloadPath?: string;
};

/** A pipeline to start: as whom, where, and what it is given. `payload` is what TRIGGER_PAYLOAD will hold. */
export type Start = {
  project: Project;
  user: Account;
  ref: string;
  source: Pipeline['source'];
  inputs: unknown;
  variables: Record<string, string>;
  payload?: object;
};

type Waiting = {
  pipeline: Pipeline;
  job: Job;
  dueMs: number;
  inputs: Inputs;
  variables: Record<string, string>;
  payload: object | undefined;
};

/** The pipelines that were started, the delayed jobs that wait for their time, and whether all others are over. */
export class Pipelines {
  private readonly running = new Set<Promise<void>>();
  private readonly waiting: Waiting[] = [];
  private readonly world: World;
  /** The address under which GitLab is reached. */
  private readonly base: () => string;
  run: (job: RunningJob) => Promise<void> = () => Promise.resolve();
  /** Whether the rules leave a pipeline for a payload, where the repository has no CI file that says it. */
  hasJobs: (payload: object) => boolean = () => true;

  constructor(world: World, base: () => string) {
    this.world = world;
    this.base = base;
  }

  /**
   * Starts a pipeline by the CI file of its branch, and without one, with one job at once. Throws a ConfigurationError
   * where the file or the inputs are wrong, and an ApiError where no job is left.
   */
  start(wanted: Start): Pipeline {
    const { project, user, ref, source, variables, payload } = wanted;
    const { inputs, jobs } = plan(wanted, this.world, this.base());
    if (jobs.length === 0 || !this.hasJobs(payload ?? {}))
      throw refused(
        'Pipeline will not run for the selected trigger. The rules configuration prevented any jobs from being added to the pipeline.',
      );
    const pipeline = createPipeline(this.world, project, user, ref, source);
    for (const planned of jobs) {
      const job = addJob(this.world, pipeline, planned);
      const dueMs = this.world.clock().getTime() + planned.delayMs;
      const waiting = { pipeline, job, dueMs, inputs, variables, payload };
      if (planned.delayMs > 0) this.waiting.push(waiting);
      else this.track(this.runJob(waiting));
    }
    if (jobs.every(({ delayMs }) => delayMs > 0)) pipeline.status = 'scheduled';
    return pipeline;
  }

  /** When the next delayed job is due. */
  nextDueAt(): Date | undefined {
    return this.waiting.length === 0 ? undefined : new Date(Math.min(...this.waiting.map(({ dueMs }) => dueMs)));
  }

  /** Runs the delayed jobs whose time has come on the world's clock, the longest due first, one after the other. */
  async runDue(): Promise<void> {
    for (;;) {
      const nowMs = this.world.clock().getTime();
      const [next] = this.waiting.filter(({ dueMs }) => dueMs <= nowMs).sort((a, b) => a.dueMs - b.dueMs);
      if (!next) return;
      this.waiting.splice(this.waiting.indexOf(next), 1);
      await this.runJob(next);
    }
  }

  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  private track(job: Promise<void>): void {
    this.running.add(job);
    void job.finally(() => this.running.delete(job));
  }

  private async runJob({ pipeline, job, inputs, variables, payload }: Waiting): Promise<void> {
    const folder = await mkdtemp(path.join(tmpdir(), 'trigger-'));
    job.status = 'running';
    settleStatus(pipeline);
    let status: 'success' | 'failed' = 'failed';
    try {
      const payloadPath = path.join(folder, 'TRIGGER_PAYLOAD');
      if (payload) await writeFile(payloadPath, JSON.stringify(payload));
      const own = await written(folder, variablesForJobs(this.world.projectOf(pipeline), pipeline.ref));
      const given = { name: job.name, source: pipeline.source, inputs, jobToken: job.token };
      await this.run({ ...given, variables: { ...own, ...variables }, ...(payload ? { payloadPath } : {}) });
      status = 'success';
    } finally {
      job.status = status;
      settleStatus(pipeline);
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Variables as a job sees them: those of type file are files. Source: GitLab docs, ci/variables, use file type variables. */
async function written(folder: string, variables: readonly Variable[]): Promise<Record<string, string>> {
  const pairs = variables.map(async ({ key, value, type }): Promise<[string, string]> => {
    if (type === 'env_var') return [key, value];
    const file = path.join(folder, key);
    await writeFile(file, value);
    return [key, file];
  });
  return Object.fromEntries(await Promise.all(pairs));
}

/** By the CI file, if the branch has one. Source: GitLab docs, ci/variables/predefined_variables. */
function plan(wanted: Start, world: World, address: string): { inputs: Inputs; jobs: PlannedJob[] } {
  const { project, user, ref, source, inputs, variables: given } = wanted;
  const { branches, defaultBranch } = project.repository;
  const { files, head = '' } = branches.get(ref) ?? {};
  const file = files?.get('.gitlab-ci.yml');
  if (!files || file === undefined) return { inputs: readInputs(inputs), jobs: [{ name: 'job', delayMs: 0 }] };
  const fqdn = new URL(address).host;
  const own = variablesForJobs(project, ref).map(({ key, value }) => [key, value] as const);
  const variables = {
    ...Object.fromEntries(own),
    ...{ CI_PIPELINE_SOURCE: source, CI_COMMIT_BRANCH: ref, CI_COMMIT_SHA: head, CI_DEFAULT_BRANCH: defaultBranch },
    ...{ CI_PROJECT_PATH: project.path, CI_SERVER_FQDN: fqdn, CI_API_V4_URL: `${address}/api/v4`, ...given },
  };
  return planJobs(file, readInputs(inputs), variables, (content) =>
    withIncludes(content, { project, files }, { world, user, fqdn, variables }),
  );
}
