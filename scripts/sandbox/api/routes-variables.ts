import type { Context, Hono } from 'hono';
import type { Served } from '../server.ts';
import { addVariable, changeVariable, variableOf, variableTypeOf, type Variable } from '../world/variables.ts';
import type { World } from '../world/world.ts';
import { page } from './paging.ts';
import { readParams, type Params } from './params.ts';
import { projectFor } from './scope.ts';
import { showVariable } from './shows-project.ts';

const VARIABLES = '/projects/:id/variables';

/** CI/CD variables of projects, which are for Maintainers. Source: GitLab docs, api/project_level_variables. */
export function routeVariables(app: Hono<Served>, world: World): void {
  app.get(VARIABLES, async (c) => {
    const { variables } = projectFor(world, c, 'manage variables');
    return c.json(page(c, await readParams(c), variables).map(showVariable));
  });
  app.post(VARIABLES, async (c) => {
    const params = await readParams(c);
    const [key, value] = [params.demanded('key'), params.demanded('value')];
    const project = projectFor(world, c, 'manage variables');
    const hidden = params.flag('masked_and_hidden') ?? false;
    const plain = { type: 'env_var', protected: false, masked: false, raw: false, environmentScope: '*' } as const;
    const given = { ...plain, description: null, ...changesIn(params) };
    const variable: Variable = { ...given, key, value, hidden, masked: hidden || given.masked };
    addVariable(project, variable);
    return c.json(showVariable(variable), 201);
  });
  app.get(`${VARIABLES}/:key`, async (c) => c.json(showVariable((await variableIn(c, world)).variable)));
  app.put(`${VARIABLES}/:key`, async (c) => {
    const { project, variable, params } = await variableIn(c, world);
    changeVariable(project, variable, changesIn(params));
    return c.json(showVariable(variable));
  });
  app.delete(`${VARIABLES}/:key`, async (c) => {
    const { project, variable } = await variableIn(c, world);
    project.variables.splice(project.variables.indexOf(variable), 1);
    return c.body(null, 204);
  });
}

async function variableIn(
  c: Context<Served>,
  world: World,
): Promise<{ project: ReturnType<typeof projectFor>; variable: Variable; params: Params }> {
  const params = await readParams(c);
  const project = projectFor(world, c, 'manage variables');
  const scope = (params.all['filter'] as { environment_scope?: string } | undefined)?.environment_scope;
  return { project, params, variable: variableOf(project, c.req.param('key') ?? '', scope) };
}

/** What a call names, and nothing else. */
function changesIn(params: Params): Partial<Variable> {
  const given = {
    ...{ value: params.text('value'), type: variableTypeOf(params.text('variable_type')) },
    ...{ protected: params.flag('protected'), masked: params.flag('masked'), raw: params.flag('raw') },
    ...{ environmentScope: params.text('environment_scope'), description: params.text('description') },
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
