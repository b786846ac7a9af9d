import { DEMO_CONFIG, hireTeam, IDS_TEMPLATE, installWebhook, type Company } from './company.ts';
import { COMPLETE, TOO_EARLY } from './descriptions.ts';
import { liveThroughMorning } from './morning.ts';
import type { EmbeddedGitLab } from '../server.ts';
import type { StoredIssue } from '../world/records.ts';

/** What a story needs of the world outside: a way to run a door, to show a comment and a table, and to say something. */
export type Stage = {
  runDoor: (
    name: string,
    variables: Record<string, string>,
    flags?: string[],
  ) => Promise<{ exitCode: number | null; output: string }>;
  readReport: (folder: string) => Promise<Report>;
  outFolder: string;
  say: (text: string) => void;
  heading: (text: string) => void;
  comment: (body: string) => void;
  table: (rows: string[][]) => void;
};

type Report = {
  calls: { reads: number; writes: number };
  incidents: { iid: number; state: string; codes: string[]; actions: string[] }[];
};

/** Tells the whole story on an embedded GitLab: an incident closed too early, mended and verified, then a sweep. */
export async function tellStory(gitlab: EmbeddedGitLab, stage: Stage): Promise<void> {
  const company = hireTeam(gitlab);
  const variables = {
    GITLAB_URL: gitlab.address,
    WATCHKEEPER_TOKEN: company.bot.token,
    WATCHKEEPER_OUT: stage.outFolder,
    WATCHKEEPER_CONFIG: DEMO_CONFIG,
  };
  gitlab.pipelines.run = async ({ payloadPath = '' }) => {
    const { output } = await stage.runDoor('on-event', { ...variables, TRIGGER_PAYLOAD: payloadPath });
    const told = output
      .trim()
      .split('\n')
      .filter((line) => !line.includes('caused by the bot'));
    for (const line of told) stage.say(`pipeline: ${line}`);
  };
  await closeTooEarly(company, stage);
  await sweepTheMorning(company, stage, variables);
}

async function closeTooEarly(company: Company, stage: Stage): Promise<void> {
  const { gitlab, call } = company;
  await installWebhook(company, IDS_TEMPLATE);
  stage.heading('1. @ana opens an incident and, when it is over, closes it: half of it is not written down');
  const created = await call('ana', 'POST', '/projects/42/issues', {
    title: 'Deploy token used from an unknown address',
    issue_type: 'incident',
    description: TOO_EARLY,
  });
  const path = `/projects/42/issues/${String(created['iid'])}`;
  await gitlab.settled();
  await call('ana', 'PUT', path, { state_event: 'close' });
  await gitlab.settled();
  show(company, stage, Number(created['iid']));
  stage.heading('2. She fills in what is missing: the comment follows, silently');
  await call('ana', 'PUT', path, { description: COMPLETE, assignee_ids: [gitlab.world.userNamed('ana').id] });
  await gitlab.settled();
  show(company, stage, Number(created['iid']));
  stage.heading('3. She closes it again: it stays closed');
  await call('ana', 'PUT', path, { state_event: 'close' });
  await gitlab.settled();
  show(company, stage, Number(created['iid']));
}

function show({ gitlab, bot }: Company, stage: Stage, iid: number): void {
  const issue = gitlab.world.issue(42, iid);
  const notes = issue ? gitlab.world.notes.of(issue).filter(({ authorId }) => authorId === bot.id) : [];
  stage.say(
    `sirt/incidents#${iid} is ${issue?.state ?? 'gone'}, labels: ${issue?.labels.join(', ') || 'none'}; comments by the bot: ${notes.length}`,
  );
  for (const { body } of notes) stage.comment(body);
}

async function sweepTheMorning(company: Company, stage: Stage, variables: Record<string, string>): Promise<void> {
  stage.heading('4. The webhook is down for a morning, and people close a dozen incidents; the sweep finds them');
  company.project.hooks.length = 0;
  const incidents = await liveThroughMorning(company);
  await sweepOnce(stage, variables);
  const report = await stage.readReport(stage.outFolder);
  stage.table([['incident', 'what it is', 'state now', 'why'], ...incidents.map((issue) => toRow(issue, report))]);
  stage.say(`${report.calls.reads} reads and ${report.calls.writes} writes for ${report.incidents.length} incidents`);
  stage.heading('5. The same sweep once more: nothing is left to do');
  await sweepOnce(stage, variables);
  const again = await stage.readReport(stage.outFolder);
  stage.say(`${again.calls.reads} reads and ${again.calls.writes} writes`);
}

async function sweepOnce(stage: Stage, variables: Record<string, string>): Promise<void> {
  const { output, exitCode } = await stage.runDoor('sweep', variables, ['--deep']);
  stage.say(`schedule: ${output.trim().split('\n').at(-1) ?? ''}`);
  if (exitCode !== 0) throw new Error(`the sweep ended with exit ${String(exitCode)}: ${output}`);
}

function toRow({ iid, title, state }: StoredIssue, report: Report): string[] {
  const found = report.incidents.find((incident) => incident.iid === iid);
  return [`#${iid}`, title, `${state}, ${found?.state ?? 'untouched'}`, found?.codes.join(' ') ?? ''];
}
