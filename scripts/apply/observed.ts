import type { Issue, User } from '../gitlab/port.ts';
import type { PagerDuty, PagerDutyIncident, PagerDutyUser } from '../outside/pagerduty-port.ts';
import type { Installation } from '../read/config.ts';
import { personInPagerDuty, withoutAt } from '../read/people.ts';
import type { PageEvent } from '../read/pagerduty-event.ts';
import type { Observed } from '../read/snapshot.ts';
import { severityOfLabel } from '../read/values.ts';
import type { Severity } from '../gitlab/port.ts';
import type { Tools } from './reconcile.ts';

/**
 * A page's event with what PagerDuty itself says: `said` is absent where it could not be asked, and then the event's own
 * words count. `pagerduty` is there where it can be asked for more.
 */
export type Told = { page: PageEvent; said?: PagerDutyIncident; pagerduty?: PagerDuty };

/** What the event of a page, or PagerDuty itself, lets us know of its incident, beside what the issue says. */
export async function observePage(told: Told, issue: Issue, me: User, tools: Tools): Promise<Observed> {
  const { page, said } = told;
  const isReopened = page.type === 'reopened' && said?.status !== 'resolved';
  return {
    pagerduty: page.incidentId,
    ...(await observeAcknowledgement(told, tools)),
    ...(said || page.type === 'triggered' ? { pagedAt: said?.createdAt ?? page.at } : {}),
    ...(page.type === 'escalated' ? { escalatedAt: page.at } : {}),
    ...(page.type === 'resolved' && (said?.status ?? 'resolved') === 'resolved' ? { alarmResolvedAt: page.at } : {}),
    ...(isReopened ? { alarmReopened: true } : {}),
    ...(page.type === 'annotated' ? await observeNote(told, tools) : {}),
    ...(page.type === 'priority_updated' ? await observeSeverity(told, issue, me, tools) : {}),
  };
}

/** Who acknowledged first, as PagerDuty has it, else as the event claims. */
export async function observeAcknowledgement(told: Told, tools: Tools): Promise<Observed> {
  const { page, said } = told;
  const [first] = [...(said?.acknowledgements ?? [])].sort((a, b) => (a.at < b.at ? -1 : 1));
  const claimed = page.type === 'acknowledged' && !said ? { at: page.at, by: page.agent } : undefined;
  const taken = first ?? claimed;
  if (!taken) return {};
  return { acknowledged: { by: taken.by && (await personOf(taken.by, told, tools)), at: taken.at, how: 'pagerduty' } };
}

/** A note in PagerDuty: the one that stands there, where it can be asked. */
async function observeNote(told: Told, tools: Tools): Promise<Observed> {
  const { page, said, pagerduty } = told;
  const claimed = { at: page.at, by: page.agent, text: page.note ?? '' };
  const standing = said && pagerduty ? await pagerduty.notes(page.incidentId) : undefined;
  const note = standing
    ? (standing.find(({ id }) => id === page.noteId) ?? standing.find(({ text }) => text === page.note))
    : claimed;
  if (!note || note.text.trim() === '') return {};
  const person = note.by && (await personOf(note.by, told, tools));
  return { pageNote: { at: note.at, by: person?.username ?? note.by?.id ?? 'PagerDuty', text: note.text } };
}

/** The severity of a new priority, unless people have set another: who touched the label last has the say. */
async function observeSeverity(
  { page, said }: Told,
  issue: Issue,
  me: User,
  { gitlab, config }: Tools,
): Promise<Observed> {
  const severity = severityOfPage(page, said, config);
  if (severity === undefined || issue.state === 'closed') return {};
  const events = await gitlab.labelEvents(issue);
  const last = events.filter(({ label }) => severityOfLabel(label ?? '') !== undefined).at(-1);
  const isOurs = last
    ? [me.id, ...config.bot.former_ids].includes(last.user?.id ?? 0)
    : issue.labels.every((label) => severityOfLabel(label) === undefined);
  return isOurs ? { severity } : {};
}

/** By the configuration's table: the name of its priority, else its urgency. */
export function severityOfPage(
  page: PageEvent,
  said: PagerDutyIncident | undefined,
  { pagerduty }: Installation,
): Severity | undefined {
  const { priority, urgency = 'high' } = said ?? page;
  return pagerduty.severity[priority ?? ''] ?? pagerduty.severity[urgency];
}

/** The GitLab user of somebody in PagerDuty, by `people` in the configuration: by id, else by address. */
async function personOf(
  user: PagerDutyUser,
  { pagerduty }: Told,
  { gitlab, config }: Tools,
): Promise<User | undefined> {
  const known = personInPagerDuty(config.people, user);
  const asked = known || user.email !== undefined ? undefined : await pagerduty?.user(user.id);
  const person = known ?? (asked && personInPagerDuty(config.people, asked));
  return person && gitlab.userNamed(withoutAt(person.gitlab));
}
