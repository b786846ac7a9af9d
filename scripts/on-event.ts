import { reconcileEvent } from './apply/event.ts';
import { outcomeReport } from './apply/outcome.ts';
import { openTools } from './apply/tools.ts';
import { runJob } from './ci/job.ts';
import { paint } from './ci/terminal.ts';
import { readConfig } from './read/config.ts';
import { readEvent } from './read/event.ts';
import { renderReport } from './render/report.ts';

const help =
  'Reconciles the incident that a webhook, a page or a timer names, or checks the merge request: the pipeline was started by it, TRIGGER_PAYLOAD is its payload.';

runJob({ name: 'on-event', limitMs: 120_000, help }, async (job) => {
  const config = await readConfig(job.configPath);
  const event = await readEvent(job.payload);
  const startMs = job.bounds.now();
  const { tools, count } = await openTools(job, config);
  const done = outcomeReport(await reconcileEvent(event, tools));
  const tookMs = job.bounds.now() - startMs;
  const { lines, ...ending } = renderReport({ ...job, count, tookMs, ...done, failed: false }, paint);
  lines.forEach(job.log);
  return ending;
});
