import { report, reportEvidence } from './apply/report.ts';
import { openTools } from './apply/tools.ts';
import { runJob } from './ci/job.ts';
import { paint } from './ci/terminal.ts';
import { readConfig } from './read/config.ts';
import { readPeriod } from './read/period.ts';
import { renderReport } from './render/report.ts';

const help = `Makes the reports of the last 13 weeks: the history, its numbers, the dashboard; in WATCHKEEPER_OUT, where it goes on
with the history of the run before. With --evidence it writes the evidence of a period instead.`;
const flags = { '--evidence': 'write evidence.md, .csv and .json of the days from --from to --to' };
const options = {
  '--from': "DAY: the first day, such as 2026-07-01, in the configuration's time_zone",
  '--to': 'DAY: the last day, which is included',
};

runJob({ name: 'report', limitMs: 50 * 60_000, help, flags, options }, async (job) => {
  const config = await readConfig(job.configPath);
  const period = readPeriod(job, config.time_zone, job.now);
  const startMs = job.bounds.now();
  const { tools, count } = await openTools(job, config);
  const { files, ...reported } = period ? await reportEvidence(period, tools, job) : await report(tools, job);
  const tookMs = job.bounds.now() - startMs;
  const { lines, artifacts, ...ending } = renderReport({ ...job, count, tookMs, incidents: [], ...reported }, paint);
  lines.forEach(job.log);
  return { ...ending, artifacts: { ...files, ...artifacts } };
});
