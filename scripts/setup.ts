import { inspectInstallation } from './apply/installation.ts';
import { applySetup } from './apply/setup.ts';
import { offline } from './apply/setup-offline.ts';
import { runJob } from './ci/job.ts';
import { paint } from './ci/terminal.ts';
import { readSetup, writeHere } from './read/setup.ts';
import { endingOf } from './render/setup-ending.ts';
import { renderFindings, renderPlan, renderStep } from './render/setup.ts';

const help = `Makes the projects of GitLab what oncall.yml says: labels, webhooks, schedules, trigger, variables, templates, board.
Without a flag it shows what it would do, like a diff, and what else is wrong. WATCHKEEPER_TOKEN is the bot's token;
WATCHKEEPER_SETUP_TOKEN that of a Maintainer, where the bot is none. docs/install.md tells step by step.`;
const flags = {
  '--apply': 'do it',
  '--check': 'the doctor: say what is wrong, and change nothing; exit 1 where something is',
  '--print-manual': 'print the steps for who may not use the API; needs no GitLab',
};
const options = { '--init': 'GROUP/PROJECT: write a first oncall.yml for its incidents; needs no GitLab' };

await runJob({ name: 'setup', limitMs: 10 * 60_000, help, flags, options, offline }, async (job) => {
  const setup = await readSetup(job);
  const { standing, steps, findings, ...hands } = await inspectInstallation({ job, ...setup });
  const isDry = job.dryRun || job.flags.has('--check') || !job.flags.has('--apply');
  renderPlan(isDry ? steps : [], paint).forEach(job.log);
  const told = (step: (typeof steps)[number]): void => {
    [step.where, ...renderStep(step, paint)].forEach(job.log);
  };
  const doing = { ...hands, program: setup.program, writeHere };
  const undone = isDry ? [] : await applySetup(steps, standing.home, doing, told);
  undone.forEach(({ step, reason }) => {
    job.log(`not done: ${step.what} in ${step.where}: ${reason}`);
  });
  const rest = findings.filter(({ code }) => !code.startsWith('DRIFT_'));
  renderFindings(rest, paint).forEach(job.log);
  return endingOf({ steps, findings, undone: undone.length, isDry, isCheck: job.flags.has('--check'), ...hands });
});
