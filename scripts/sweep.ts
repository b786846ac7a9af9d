import { sweep } from './apply/sweep.ts';
import { openTools } from './apply/tools.ts';
import { runJob } from './ci/job.ts';
import { paint } from './ci/terminal.ts';
import { readConfig } from './read/config.ts';
import { renderReport } from './render/report.ts';

const help = 'Reconciles the open and the unverified closed incidents of all configured projects and groups.';
const flags = { '--deep': 'once a day: look at every incident, whatever its labels say and however long untouched' };

runJob({ name: 'sweep', limitMs: 50 * 60_000, help, flags }, async (job) => {
  const config = await readConfig(job.configPath);
  const startMs = job.bounds.now();
  const { tools, count } = await openTools(job, config);
  const options = { deep: job.flags.has('--deep'), shard: job.shard, progress: job.log };
  const swept = await sweep(tools, options);
  const { lines, ...ending } = renderReport({ ...job, count, tookMs: job.bounds.now() - startMs, ...swept }, paint);
  lines.forEach(job.log);
  return ending;
});
