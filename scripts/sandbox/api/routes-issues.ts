import type { Context, Hono } from 'hono';
import type { Served } from '../server.ts';
import { demand, levelOf } from '../world/access.ts';
import { changeIssue, permitted, type IssueChanges } from '../world/changes.ts';
import { ApiError, badParameter, notFound } from '../world/errors.ts';
import { openIssue } from '../world/open-issue.ts';
import { applyInterpreted, interpret } from '../world/quick-actions.ts';
import { LEVEL, type StoredIssue } from '../world/records.ts';
import { crossReference, moveIssue } from '../world/relations.ts';
import type { World } from '../world/world.ts';
import { selectIssues } from './issue-filters.ts';
import { page } from './paging.ts';
import { readParams, type Params } from './params.ts';
import { issueIn, projectIn } from './scope.ts';
import { showIssue, showWholeIssue } from './shows-issues.ts';
import { demandPace } from './throttle.ts';

const LONGEST_DESCRIPTION = 1_048_576;

/** The issues API. Source: GitLab docs, api/issues. */
export function routeIssues(app: Hono<Served>, world: World): void {
  app.get('/projects/:id/issues', async (c) => {
    const params = await readParams(c);
    const project = projectIn(world, c);
    const issues = selectIssues(world, c.var.user, params, ({ projectId }) => projectId === project.id);
    return c.json(page(c, params, issues).map((issue) => showIssue(world, issue, c.var.base)));
  });
  app.get('/groups/:id/issues', async (c) => {
    const params = await readParams(c);
    const id = c.req.param('id');
    const group = world.groups.find((known) => String(known.id) === id || known.path === id);
    if (!group || !world.projects.some((project) => project.groupId === group.id && levelOf(c.var.user, project) > 0)) {
      throw notFound('Group');
    }
    const inside = (issue: StoredIssue): boolean => world.projectOf(issue).path.startsWith(`${group.path}/`);
    const issues = selectIssues(world, c.var.user, params, inside);
    return c.json(page(c, params, issues.all()).map((issue) => showIssue(world, issue, c.var.base)));
  });
  app.post('/projects/:id/issues', async (c) => {
    const params = await readParams(c);
    const project = projectIn(world, c);
    demandPace(world, c.var.user, 'issues');
    const issue = openIssue(world, c.var.user, project, readChanges(params));
    return c.json(showWholeIssue(world, issue, c.var.base), 201);
  });
  routeIssue(app, world);
}

function routeIssue(app: Hono<Served>, world: World): void {
  const path = '/projects/:id/issues/:iid';
  app.get(path, (c) => c.json(showWholeIssue(world, issueIn(world, c), c.var.base)));
  app.put(path, async (c) => {
    const params = await readParams(c);
    const issue = issueIn(world, c);
    edit(c, world, issue, readChanges(params));
    return c.json(showWholeIssue(world, issue, c.var.base));
  });
  app.delete(path, (c) => {
    const issue = issueIn(world, c);
    demand(c.var.user, world.projectOf(issue), 'delete an issue');
    const since = c.req.header('if-unmodified-since');
    if (since !== undefined && Date.parse(since) < Date.parse(issue.updatedAt) - 999) {
      throw new ApiError(412, { message: '412 Precondition Failed' });
    }
    world.removeIssue(issue);
    return c.body(null, 204);
  });
  app.post(`${path}/move`, async (c) => {
    const id = (await readParams(c)).number('to_project_id', 0);
    const issue = issueIn(world, c);
    const target = world.projects.find((project) => project.id === id && levelOf(c.var.user, project) >= LEVEL.guest);
    if (!target) throw notFound('Project');
    const moved = moveIssue(world, c.var.user, issue, target);
    if (!moved) throw new ApiError(400, { message: 'Cannot move issue due to insufficient permissions!' });
    return c.json(showWholeIssue(world, moved, c.var.base), 201);
  });
}

/** What quick actions of a description ask for goes with what the parameters ask for. Source: platform sheet, section 3. */
function edit(c: Context<Served>, world: World, issue: StoredIssue, given: IssueChanges): void {
  const { user } = c.var;
  const asked = given.description === undefined ? undefined : interpret(world, user, issue, given.description);
  const { stateEvent, ...plain } = permitted(world, user, issue, given);
  const byText = asked?.changes ?? {};
  const description = asked && plain.description !== undefined ? { description: asked.text } : {};
  const addLabels = [...(byText.addLabels ?? []), ...(plain.addLabels ?? [])];
  const removeLabels = [...(byText.removeLabels ?? []), ...(plain.removeLabels ?? [])];
  const state = stateEvent === undefined ? {} : { stateEvent };
  changeIssue(world, user, issue, { ...byText, ...plain, ...description, ...state, addLabels, removeLabels });
  if (asked) applyInterpreted(world, user, issue, { ...asked, changes: {} });
  if (description.description !== undefined) crossReference(world, user, issue, description.description);
}

function readChanges(params: Params): IssueChanges {
  const given = params.text('description');
  if (given !== undefined && given.length > LONGEST_DESCRIPTION) {
    throw new ApiError(400, { message: { description: ['is too long (maximum is 1048576 characters)'] } });
  }
  const type = params.text('issue_type');
  if (type !== undefined && !['incident', 'issue', 'task'].includes(type)) {
    throw badParameter('issue_type does not have a valid value');
  }
  const title = params.text('title');
  if (title?.trim() === '') throw new ApiError(400, { message: { title: ["can't be blank"] } });
  const changes: Record<string, unknown> = {
    ...{ title, description: given, type, labels: params.list('labels'), addLabels: params.list('add_labels') },
    ...{
      removeLabels: params.list('remove_labels'),
      assigneeIds: assignees(params),
      stateEvent: params.text('state_event'),
    },
    ...{ confidential: params.flag('confidential'), locked: params.flag('discussion_locked'), dueDate: day(params) },
  };
  const asked = Object.entries(changes).filter(([, value]) => value !== undefined);
  if (asked.length === 0)
    throw badParameter('title, description, ... are missing, at least one parameter must be provided');
  return Object.fromEntries(asked);
}

function assignees(params: Params): number[] | undefined {
  const one = params.text('assignee_id');
  return params.list('assignee_ids')?.map(Number) ?? (one === undefined ? undefined : [Number(one)]);
}

/** An empty due date clears it. */
function day(params: Params): string | null | undefined {
  const text = params.text('due_date');
  if (text !== undefined && text !== '' && Number.isNaN(Date.parse(text))) throw badParameter('due_date is invalid');
  return text === '' ? null : text;
}
