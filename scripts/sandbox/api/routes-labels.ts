import type { Context, Hono } from 'hono';
import type { Served } from '../server.ts';
import { ApiError, badParameter, notFound } from '../world/errors.ts';
import { createLabel, deleteLabel, editLabel } from '../world/labels.ts';
import type { Label, Project } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { page } from './paging.ts';
import { readParams } from './params.ts';
import { projectFor, projectIn } from './scope.ts';

const LABELS = '/projects/:id/labels';

/** The labels of a project and those of its group. Source: GitLab docs, api/labels. */
export function routeLabels(app: Hono<Served>, world: World): void {
  app.get(LABELS, async (c) => {
    const params = await readParams(c);
    const project = projectIn(world, c);
    const words = params.text('search')?.toLowerCase() ?? '';
    const found = world
      .labelsOf(project)
      .filter(({ name }) => name.toLowerCase().includes(words))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const withCounts = params.flag('with_counts') ?? false;
    return c.json(page(c, params, found).map((label) => show(world, project, label, withCounts)));
  });
  app.post(LABELS, async (c) => {
    const params = await readParams(c);
    const project = projectFor(world, c, 'manage labels');
    const [name, color] = [params.text('name'), params.text('color')];
    if (name === undefined || color === undefined) {
      throw badParameter(
        [name ?? 'name is missing', color ?? 'color is missing'].filter((text) => text.endsWith('missing')).join(', '),
      );
    }
    const label = createLabel(world, project, {
      name,
      color: demandColor(color),
      description: params.text('description') ?? null,
    });
    return c.json(show(world, project, label, true), 201);
  });
  app.get(`${LABELS}/:label`, (c) => {
    const project = projectIn(world, c);
    return c.json(show(world, project, labelIn(c, project), true));
  });
  routeChanges(app, world);
}

/** The older form names the label in a parameter. */
function routeChanges(app: Hono<Served>, world: World): void {
  const change = async (c: Context<Served>): Promise<Response> => {
    const params = await readParams(c);
    const project = projectFor(world, c, 'manage labels');
    const [name, color, description] = ['new_name', 'color', 'description'].map((key) => params.text(key));
    const given = { name, color: color === undefined ? undefined : demandColor(color), description };
    const changes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    if (Object.keys(changes).length === 0)
      throw badParameter('new_name, color, description, priority are missing, at least one parameter must be provided');
    const label = labelIn(c, project, params.text('name'));
    editLabel(world, project, label, changes);
    return c.json(show(world, project, label, true));
  };
  const remove = async (c: Context<Served>): Promise<Response> => {
    const params = await readParams(c);
    const project = projectFor(world, c, 'manage labels');
    deleteLabel(world, project, labelIn(c, project, params.text('name')));
    return c.body(null, 204);
  };
  for (const path of [LABELS, `${LABELS}/:label`]) {
    app.put(path, change);
    app.delete(path, remove);
  }
}

function labelIn(c: Context<Served>, project: Project, named = ''): Label {
  const wanted = c.req.param('label') ?? named;
  const label = [...project.labels.values()].find(({ id, name }) => name === wanted || String(id) === wanted);
  if (!label) throw notFound('Label');
  return label;
}

/** Throws 400 for a colour that is none. */
export function demandColor(color: string): string {
  if (/^#(?:[0-9a-f]{3}){1,2}$/i.test(color) || /^[a-z]+$/i.test(color)) return color;
  throw new ApiError(400, { message: { color: ['must be a valid color code'] } });
}

function show(world: World, project: Project, { id, name, color, description }: Label, withCounts: boolean): object {
  const issues = withCounts
    ? world.issues.filter((issue) => issue.projectId === project.id && issue.labels.includes(name))
    : [];
  const open = issues.filter(({ state }) => state === 'opened').length;
  return {
    ...{ id, name, description, description_html: description ?? '', text_color: '#FFFFFF', color, archived: false },
    ...(withCounts
      ? { open_issues_count: open, closed_issues_count: issues.length - open, open_merge_requests_count: 0 }
      : {}),
    ...{ subscribed: false, priority: null, is_project_label: project.labels.has(name) },
  };
}
