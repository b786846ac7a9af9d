import { changeShifts } from './change.ts';
import { hireTeam, IDS_TEMPLATE, installWebhook } from './company.ts';
import { COMPLETE, TOO_EARLY } from './descriptions.ts';
import { analyse, becomeWork } from './learning.ts';
import { liveThroughMorning } from './morning.ts';
import { answerPagerDuty, missThePage, takeIt } from './night.ts';
import { runPipelines, show, type Report, type Stage, type Telling } from './stage.ts';
import { readCiFiles, type StoryWorld } from './world.ts';
import { lookBack, runOutOfTime } from './weeks.ts';
import type { StoredIssue } from '../world/records.ts';

/**
 * Tells the whole story: a page that nobody takes until the manager is told, its incident closed too early, mended and
 * verified, what becomes of its notes and of the analysis, a page of PagerDuty's, a change of shift, a review that is missed, a
 * sweep that finds what the webhook did not tell, and the weeks after: what reports look back on, and what is late.
 */
export async function tellStory(world: StoryWorld, stage: Stage): Promise<void> {
  const company = hireTeam(world.gitlab);
  for (const [file, text] of await readCiFiles())
    company.project.repository.branches.get('main')?.files.set(file, text);
  // The integration key that Watchkeeper has is that of a service which pages the manager.
  const lea = world.pagerduty.pages.people.find(({ name }) => name === 'lea');
  if (lea) world.pagerduty.pages.duties.push({ person: lea, level: 1 });
  const telling = runPipelines(company, world, stage);
  await installWebhook(company, IDS_TEMPLATE);
  const iid = await missThePage(telling);
  await takeIt(telling, iid);
  await closeTooEarly(telling, iid);
  const analysis = becomeWork(telling, iid);
  await changeShifts(telling, await answerPagerDuty(telling));
  await analyse(telling, analysis);
  await sweepTheMorning(telling);
  await lookBack(telling);
  await runOutOfTime(telling, analysis + 1);
}

/** As it was that night. */
function atNight(description: string): string {
  return description.replaceAll('02:07', '02:16').replace('09:30', '03:12');
}

async function closeTooEarly(telling: Telling, iid: number): Promise<void> {
  const { company, world, stage } = telling;
  const { gitlab, call } = company;
  const path = `/projects/42/issues/${iid}`;
  stage.heading('03:15. It is over, and she closes it: half of it is not written down');
  await world.goTo('2026-11-20T03:15:00Z');
  await call('ana', 'PUT', path, { description: atNight(TOO_EARLY) });
  await gitlab.settled();
  await call('ana', 'PUT', path, { state_event: 'close' });
  await gitlab.settled();
  show(telling, iid, 'gate');
  stage.heading('She fills in what is missing: the comment follows, silently');
  await call('ana', 'PUT', path, { description: atNight(COMPLETE) });
  await gitlab.settled();
  show(telling, iid, 'gate');
  stage.heading('She closes it again: it stays closed');
  await call('ana', 'PUT', path, { state_event: 'close' });
  await gitlab.settled();
  show(telling, iid, 'gate');
}

async function sweepTheMorning(telling: Telling): Promise<void> {
  const { company, stage, sweep } = telling;
  stage.heading('The webhook is down for a while, and people close a dozen incidents; the sweep finds them');
  company.project.hooks.length = 0;
  const incidents = await liveThroughMorning(company);
  await sweep(['--deep']);
  const report = await stage.readReport(stage.outFolder);
  stage.table([['incident', 'what it is', 'state now', 'why'], ...incidents.map((issue) => toRow(issue, report))]);
  stage.say(`${report.calls.reads} reads and ${report.calls.writes} writes for ${report.incidents.length} incidents`);
  stage.heading('The same sweep once more: nothing is left to do');
  await sweep(['--deep']);
  const again = await stage.readReport(stage.outFolder);
  stage.say(`${again.calls.reads} reads and ${again.calls.writes} writes`);
}

function toRow({ iid, title, state }: StoredIssue, report: Report): string[] {
  const found = report.incidents.find((incident) => incident.iid === iid);
  return [`#${iid}`, title, `${state}, ${found?.state ?? 'untouched'}`, found?.codes.join(' ') ?? ''];
}
