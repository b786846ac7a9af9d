import { reconcileEvent } from './apply/event.ts';
import { runJob } from './ci/job.ts';
import { connect } from './gitlab/connect.ts';
import { readConfig } from './read/config.ts';
import { readEvent } from './read/event.ts';
import { renderReport } from './render/report.ts';

const help =
  'Reconciles the incident that a webhook names: the pipeline was started by it, TRIGGER_PAYLOAD is its payload.';

await runJob({ name: 'on-event', limitMs: 120_000, help }, async (job) => {
  const config = await readConfig(job.configPath);
  const event = await readEvent(job.payload);
  const startMs = job.bounds.now();
  const { gitlab, count } = connect(job, config.limits);
  const handled = await reconcileEvent(event, { ...job, gitlab, config });
  const { lines, ...ending } = renderReport({
    ...job,
    count,
    tookMs: job.bounds.now() - startMs,
    incidents: 'incident' in handled ? [handled.incident] : [],
    ...('nothing' in handled ? { nothing: handled.nothing } : {}),
    leftOver: [],
  });
  lines.forEach(job.log);
  return ending;
});
