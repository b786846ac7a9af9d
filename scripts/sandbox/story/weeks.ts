import { show, type Telling } from './stage.ts';

/** What the story tells of `metrics.json`: schemas/metrics.schema.json says what each number means. */
type Metrics = { whole: Record<'incidents' | 'time_to_acknowledge' | 'escalation' | 'gate', Record<string, unknown>> };

/** What the story tells of `evidence.json`. */
type Evidence = { total: number; classes: Record<string, number>; reconciled: { gitlab: number | null } };

/** The Monday after: the review of the week, its numbers, the dashboard, and the evidence. `incident` is that of the night. */
export async function lookBack(telling: Telling): Promise<void> {
  const { company, world, stage, report, reportFolder } = telling;
  stage.heading('Monday, 23 November, 09:05. The report opens the review of last week, for @lea to lead');
  await world.goTo('2026-11-23T09:05:00Z');
  await report();
  const review = company.gitlab.world.issues.find(({ labels }) => labels.includes('weekly-review'));
  stage.say(`sirt/incidents#${review?.iid ?? 0}, confidential: ${review?.title ?? ''}`);
  const [comment] = review ? company.gitlab.world.notes.of(review).filter(({ system }) => !system) : [];
  stage.comment(beginningsOf(comment?.body ?? ''));
  stage.heading('The same report once more writes nothing to GitLab; its files are the numbers and the dashboard');
  await report();
  await tellNumbers(telling);
  stage.say(`the dashboard is public/index.html in WATCHKEEPER_OUT, which is ${reportFolder} until the demo ends;`);
  stage.say(`with --serve it stays, at ${company.gitlab.address}/-/dashboard/ for you to look at`);
  stage.heading('An auditor asks for the week: each incident is in one class, and GitLab counts as many');
  await report(['--evidence', '--from', '2026-11-16', '--to', '2026-11-22']);
  await tellEvidence(telling);
}

/** The time for the follow-ups is over, and nobody did them; then all that schedules run is run again. */
export async function runOutOfTime(telling: Telling, followUp: number): Promise<void> {
  const { world, stage, sweep, shift, report } = telling;
  stage.heading(
    'Monday, 21 December, 09:05. The 30 days of the follow-ups are over: they say so, and @ana is reminded',
  );
  await world.goTo('2026-12-21T09:05:00Z');
  await sweep(['--deep']);
  await shift();
  await report();
  show(telling, followUp, 'nudge');
  stage.heading('All of it once more: nothing is left to do');
  await sweep(['--deep']);
  const { calls: swept } = await stage.readReport(stage.outFolder);
  await shift();
  const { calls: shifted } = await stage.readReport(stage.outFolder);
  await report();
  const { calls: reported } = await stage.readReport(telling.reportFolder);
  stage.say(`${swept.writes + shifted.writes + reported.writes} writes`);
}

/** The first lines of each section of a comment. */
function beginningsOf(body: string): string {
  const begun = body.split(/\n(?=### )/).map((section) => {
    const lines = section.trim().split('\n');
    return lines.length > LINES_SHOWN + 1 ? [...lines.slice(0, LINES_SHOWN), '[...]'].join('\n') : lines.join('\n');
  });
  return begun.join('\n\n');
}

const LINES_SHOWN = 9;

async function tellNumbers({ stage, reportFolder }: Telling): Promise<void> {
  const { whole } = JSON.parse(await stage.readText(reportFolder, 'metrics.json')) as Metrics;
  const { incidents, time_to_acknowledge: acknowledged, escalation, gate } = whole;
  const told = { incidents, time_to_acknowledge: acknowledged, escalation, gate };
  const isNumber = ([, value]: [string, unknown]): boolean => typeof value === 'number';
  stage.say('from metrics.json, of 13 weeks:');
  for (const [name, numbers] of Object.entries(told)) {
    stage.say(`  "${name}": ${JSON.stringify(Object.fromEntries(Object.entries(numbers).filter(isNumber)))}`);
  }
}

async function tellEvidence({ stage, reportFolder }: Telling): Promise<void> {
  const { total, classes, reconciled } = JSON.parse(await stage.readText(reportFolder, 'evidence.json')) as Evidence;
  const counts = Object.entries(classes).map(([name, count]) => `${count} ${name}`);
  stage.say(`evidence.json: ${counts.join(', ')}: ${total} in all; GitLab counts ${String(reconciled.gitlab)}`);
}
