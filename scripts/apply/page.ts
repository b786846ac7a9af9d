import { LeftOver, SetupError } from '../ci/errors.ts';
import { shortened, onOneLine } from '../decide/show.ts';
import type { NewIssue, Source, User } from '../gitlab/port.ts';
import { projectOr, sourcesOf, type Installation } from '../read/config.ts';
import type { PageEvent } from '../read/pagerduty-event.ts';
import { renderPage } from '../render/page.ts';
import type { Handled } from './event.ts';
import { closeDuplicates, createOnce, keeperIn } from './keyed.ts';
import { observeAcknowledgement, observePage, severityOfPage, type Told } from './observed.ts';
import { issuesOfPage, type PageIssues } from './page-issues.ts';
import { reconcile, type Tools } from './reconcile.ts';
import { isWatched } from './watched.ts';

const KEY_OF_OURS = /^watchkeeper\/([1-9]\d{0,14})\/([1-9]\d{0,14})\/\d+$/;
const LONGEST_TITLE = 255;
/** Within this time of a page nobody has edited its incident before its first word is told again. */
const NEW_MS = 5 * 60_000;

/**
 * Reconciles the incident of a page: once per PagerDuty incident, found again by the key in its description, or by what our
 * own comment remembers. What PagerDuty itself says counts, where its token is known; else what the webhook claims, as far as
 * the configuration believes it. An alert that Watchkeeper raised belongs to the incident that it was raised for.
 */
export async function reconcilePage(page: PageEvent, tools: Tools): Promise<Handled> {
  const answer = await ask(page, tools);
  if ('nothing' in answer) return answer;
  const { told, failures } = answer;
  const me = await tools.gitlab.me();
  const raised = KEY_OF_OURS.exec((told.said ?? page).key ?? '');
  const handled = raised
    ? await reconcileRaised({ projectId: Number(raised[1]), iid: Number(raised[2]) }, told, me, tools)
    : await reconcileOwn(told, me, tools);
  if ('nothing' in handled) return handled;
  return { incident: { ...handled.incident, failures: [...failures, ...handled.incident.failures] } };
}

type Asked = { told: Told; failures: (LeftOver | SetupError)[] } | { nothing: string };

/** Asks PagerDuty. Where it does not answer, what would be believed without a token is, so that no page is lost; that it did not is left over. */
async function ask(page: PageEvent, { pagerduty, config }: Tools): Promise<Asked> {
  const isBelieved = config.pagerduty.unverified.includes(page.type);
  if (!pagerduty && isBelieved) return { told: { page }, failures: [] };
  if (!pagerduty) {
    return { nothing: `without PAGERDUTY_TOKEN an event ${page.type} is not believed (pagerduty.unverified)` };
  }
  try {
    const said = await pagerduty.incident(page.incidentId);
    if (!said) return { nothing: `PagerDuty knows no incident ${page.incidentId}` };
    return { told: { page, said, pagerduty }, failures: [] };
  } catch (error) {
    if (!(error instanceof LeftOver || error instanceof SetupError) || !isBelieved) throw error;
    return { told: { page }, failures: [error] };
  }
}

/** An alert of ours is a way to reach people, not the page itself: all that it tells is who took it. */
async function reconcileRaised(
  ref: { projectId: number; iid: number },
  told: Told,
  me: User,
  tools: Tools,
): Promise<Handled> {
  const { gitlab, config } = tools;
  const issue = await gitlab.issue(ref);
  if (!issue || !(await isWatched(issue, sourcesOf(config), gitlab))) {
    return { nothing: `the alert ${told.page.incidentId} was raised for no issue of the sources of the configuration` };
  }
  return { incident: await reconcile(issue, me, tools, await observeAcknowledgement(told, tools)) };
}

async function reconcileOwn(told: Told, me: User, tools: Tools): Promise<Handled> {
  const { config, dryRun } = tools;
  const { incidentId } = told.page;
  const { keeper, find, isDuplicate } = issuesOf(told, me, tools);
  const found = await find(isNew(told, tools.now), tools.now);
  if (found.length === 0 && !isWorthOpening(told))
    return { nothing: `the page ${incidentId} is over, and no incident was opened for it` };
  if (found.length === 0 && dryRun) return { nothing: `a dry run opens no incident for the page ${incidentId}` };
  const [issue, ...others] = await createOnce(`page ${incidentId}`, () => toIssue(told, config), keeper, found);
  const incident = await reconcile(issue, me, tools, await observePage(told, issue, me, tools));
  const duplicates = [];
  for (const other of others) if (await isDuplicate(other)) duplicates.push(other);
  if (!dryRun) await closeDuplicates([issue, ...duplicates], keeper);
  return { incident };
}

function issuesOf({ page, said }: Told, me: User, tools: Tools): PageIssues {
  const raisedAt = said?.createdAt ?? (page.type === 'triggered' ? page.at : undefined);
  const keeper = keeperIn(projectOf(tools.config), me, tools);
  return issuesOfPage({ incidentId: page.incidentId, raisedAt }, keeper);
}

/** The first word of a page, in time. */
function isNew({ page, said }: Told, now: Date): boolean {
  return page.type === 'triggered' && now.getTime() - Date.parse(said?.createdAt ?? page.at) < NEW_MS;
}

/** The project in which pages become incidents. */
function projectOf(config: Installation): Source {
  const project = projectOr(config.pagerduty.project, config);
  if (project) return project;
  throw new SetupError('No project takes the incidents of pages. Set pagerduty.project in the configuration.');
}

/** A page that was raised is on record though its alarm is over already; what only ends one opens none. */
function isWorthOpening({ page, said }: Told): boolean {
  if (page.type === 'triggered') return true;
  return said ? said.status !== 'resolved' : !['resolved', 'annotated'].includes(page.type);
}

function toIssue({ page, said }: Told, config: Installation): NewIssue {
  const { title, url } = said ? { title: said.title, url: said.htmlUrl } : page;
  const severity = severityOfPage(page, said, config);
  const shown: PageEvent = {
    ...page,
    ...(said ? { title, service: said.service.name, urgency: said.urgency, at: said.createdAt } : {}),
    ...(said?.priority === undefined ? {} : { priority: said.priority }),
    ...(url === undefined ? {} : { url }),
  };
  const line = onOneLine(title);
  return {
    title: shortened(line || `Page ${page.incidentId}`, LONGEST_TITLE),
    description: renderPage(shown, config.form),
    labels: [...config.pagerduty.labels, ...(severity === undefined ? [] : [`severity::${severity}`])],
    ...{ confidential: true, assigneeIds: [], isIncident: true },
  };
}
