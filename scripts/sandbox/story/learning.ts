import { CAUSE, FACTORS_AND_ACTIONS } from './descriptions.ts';
import { show, type Telling } from './stage.ts';
import type { StoredIssue } from '../world/records.ts';

const ISSUES = '/projects/42/issues';

/** What became of an incident's notes: an issue for each, and one for the analysis that was asked for. Returns that one's number. */
export function becomeWork(telling: Telling, iid: number): number {
  const { company, stage } = telling;
  stage.heading(
    'What she noted became work: an issue for each improvement, and one for the analysis that she asked for',
  );
  const issues = company.gitlab.world.issues.filter((issue) => issue.iid > iid);
  const rows = issues.map((issue) => toRow(issue, company.gitlab.world.users));
  stage.table([['issue', 'title', 'labels', 'due', 'assigned'], ...rows]);
  stage.say(`on sirt/incidents#${iid}:`);
  show(telling, iid, 'learning');
  return issues.find(({ labels }) => labels.includes('rca'))?.iid ?? 0;
}

function toRow(
  { iid, title, labels, dueDate, assigneeIds }: StoredIssue,
  users: { id: number; username: string }[],
): string[] {
  const assigned = users.filter(({ id }) => assigneeIds.includes(id)).map(({ username }) => `@${username}`);
  return [`#${iid}`, title, labels.join(', '), dueDate ?? '', assigned.join(', ')];
}

/** The analysis is closed with half of it missing, reopened, filled in, and closed for good. */
export async function analyse(telling: Telling, iid: number): Promise<void> {
  const { company, world, stage } = telling;
  const path = `${ISSUES}/${iid}`;
  stage.heading(
    '16:30. @ana is up again. She writes why it happened, and closes the analysis: it asks for more than that',
  );
  await world.goTo('2026-11-20T16:30:00Z');
  await fillIn(telling, iid, CAUSE);
  await company.call('ana', 'PUT', path, { state_event: 'close' });
  await company.gitlab.settled();
  show(telling, iid, 'gate');
  stage.heading('She writes the rest, with who does what by when, and closes it again: it stays closed');
  await fillIn(telling, iid, FACTORS_AND_ACTIONS);
  await company.call('ana', 'PUT', path, { state_event: 'close' });
  await company.gitlab.settled();
  show(telling, iid, 'gate');
}

/** Writes answers over the hints below their headings, as people do. */
async function fillIn({ company }: Telling, iid: number, answers: Record<string, string>): Promise<void> {
  const { description } = company.gitlab.world.issue(42, iid) ?? {};
  const written = Object.entries(answers).reduce(
    (text, [section, answer]) =>
      text.replace(new RegExp(`(?<=^## ${section}\n\n)[^]*?(?=^## |$(?![^]))`, 'm'), `${answer}\n\n`),
    description ?? '',
  );
  await company.call('ana', 'PUT', `${ISSUES}/${iid}`, { description: written });
  await company.gitlab.settled();
}
