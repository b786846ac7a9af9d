import type { Context, Hono } from 'hono';
import type { Served } from '../server.ts';
import type { Pipelines } from '../webhooks/pipelines.ts';
import { demand } from '../world/access.ts';
import type { Schedule } from '../world/automation.ts';
import { ApiError, ConfigurationError, forbidden, notFound } from '../world/errors.ts';
import { mayMerge } from '../world/protection.ts';
import type { Account, Project } from '../world/records.ts';
import { demandCron, demandRoom } from '../world/schedules.ts';
import type { World } from '../world/world.ts';
import { page } from './paging.ts';
import { readParams, type Params } from './params.ts';
import { projectFor } from './scope.ts';
import { showPipeline, showSchedule } from './shows-automation.ts';

const SCHEDULES = '/projects/:id/pipeline_schedules';

/** Pipeline schedules. Source: GitLab docs, api/pipeline_schedules. */
export function routeSchedules(app: Hono<Served>, world: World, pipelines: Pipelines): void {
  app.get(SCHEDULES, async (c) => {
    const project = projectFor(world, c, 'see schedules');
    const schedules = page(c, await readParams(c), project.schedules);
    return c.json(schedules.map((schedule) => showSchedule(world, project, schedule, c.var.base, false)));
  });
  app.post(SCHEDULES, async (c) => {
    const params = await readParams(c);
    const project = projectFor(world, c, 'see schedules');
    const [description, ref, cron] = ['description', 'ref', 'cron'].map((name) => params.demanded(name)) as [
      string,
      string,
      string,
    ];
    demandRoom(world, project);
    const at = world.now();
    const schedule: Schedule = {
      ...{ id: world.nextId(), description, ref, cron, cronTimezone: 'UTC', active: true, ownerId: c.var.user.id },
      ...{ createdAt: at, updatedAt: at, variables: [], inputs: [], lastPipelineId: null, lastPlayedAt: null },
    };
    change(schedule, params);
    project.schedules.push(schedule);
    return c.json(showSchedule(world, project, schedule, c.var.base, true), 201);
  });
  routeSchedule(app, world);
  routeRuns(app, world, pipelines);
  routeVariables(app, world);
}

function routeSchedule(app: Hono<Served>, world: World): void {
  app.get(`${SCHEDULES}/:schedule`, (c) => {
    const project = projectFor(world, c, 'see schedules');
    return c.json(showSchedule(world, project, scheduleIn(c, project), c.var.base, true));
  });
  app.put(`${SCHEDULES}/:schedule`, async (c) => {
    const params = await readParams(c);
    const project = projectFor(world, c, 'see schedules');
    const schedule = editable(c, project);
    change(schedule, params);
    schedule.updatedAt = world.now();
    return c.json(showSchedule(world, project, schedule, c.var.base, true));
  });
  app.delete(`${SCHEDULES}/:schedule`, (c) => {
    const project = projectFor(world, c, 'see schedules');
    project.schedules.splice(project.schedules.indexOf(editable(c, project)), 1);
    return c.body(null, 204);
  });
}

/** A schedule is played once a minute at most, by whoever may start pipelines on its branch, and as them. */
function routeRuns(app: Hono<Served>, world: World, pipelines: Pipelines): void {
  app.post(`${SCHEDULES}/:schedule/play`, (c) => {
    const project = projectFor(world, c, 'see schedules');
    const schedule = scheduleIn(c, project);
    if (!mayMerge(c.var.user, project, branchNamed(schedule))) throw forbidden();
    const isSoon =
      schedule.lastPlayedAt !== null && Date.parse(world.now()) - Date.parse(schedule.lastPlayedAt) < 60_000;
    if (isSoon)
      throw new ApiError(429, {
        message: { error: 'This endpoint has been requested too many times. Try again later.' },
      });
    play(pipelines, project, schedule, c.var.user);
    schedule.lastPlayedAt = world.now();
    return c.json({ message: '201 Created' }, 201);
  });
  app.post(`${SCHEDULES}/:schedule/take_ownership`, (c) => {
    const project = projectFor(world, c, 'see schedules');
    const schedule = scheduleIn(c, project);
    demand(c.var.user, project, "edit others' schedules");
    schedule.ownerId = c.var.user.id;
    return c.json(showSchedule(world, project, schedule, c.var.base, true), 201);
  });
  app.get(`${SCHEDULES}/:schedule/pipelines`, async (c) => {
    const project = projectFor(world, c, 'see schedules');
    const { lastPipelineId } = scheduleIn(c, project);
    const pipelines = project.pipelines.filter(({ id }) => id === lastPipelineId);
    return c.json(page(c, await readParams(c), pipelines).map((one) => showPipeline(one, project, c.var.base)));
  });
}

/** Starts the pipeline; what is wrong with it is told to nobody. Source: app/workers/run_pipeline_schedule_worker.rb. */
function play(pipelines: Pipelines, project: Project, schedule: Schedule, user: Account): void {
  const variables = Object.fromEntries(schedule.variables.map(({ key, value }) => [key, value]));
  const inputs = Object.fromEntries(schedule.inputs.map(({ name, value }) => [name, value]));
  try {
    const start = { project, user, ref: branchNamed(schedule), source: 'schedule', inputs, variables } as const;
    schedule.lastPipelineId = pipelines.start(start).id;
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof ConfigurationError)) throw error;
  }
}

function branchNamed({ ref }: Schedule): string {
  return ref.replace(/^refs\/heads\//, '');
}

function routeVariables(app: Hono<Served>, world: World): void {
  const VARIABLES = `${SCHEDULES}/:schedule/variables`;
  type Variable = Schedule['variables'][number];
  const variableIn = (c: Context<Served>, { variables }: Schedule): Variable => {
    const variable = variables.find(({ key }) => key === c.req.param('key'));
    if (!variable) throw notFound('Pipeline Schedule Variable');
    return variable;
  };
  app.post(VARIABLES, async (c) => {
    const params = await readParams(c);
    const { variables } = editable(c, projectFor(world, c, 'see schedules'));
    const [key, value] = [params.demanded('key'), params.demanded('value')];
    if (variables.some((known) => known.key === key))
      throw new ApiError(400, { message: { key: ['has already been taken'] } });
    const variable = { key, value, variable_type: 'env_var', raw: false } as const;
    variables.push(variable);
    return c.json(variable, 201);
  });
  app.get(`${VARIABLES}/:key`, (c) => c.json(variableIn(c, scheduleIn(c, projectFor(world, c, 'see schedules')))));
  app.put(`${VARIABLES}/:key`, async (c) => {
    const value = (await readParams(c)).text('value');
    const variable = variableIn(c, editable(c, projectFor(world, c, 'see schedules')));
    if (value !== undefined) variable.value = value;
    return c.json(variable);
  });
  app.delete(`${VARIABLES}/:key`, (c) => {
    const schedule = editable(c, projectFor(world, c, 'see schedules'));
    const variable = variableIn(c, schedule);
    schedule.variables = schedule.variables.filter((one) => one !== variable);
    return c.json(variable, 202);
  });
}

function scheduleIn(c: Context<Served>, { schedules }: Project): Schedule {
  const schedule = schedules.find(({ id }) => String(id) === c.req.param('schedule'));
  if (!schedule) throw notFound('Pipeline Schedule');
  return schedule;
}

/** Another's schedule is for Maintainers. Source: GitLab docs, ci/pipelines/schedules. */
function editable(c: Context<Served>, project: Project): Schedule {
  const schedule = scheduleIn(c, project);
  if (schedule.ownerId !== c.var.user.id) demand(c.var.user, project, "edit others' schedules");
  return schedule;
}

function change(schedule: Schedule, params: Params): void {
  const [description, cron, cronTimezone, ref] = ['description', 'cron', 'cron_timezone', 'ref'].map((name) =>
    params.text(name),
  );
  const given = {
    description,
    cron,
    cronTimezone,
    active: params.flag('active'),
    ref: ref?.replace(/^(?!refs\/)/, 'refs/heads/'),
  };
  const changes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  demandCron(cron ?? schedule.cron, cronTimezone ?? schedule.cronTimezone);
  Object.assign(schedule, changes);
  const inputs = params.all['inputs'];
  if (Array.isArray(inputs)) schedule.inputs = inputs as Schedule['inputs'];
}
