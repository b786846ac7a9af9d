import { inspectInstallation, openInstallers } from './apply/installation.ts';
import { tellFindings } from './apply/doctor-issue.ts';
import { applySetup } from './apply/setup.ts';
import { offline } from './apply/setup-offline.ts';
import { runJob } from './ci/job.ts';
import { paint } from './ci/terminal.ts';
import { openTools } from './apply/tools.ts';
import { writeInto } from './ci/tool.ts';
import { readSetup } from './read/setup.ts';
import { endingOf } from './render/setup-ending.ts';
import { renderFindings, renderPlan } from './render/setup.ts';

const help = `Makes the projects of GitLab what oncall.yml says: labels, webhooks, schedules, trigger, variables, templates, board.
Without a flag it shows what it would do, like a diff, and what else is wrong. WATCHKEEPER_TOKEN is the bot's token;
WATCHKEEPER_SETUP_TOKEN that of a Maintainer, where the bot is none. docs/install.md tells step by step.`;
const flags = {
  '--apply': 'do it',
  '--check': 'the doctor: say what is wrong, and change nothing; exit 1 where something is',
  '--tell': 'with --check: keep an issue in the first project under sources while something is wrong',
  '--print-manual': 'print the steps for who may not use the API; needs no GitLab',
};
const options = { '--init': 'GROUP/PROJECT: write a first oncall.yml for its incidents; needs no GitLab' };

runJob({ name: 'setup', limitMs: 10 * 60_000, help, flags, options, offline }, async (job) => {
  const isCheck = job.flags.has('--check');
  const doesIt = job.flags.has('--apply') && !isCheck && !job.dryRun;
  const gitlab = openInstallers(job);
  const files = await readSetup(job);
  const found = await inspectInstallation({ job, ...files }, gitlab);
  renderPlan(found.steps, paint).forEach(job.log);
  const undone = doesIt ? await applySetup(found, { writeHere: writeInto, log: job.log }) : [];
  const isOld = doesIt && found.steps.length > 0;
  const now = isOld ? await inspectInstallation({ job, ...(await readSetup(job)) }, gitlab) : found;
  renderFindings(isCheck || doesIt ? now.findings : now.others, paint).forEach(job.log);
  if (isCheck && job.flags.has('--tell'))
    job.log(await tellFindings(now.findings, now.standing.home.project.id, (await openTools(job, files.config)).tools));
  return endingOf({ planned: found.steps, undone, doesIt, isCheck, ...now });
});
