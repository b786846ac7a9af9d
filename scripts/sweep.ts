import { sweep } from './apply/sweep.ts';
import { runJob } from './ci/job.ts';
import { connect } from './gitlab/connect.ts';
import { readConfig } from './read/config.ts';
import { renderReport } from './render/report.ts';

const help = 'Reconciles the open and the unverified closed incidents of all configured projects and groups.';
const flags = { '--deep': 'once a day: look at every incident, whatever its labels say and however long untouched' };

await runJob({ name: 'sweep', limitMs: 50 * 60_000, help, flags }, async (job) => {
  const config = await readConfig(job.configPath);
  const startMs = job.bounds.now();
  const { gitlab, count } = connect(job, config.limits);
  const options = { deep: job.flags.has('--deep'), shard: job.shard, progress: job.log };
  const swept = await sweep({ ...job, gitlab, config }, options);
  const { lines, ...ending } = renderReport({ ...job, count, tookMs: job.bounds.now() - startMs, ...swept });
  lines.forEach(job.log);
  return ending;
});
