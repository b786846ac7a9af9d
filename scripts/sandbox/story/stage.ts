import path from 'node:path';
import { createPipeline } from '../world/pipelines.ts';
import { DEMO_CONFIG, type Company } from './company.ts';
import type { StoryWorld } from './world.ts';

/** What a story needs of the world outside: a way to run a door, to show a comment and a table, and to say something. */
export type Stage = {
  runDoor: (
    name: string,
    variables: Record<string, string>,
    flags?: string[],
  ) => Promise<{ exitCode: number | null; output: string }>;
  readReport: (folder: string) => Promise<Report>;
  /** A file of a folder, as text. */
  readText: (folder: string, name: string) => Promise<string>;
  outFolder: string;
  say: (text: string) => void;
  heading: (text: string) => void;
  comment: (body: string) => void;
  table: (rows: string[][]) => void;
};

/** What a run reports of itself. */
export type Report = {
  calls: { reads: number; writes: number };
  incidents: { iid: number; state: string; codes: string[]; actions: string[] }[];
};

/** The story as far as it is told: the team, the world, the stage, and ways to run what schedules run. */
export type Telling = {
  company: Company;
  world: StoryWorld;
  stage: Stage;
  sweep: (flags?: string[]) => Promise<void>;
  shift: () => Promise<void>;
  /** Leaves its files in `reportFolder`. */
  report: (flags?: string[]) => Promise<void>;
  reportFolder: string;
};

const REF = 'main';

/** Has the pipelines of the world run doors as CI jobs would, and says what they print. */
export function runPipelines(company: Company, world: StoryWorld, stage: Stage): Telling {
  const { gitlab, pagerduty, slack, clock } = world;
  const variables = (): Record<string, string> => ({
    ...{ GITLAB_URL: gitlab.address, WATCHKEEPER_TOKEN: company.bot.token, WATCHKEEPER_OUT: stage.outFolder },
    ...{ WATCHKEEPER_CONFIG: DEMO_CONFIG, WATCHKEEPER_NOW: clock.now.toISOString() },
    ...{ PAGERDUTY_TOKEN: pagerduty.keys.token, PAGERDUTY_ROUTING_KEY: pagerduty.keys.routingKey },
    ...{ PAGERDUTY_API_URL: pagerduty.address, SLACK_WEBHOOK_URL: slack.hookUrl },
    ...{ CI_PROJECT_ID: String(company.project.id), CI_COMMIT_BRANCH: REF },
  });
  gitlab.pipelines.run = async ({ name, inputs, jobToken, payloadPath = '' }) => {
    // As the job `timer` of .gitlab-ci.yml sets it.
    const timer = { object_kind: 'timer', project_id: String(inputs['project']), iid: String(inputs['iid']) };
    const payload = name === 'timer' ? JSON.stringify(timer) : payloadPath;
    const given = { ...variables(), TRIGGER_PAYLOAD: payload, CI_JOB_TOKEN: jobToken };
    const { output } = await stage.runDoor('on-event', given);
    for (const line of tellingLines(output)) stage.say(`${name === 'timer' ? 'timer' : 'pipeline'}: ${line}`);
  };
  const scheduled = async (door: 'sweep' | 'shift' | 'report', flags: string[] = [], more = {}): Promise<string[]> => {
    const pipeline = createPipeline(gitlab.world, company.project, company.bot, REF, 'schedule');
    const { output, exitCode } = await stage.runDoor(door, { ...variables(), ...more }, flags);
    pipeline.status = exitCode === 0 ? 'success' : 'failed';
    if (exitCode !== 0) throw new Error(`${door} ended with exit ${String(exitCode)}: ${output}`);
    return output.trim().split('\n');
  };
  const lastLine = async (door: 'sweep' | 'shift', flags?: string[]): Promise<void> => {
    const lines = await scheduled(door, flags);
    stage.say(`schedule: ${lines.at(-1) ?? ''}`);
  };
  // As the job `report` of .gitlab-ci.yml sets it.
  const reportFolder = path.join(stage.outFolder, 'report');
  const report = async (flags?: string[]): Promise<void> => {
    const lines = await scheduled('report', flags, { WATCHKEEPER_OUT: reportFolder });
    for (const line of lines) stage.say(`schedule: ${line}`);
  };
  const [sweep, shift] = [(flags?: string[]) => lastLine('sweep', flags), () => lastLine('shift')];
  return { company, world, stage, sweep, shift, report, reportFolder };
}

function tellingLines(output: string): string[] {
  return output
    .trim()
    .split('\n')
    .filter((line) => !line.includes('caused by the bot'));
}

/** Shows what Slack was told since it was last shown. */
export function tellSlack({ world: { slack }, stage }: Telling): void {
  for (const { text, blocks } of slack.messages.splice(0)) {
    stage.say(`in Slack: ${text}`);
    const more = blocks.slice(1).map((block) => (block as { text?: { text?: string } }).text?.text ?? '');
    for (const line of more.join('\n').split('\n')) if (line !== '') stage.say(`          ${line}`);
  }
}

/** Shows an issue as it stands: its state and labels, and the comments of the bot whose slots are asked for, or all. */
export function show({ company: { gitlab, bot }, stage }: Telling, iid: number, ...slots: string[]): void {
  const issue = gitlab.world.issue(42, iid);
  const notes = issue
    ? gitlab.world.notes.of(issue).filter(({ authorId, system }) => authorId === bot.id && !system)
    : [];
  stage.say(
    `sirt/incidents#${iid} is ${issue?.state ?? 'gone'}, labels: ${issue?.labels.join(', ') || 'none'}; comments by the bot: ${notes.length}`,
  );
  const shown = notes.filter(({ body }) => slots.some((slot) => body.startsWith(`<!-- watchkeeper:${slot}`)));
  for (const { body } of slots.length === 0 ? notes : shown) stage.comment(body);
}
