import { BY_ALERT } from './descriptions.ts';
import { show, tellSlack, type Telling } from './stage.ts';

const ISSUES = '/projects/42/issues';

/** A page that nobody takes, until the manager is told: the incident of the first half of the story. */
export async function missThePage(telling: Telling): Promise<number> {
  const { company, world, stage } = telling;
  const { gitlab, call } = company;
  stage.heading('01:58. An alert opens an incident. @ana is on call, and a timer begins to run');
  const created = await call('alert-bot', 'POST', ISSUES, {
    title: 'Deploy token used from an unknown address',
    ...{ issue_type: 'incident', description: BY_ALERT, labels: 'oncall,severity::2' },
  });
  const iid = Number(created['iid']);
  await gitlab.settled();
  show(telling, iid);
  stage.say(`the timer waits until ${gitlab.pipelines.nextDueAt()?.toISOString() ?? 'never'}`);
  stage.heading('02:13. Nobody has acknowledged. The timer tells @lea: here, in Slack, and by PagerDuty');
  await world.goTo('2026-11-20T02:13:00Z');
  show(telling, iid, 'escalation');
  tellSlack(telling);
  for (const { title, assignees } of world.pagerduty.pages.all) {
    stage.say(`in PagerDuty: "${title}" pages ${assignees.map(({ name }) => name).join(', ')}`);
  }
  return iid;
}

/** Somebody takes it after all, and says to the others how it stands. */
export async function takeIt(telling: Telling, iid: number): Promise<void> {
  const { company, world, stage } = telling;
  stage.heading('02:16. @ana takes it by /ack: she owns it from now on, and nobody else is called');
  await world.goTo('2026-11-20T02:16:00Z');
  await company.call('ana', 'POST', `${ISSUES}/${iid}/notes`, { body: '/ack' });
  await company.gitlab.settled();
  show(telling, iid, 'ack', 'escalation');
  stage.heading('02:31. She tells the stakeholders by /update');
  await world.goTo('2026-11-20T02:31:00Z');
  const words = 'The token is revoked; two private projects were cloned.\nNext: the access logs, by 04:00 UTC.';
  await company.call('ana', 'POST', `${ISSUES}/${iid}/notes`, { body: `/update ${words}` });
  await company.gitlab.settled();
  show(telling, iid, 'update');
  tellSlack(telling);
}

/** A page of PagerDuty's, taken there: the incident of the second half of the story. */
export async function answerPagerDuty(telling: Telling): Promise<number> {
  const { company, world, stage } = telling;
  const { pagerduty } = world;
  stage.heading('04:00. PagerDuty pages for something else, and @ana acknowledges there, in bed');
  await world.goTo('2026-11-20T04:00:00Z');
  const [ana] = pagerduty.pages.people;
  if (!ana) throw new Error('nobody is in PagerDuty');
  pagerduty.pages.duties.splice(0, Infinity, { person: ana, level: 1 });
  await subscribe(telling);
  const { id } = pagerduty.pages.trigger({ title: 'Log-ins from two countries within a minute', urgency: 'low' });
  await pagerduty.webhooks.settled();
  await company.gitlab.settled();
  await world.goTo('2026-11-20T04:03:00Z');
  pagerduty.pages.acknowledge(id, ana);
  await pagerduty.webhooks.settled();
  await company.gitlab.settled();
  const iid = company.gitlab.world.issues.at(-1)?.iid ?? 0;
  show(telling, iid, 'ack');
  return iid;
}

async function subscribe({ company, world }: Telling): Promise<void> {
  const { token } = await company.call('lea', 'POST', '/projects/42/triggers', { description: 'PagerDuty' });
  const trigger = `/api/v4/projects/42/ref/main/trigger/pipeline?token=${String(token)}`;
  world.pagerduty.webhooks.subscribe(company.gitlab.address + trigger, 'a secret that no job can check');
}
