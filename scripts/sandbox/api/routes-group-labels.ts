import type { Context, Hono } from 'hono';
import type { Served } from '../server.ts';
import { ApiError, badParameter, notFound } from '../world/errors.ts';
import { demandInGroup, projectsIn, visibleGroup } from '../world/groups.ts';
import { deleteGroupLabel, renameGroupLabel } from '../world/labels.ts';
import { LEVEL, type Group, type Label } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { page } from './paging.ts';
import { readParams } from './params.ts';
import { demandColor } from './routes-labels.ts';

const LABELS = '/groups/:id/labels';

/** The labels of a group, which all projects below it have. Source: GitLab docs, api/group_labels. */
export function routeGroupLabels(app: Hono<Served>, world: World): void {
  app.get(LABELS, async (c) => {
    const params = await readParams(c);
    const words = params.text('search')?.toLowerCase() ?? '';
    const labels = [...groupIn(world, c).labels.values()].filter(({ name }) => name.toLowerCase().includes(words));
    return c.json(page(c, params, labels).map((label) => show(world, groupIn(world, c), label)));
  });
  app.post(LABELS, async (c) => {
    const params = await readParams(c);
    const [name, color] = [params.demanded('name'), params.demanded('color')];
    const group = editableGroup(world, c);
    if (group.labels.has(name)) throw new ApiError(409, { message: 'Label already exists' });
    const description = params.text('description') ?? null;
    const label = { id: world.nextId(), name, color: demandColor(color), description };
    group.labels.set(name, label);
    return c.json(show(world, group, label), 201);
  });
  app.get(`${LABELS}/:label`, (c) => {
    const group = groupIn(world, c);
    return c.json(show(world, group, labelIn(c, group)));
  });
  app.put(`${LABELS}/:label`, async (c) => {
    const params = await readParams(c);
    const group = editableGroup(world, c);
    const label = labelIn(c, group);
    const [name, color, description] = ['new_name', 'color', 'description'].map((key) => params.text(key));
    if (name === undefined && color === undefined && description === undefined)
      throw badParameter('new_name, color, description are missing, at least one parameter must be provided');
    if (color !== undefined) label.color = demandColor(color);
    if (description !== undefined) label.description = description;
    if (name !== undefined) renameGroupLabel(world, group, label, name);
    return c.json(show(world, group, label));
  });
  app.delete(`${LABELS}/:label`, (c) => {
    const group = editableGroup(world, c);
    deleteGroupLabel(world, group, labelIn(c, group));
    return c.body(null, 204);
  });
}

function groupIn(world: World, c: Context<Served>): Group {
  return visibleGroup(world, c.var.user, c.req.param('id') ?? '');
}

/** Labels of a group are for its Planners and up. Source: GitLab docs, user/permissions, group planning. */
function editableGroup(world: World, c: Context<Served>): Group {
  const group = groupIn(world, c);
  demandInGroup(c.var.user, group, LEVEL.planner);
  return group;
}

function labelIn(c: Context<Served>, { labels }: Group): Label {
  const wanted = c.req.param('label') ?? '';
  const label = [...labels.values()].find(({ id, name }) => name === wanted || String(id) === wanted);
  if (!label) throw notFound('Label');
  return label;
}

function show(world: World, group: Group, { id, name, color, description }: Label): object {
  const projects = new Set(projectsIn(world, group).map((project) => project.id));
  const issues = world.issues.filter((issue) => projects.has(issue.projectId) && issue.labels.includes(name));
  const open = issues.filter(({ state }) => state === 'opened').length;
  return {
    ...{ id, name, description, description_html: description ?? '', text_color: '#FFFFFF', color, archived: false },
    ...{ open_issues_count: open, closed_issues_count: issues.length - open, open_merge_requests_count: 0 },
    subscribed: false,
  };
}
