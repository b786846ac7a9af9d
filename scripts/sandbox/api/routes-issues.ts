import type { Hono } from 'hono';
import { canSee, demandEdit, levelOf, visibleIssue, visibleProject } from '../world/access.ts';
import { changeIssue, createIssue, type IssueChanges } from '../world/changes.ts';
import { toIssueJson, toLabelEventJson, toStateEventJson } from './entities.ts';
import { ApiError } from '../world/errors.ts';
import { page, type Keyset } from './paging.ts';
import { readParams, type Params } from './params.ts';
import { executeQuickActions } from '../world/quick-actions.ts';
import type { Served } from '../server.ts';
import { LEVEL, type Account, type StoredIssue } from '../world/records.ts';
import type { World } from '../world/world.ts';

const LONGEST_DESCRIPTION = 1_048_576;

/** The issues API. Source: GitLab docs, api/issues. */
export function routeIssues(app: Hono<Served>, world: World): void {
  app.get('/projects/:id/issues', async (c) => {
    const params = await readParams(c);
    const project = visibleProject(world, c.var.user, c.req.param('id'));
    const { items, keyset } = select(world, c.var.user, params, (issue) => issue.projectId === project.id);
    return c.json(page(c, params, items, keyset).map((issue) => toIssueJson(world, issue, c.var.base)));
  });
  app.get('/groups/:id/issues', async (c) => {
    const params = await readParams(c);
    const id = c.req.param('id');
    const group = world.groups.find((known) => String(known.id) === id || known.path === id);
    if (!group) throw new ApiError(404, { message: '404 Group Not Found' });
    const inside = (issue: StoredIssue): boolean => world.projectOf(issue).path.startsWith(`${group.path}/`);
    const { items } = select(world, c.var.user, params, inside);
    return c.json(page(c, params, items).map((issue) => toIssueJson(world, issue, c.var.base)));
  });
  routeCreate(app, world);
  app.get('/projects/:id/issues/:iid', (c) => {
    const project = visibleProject(world, c.var.user, c.req.param('id'));
    return c.json(toIssueJson(world, visibleIssue(world, c.var.user, project, c.req.param('iid')), c.var.base));
  });
  app.put('/projects/:id/issues/:iid', async (c) => {
    const params = await readParams(c);
    const project = visibleProject(world, c.var.user, c.req.param('id'));
    const issue = visibleIssue(world, c.var.user, project, c.req.param('iid'));
    demandEdit(world, c.var.user, issue);
    changeIssue(world, c.var.user, issue, toChanges(world, c.var.user, issue, params));
    return c.json(toIssueJson(world, issue, c.var.base));
  });
  routeEvents(app, world);
}

function routeCreate(app: Hono<Served>, world: World): void {
  app.post('/projects/:id/issues', async (c) => {
    const params = await readParams(c);
    const project = visibleProject(world, c.var.user, c.req.param('id'));
    const title = params.text('title');
    if (title === undefined) throw new ApiError(400, { error: 'title is missing' });
    const wanted = params.text('issue_type') === 'incident' && levelOf(c.var.user, project) >= LEVEL.reporter;
    const issue = createIssue(world, c.var.user, project, title, wanted ? 'incident' : 'issue');
    const changes = toChanges(world, c.var.user, issue, params);
    // What quick actions of the description did stays: parameters add to it.
    const { description = null, confidential = issue.confidential, labels = [], assigneeIds = [] } = changes;
    Object.assign(issue, { description, confidential });
    const assigned = [...new Set([...issue.assigneeIds, ...assigneeIds])];
    changeIssue(world, c.var.user, issue, { addLabels: labels, assigneeIds: assigned });
    world.tell({ kind: 'issue', issue, actorId: c.var.user.id, action: 'open', before: undefined });
    return c.json(toIssueJson(world, issue, c.var.base), 201);
  });
}

function routeEvents(app: Hono<Served>, world: World): void {
  app.get('/projects/:id/issues/:iid/resource_state_events', async (c) => {
    const project = visibleProject(world, c.var.user, c.req.param('id'));
    const issue = visibleIssue(world, c.var.user, project, c.req.param('iid'));
    const events = [...world.stateChanges.of(issue)];
    return c.json(page(c, await readParams(c), events).map((event) => toStateEventJson(world, event, c.var.base)));
  });
  app.get('/projects/:id/issues/:iid/resource_label_events', async (c) => {
    const project = visibleProject(world, c.var.user, c.req.param('id'));
    const issue = visibleIssue(world, c.var.user, project, c.req.param('iid'));
    const events = [...world.labelChanges.of(issue)];
    return c.json(
      page(c, await readParams(c), events).map((event) => toLabelEventJson(world, event, project, c.var.base)),
    );
  });
}

/** What to change; quick actions in a description run with the caller's rights. Source: platform sheet, section 3. */
function toChanges(world: World, actor: Account, issue: StoredIssue, params: Params): IssueChanges {
  const given = params.text('description');
  if (given !== undefined && given.length > LONGEST_DESCRIPTION) {
    throw new ApiError(400, { message: { description: ['is too long (maximum is 1048576 characters)'] } });
  }
  const type = params.text('issue_type');
  const changes: Record<string, unknown> = {
    title: params.text('title'),
    description: given === undefined ? undefined : executeQuickActions(world, actor, issue, given).text,
    labels: params.list('labels'),
    addLabels: params.list('add_labels'),
    removeLabels: params.list('remove_labels'),
    assigneeIds: params.list('assignee_ids')?.map(Number),
    stateEvent: params.text('state_event'),
    type: type === 'incident' || type === 'issue' || type === 'task' ? type : undefined,
    confidential: params.flag('confidential'),
    locked: params.flag('discussion_locked'),
    dueDate: params.text('due_date'),
  };
  const asked = Object.entries(changes).filter(([, value]) => value !== undefined);
  if (asked.length === 0)
    throw new ApiError(400, { error: 'title, description, ... are missing, at least one parameter must be provided' });
  return Object.fromEntries(asked);
}

function select(
  world: World,
  user: Account,
  params: Params,
  inside: (issue: StoredIssue) => boolean,
): { items: StoredIssue[]; keyset: Keyset<StoredIssue> } {
  const orderBy = params.text('order_by') ?? 'created_at';
  const descending = params.text('sort') !== 'asc';
  const time = (issue: StoredIssue): string => (orderBy === 'updated_at' ? issue.updatedAt : issue.createdAt);
  const key = (issue: StoredIssue): string => `${time(issue)} ${String(issue.id).padStart(12, '0')}`;
  const visible = world.issues.filter((issue) => inside(issue) && canSee(world, user, issue) && matches(issue, params));
  const items = visible.sort((a, b) => (key(a) < key(b) ? -1 : 1) * (descending ? -1 : 1));
  return { items, keyset: { orderBy, descending, key } };
}

function matches(issue: StoredIssue, params: Params): boolean {
  const state = params.text('state') ?? 'all';
  const labels = params.list('labels') ?? [];
  const without = params.list('not[labels]') ?? [];
  const iids = params.list('iids');
  return (
    (state === 'all' || issue.state === state) &&
    (params.text('issue_type') ?? issue.type) === issue.type &&
    labels.every((label) => issue.labels.includes(label)) &&
    !without.some((label) => issue.labels.includes(label)) &&
    (iids === undefined || iids.includes(String(issue.iid))) &&
    Date.parse(issue.updatedAt) >= Date.parse(params.text('updated_after') ?? '1970-01-01T00:00:00Z')
  );
}
