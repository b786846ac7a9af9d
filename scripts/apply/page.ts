import { SetupError } from '../ci/errors.ts';
import type { Issue, NewIssue, Source, User } from '../gitlab/port.ts';
import type { PagerDutyIncident, PagerDutyUser } from '../outside/pagerduty-port.ts';
import { sourcesOf, toSource, type Installation } from '../read/config.ts';
import type { PageEvent } from '../read/pagerduty-event.ts';
import type { Observed } from '../read/snapshot.ts';
import { renderPage } from '../render/page.ts';
import type { Handled } from './event.ts';
import { createOnce, findByKey, type Keeper } from './keyed.ts';
import { reconcile, type Tools } from './reconcile.ts';

const KEY_OF_OURS = /^watchkeeper\/(\d+)\/(\d+)\/\d+$/;

/**
 * Reconciles the incident of a page: once per PagerDuty incident, found again by the key in its description. What PagerDuty
 * itself says counts, where its token is known; else what the webhook claims. An alert that Watchkeeper raised belongs to
 * the incident that it was raised for.
 */
export async function reconcilePage(page: PageEvent, tools: Tools): Promise<Handled> {
  const { gitlab, config, pagerduty } = tools;
  if (!pagerduty && !config.pagerduty.unverified.includes(page.type)) {
    return { nothing: `without PAGERDUTY_TOKEN an event ${page.type} is not believed (pagerduty.unverified)` };
  }
  const said = pagerduty && (await pagerduty.incident(page.incidentId));
  if (pagerduty && !said) return { nothing: `PagerDuty knows no incident ${page.incidentId}` };
  const me = await gitlab.me();
  const keeper: Keeper = { gitlab, me, formerIds: config.bot.former_ids, project: projectOf(config) };
  const key = `page ${page.incidentId}`;
  const raised = KEY_OF_OURS.exec(said?.key ?? page.key ?? '');
  const found = raised
    ? [await gitlab.issue({ projectId: Number(raised[1]), iid: Number(raised[2]) })]
    : await findByKey(key, keeper);
  const observed = await observe(page, said, raised !== null, tools);
  const issue = found[0] ?? (raised ? undefined : await open(key, page, said, keeper, tools));
  if (!issue) return { nothing: `the page ${page.incidentId} is over, and no incident was opened for it` };
  return { incident: await reconcile(issue, me, tools, observed) };
}

/** The project in which pages become incidents. */
function projectOf(config: Installation): Source {
  const { project } = config.pagerduty;
  if (project !== undefined) return toSource(project);
  const first = sourcesOf(config).find(({ kind }) => kind === 'project');
  if (first) return first;
  throw new SetupError('No project takes the incidents of pages. Set pagerduty.project in the configuration.');
}

/** Opens the incident of a page that is not over. */
async function open(
  key: string,
  page: PageEvent,
  said: PagerDutyIncident | undefined,
  keeper: Keeper,
  { config, dryRun }: Tools,
): Promise<Issue | undefined> {
  const isOver = said ? said.status === 'resolved' : ['resolved', 'annotated'].includes(page.type);
  if (isOver || dryRun) return undefined;
  const told = { ...page, ...(said ? { title: said.title, service: said.service.name, url: said.htmlUrl } : {}) };
  const severity = severityOf(page, said, config);
  const issue: NewIssue = {
    title: (told.title.trim() || `Page ${page.incidentId}`).slice(0, 255),
    description: renderPage(told, config.form),
    labels: [...config.pagerduty.labels, ...(severity === undefined ? [] : [`severity::${severity}`])],
    ...{ confidential: true, assigneeIds: [], isIncident: true },
  };
  return createOnce(key, issue, keeper);
}

/** By the configuration's table: the name of its priority, else its urgency. */
function severityOf(
  page: PageEvent,
  said: PagerDutyIncident | undefined,
  { pagerduty }: Installation,
): number | undefined {
  const named = pagerduty.severity[said?.priority ?? page.priority ?? ''];
  return named ?? pagerduty.severity[said?.urgency ?? page.urgency ?? 'high'];
}

/** What the page's event, or PagerDuty itself, lets us know beside the issue. */
async function observe(
  page: PageEvent,
  said: PagerDutyIncident | undefined,
  isRaised: boolean,
  tools: Tools,
): Promise<Observed> {
  const [first] = [...(said?.acknowledgements ?? [])].sort((a, b) => (a.at < b.at ? -1 : 1));
  const claimed = page.type === 'acknowledged' && !said ? { at: page.at, by: page.agent } : undefined;
  const taken = first ?? claimed;
  const by = taken?.by && (await personOf(taken.by, tools));
  const acknowledged = taken ? { acknowledged: { by, at: taken.at, how: 'pagerduty' } } : {};
  // An alert of ours is a way to reach people, not the page itself.
  if (isRaised) return acknowledged;
  return {
    pagerduty: page.incidentId,
    ...acknowledged,
    ...(said || page.type === 'triggered' ? { pagedAt: said?.createdAt ?? page.at } : {}),
    ...(page.type === 'escalated' ? { escalatedAt: page.at } : {}),
    ...(page.type === 'resolved' && said?.status !== 'triggered' ? { alarmResolvedAt: page.at } : {}),
    ...(page.type === 'reopened' ? { alarmReopened: true } : {}),
    ...(page.note !== undefined && page.type === 'annotated'
      ? { pageNote: { at: page.at, by: page.agent?.id ?? 'PagerDuty', text: page.note } }
      : {}),
  };
}

/** The GitLab user of somebody in PagerDuty, by `people` in the configuration. */
async function personOf(user: PagerDutyUser, { gitlab, config, pagerduty }: Tools): Promise<User | undefined> {
  const email = user.email ?? (pagerduty && (await pagerduty.user(user.id)))?.email;
  const person = config.people.find(
    ({ pagerduty_id: id, pagerduty_email: address }) =>
      id === user.id || (address !== undefined && address.toLowerCase() === email?.toLowerCase()),
  );
  return person && gitlab.userNamed(person.gitlab.replace(/^@/, ''));
}
