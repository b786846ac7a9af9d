import { handleMergeRequest } from './apply/event.ts';
import { outcomeReport } from './apply/outcome.ts';
import { openTools } from './apply/tools.ts';
import { runJob } from './ci/job.ts';
import { paint } from './ci/terminal.ts';
import { readConfig } from './read/config.ts';
import { readMergeRequestEvent } from './read/event.ts';
import { renderReport } from './render/report.ts';

const help = `Says whether a merge request may close the incidents that it would close, by a commit status and one comment,
and ends with 1 where it may not. It is the one that the pipeline runs for (CI_MERGE_REQUEST_PROJECT_ID and
CI_MERGE_REQUEST_IID), else that of the merge request hook in TRIGGER_PAYLOAD.`;

runJob({ name: 'check-merge-request', limitMs: 120_000, help }, async (job) => {
  const config = await readConfig(job.configPath);
  const event = await readMergeRequestEvent(job);
  const startMs = job.bounds.now();
  const { tools, count } = await openTools(job, config);
  const outcome = event.kind === 'nothing' ? { nothing: event.reason } : await handleMergeRequest(event.ref, tools);
  const tookMs = job.bounds.now() - startMs;
  const { lines, ...ending } = renderReport({ ...job, count, tookMs, ...outcomeReport(outcome) }, paint);
  lines.forEach(job.log);
  return ending;
});
