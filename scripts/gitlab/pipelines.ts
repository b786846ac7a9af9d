import type { GitLab, WritePace } from './port.ts';
import type { Post } from './requester.ts';

/**
 * Starts pipelines with inputs. A job's token starts them by the trigger endpoint, which gives them the source `pipeline`
 * and asks for no other token; the bot's by the API, source `api`. Source: GitLab docs, ci/triggers, api/pipelines.
 */
export function createPipelines(
  post: Post,
  { address, token, writes }: { address: string; token: string; writes: WritePace },
): Pick<GitLab, 'startPipeline'> {
  return {
    startPipeline: async ({ projectId, ref, inputs, jobToken }) => {
      const project = `${address}/api/v4/projects/${projectId}`;
      await writes.issue(() =>
        jobToken === undefined
          ? post({ url: `${project}/pipeline`, body: { ref, inputs }, token })
          : post({ url: `${project}/trigger/pipeline`, body: { token: jobToken, ref, inputs } }),
      );
    },
  };
}
