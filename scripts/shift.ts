import { openTools } from './apply/tools.ts';
import { tendShifts } from './apply/shift.ts';
import { runJob } from './ci/job.ts';
import { paint } from './ci/terminal.ts';
import { hasRoster } from './decide/roster.ts';
import { readConfig } from './read/config.ts';
import { renderReport } from './render/report.ts';

const help =
  'Tends the shifts: keeps their logs, asks for hand-offs before a shift ends, hands over at its change, tells review windows.';

runJob({ name: 'shift', limitMs: 50 * 60_000, help }, async (job) => {
  const config = await readConfig(job.configPath);
  const startMs = job.bounds.now();
  const { tools, count } = await openTools(job, config);
  const told = { done: [], progress: job.log };
  const tended = hasRoster(tools.config)
    ? await tendShifts(await tools.gitlab.me(), tools, told)
    : { nothing: 'the configuration has no roster', incidents: [], leftOver: [] };
  const { lines, ...ending } = renderReport({ ...job, count, tookMs: job.bounds.now() - startMs, ...tended }, paint);
  lines.forEach(job.log);
  return ending;
});
