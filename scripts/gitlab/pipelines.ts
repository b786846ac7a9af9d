import { Forbidden, NotFound } from './errors.ts';
import { toList, toPipelineRun } from './map.ts';
import type { GitLab, PipelineRun, WritePace } from './port.ts';
import type { Post } from './requester.ts';

/** What of the client is needed here. */
type Pipelines = { all: (projectId: number, options: object) => Promise<unknown> };

/**
 * Starts pipelines with inputs. A job's token starts them by the trigger endpoint, which gives them the source `pipeline`
 * and asks for no other token; the bot's by the API, source `api`. Source: GitLab docs, ci/triggers, api/pipelines.
 */
export function createPipelines(
  post: Post,
  { address, token, writes }: { address: string; token: string; writes: WritePace },
  pipelines: Pipelines,
): Pick<GitLab, 'startPipeline' | 'scheduledPipelines'> {
  return {
    startPipeline: async ({ projectId, ref, inputs, jobToken }) => {
      const project = `${address}/api/v4/projects/${projectId}`;
      await writes.issue(() =>
        jobToken === undefined
          ? post({ url: `${project}/pipeline`, body: { ref, inputs }, token })
          : post({ url: `${project}/trigger/pipeline`, body: { token: jobToken, ref, inputs } }),
      );
    },
    scheduledPipelines: (projectId, since) => listScheduled(pipelines, projectId, since),
  };
}

/** Only times of changes bound a list, so that those before are left out here. Source: GitLab docs, api/pipelines. */
async function listScheduled(
  pipelines: Pipelines,
  projectId: number,
  since: string,
): Promise<PipelineRun[] | undefined> {
  const options = { source: 'schedule', status: 'success', updatedAfter: since, perPage: 100, sort: 'asc' };
  try {
    const runs = toList(await pipelines.all(projectId, options), toPipelineRun);
    return runs.filter(({ createdAt }) => createdAt >= since).sort((a, b) => a.id - b.id);
  } catch (error) {
    if (error instanceof NotFound || error instanceof Forbidden) return undefined;
    throw error;
  }
}
