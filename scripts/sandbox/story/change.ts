import { HAND_OFF } from './descriptions.ts';
import { show, tellSlack, type Telling } from './stage.ts';

const ISSUES = '/projects/42/issues';

/** The change of shift: what is missing is asked for an hour before, everything is handed over at once, and accepted at once. */
export async function changeShifts(telling: Telling, iid: number): Promise<void> {
  const { company, world, stage, shift } = telling;
  const { gitlab, call } = company;
  stage.heading("07:05. An hour before @ana's shift ends, its log tells her what @ben will need to know");
  await world.goTo('2026-11-20T07:05:00Z');
  await shift();
  show(telling, iid, 'none');
  show(telling, latest(telling), 'log', 'handoff-due');
  stage.heading('She writes it down, and the label says that it is complete');
  const { description } = gitlab.world.issue(42, iid) ?? {};
  const written = (description ?? '').replace(/^## Hand-off\n[^]*?(?=^## )/m, `${HAND_OFF}\n`);
  await call('ana', 'PUT', `${ISSUES}/${iid}`, { description: written });
  await gitlab.settled();
  show(telling, iid, 'none');
  stage.heading('08:05. @ben comes on call: each incident is handed over, in one call for all of them, and in Slack');
  await world.goTo('2026-11-20T08:05:00Z');
  await shift();
  show(telling, iid, 'handoff');
  show(telling, latest(telling), 'log', 'handoff');
  tellSlack(telling);
  stage.heading('He accepts, by one comment on the log of his shift');
  await call('ben', 'POST', `${ISSUES}/${latest(telling)}/notes`, { body: '/accept' });
  await gitlab.settled();
  show(telling, latest(telling), 'handoff');
  await missTheReview(telling, iid);
}

async function missTheReview(telling: Telling, iid: number): Promise<void> {
  const { company, world, stage, shift } = telling;
  stage.heading('14:05. In the first half of his shift @ben has not looked at it: one digest on his log says so');
  await world.goTo('2026-11-20T14:05:00Z');
  await shift();
  show(telling, iid, 'none');
  show(telling, latest(telling), 'digest', 'log');
  stage.heading('He looks at it now');
  await company.call('ben', 'POST', `${ISSUES}/${iid}/notes`, { body: '/reviewed' });
  await company.gitlab.settled();
  show(telling, iid, 'none');
}

/** The issue that was opened last, which is the log of the present shift. */
function latest({ company }: Telling): number {
  return company.gitlab.world.issues.at(-1)?.iid ?? 0;
}
