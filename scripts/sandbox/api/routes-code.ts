import type { Context, Hono } from 'hono';
import type { Served } from '../server.ts';
import { branchOf, commitOf, createCommit, type FileAction } from '../world/commits.ts';
import { badParameter, notFound } from '../world/errors.ts';
import { STATES } from '../world/repository.ts';
import type { Project } from '../world/records.ts';
import { setStatus, statusesOf } from '../world/statuses.ts';
import type { World } from '../world/world.ts';
import { page } from './paging.ts';
import { readParams } from './params.ts';
import { projectFor, projectIn } from './scope.ts';
import { showBranch, showCommit, showStatus } from './shows-code.ts';

const REPOSITORY = '/projects/:id/repository';

/** Commits, branches, files, statuses of commits. Source: GitLab docs, api/commits, api/branches, api/repository_files. */
export function routeCode(app: Hono<Served>, world: World): void {
  app.get(`${REPOSITORY}/commits`, async (c) => {
    const project = projectIn(world, c);
    const commits = [...project.repository.commits].reverse();
    return c.json(
      page(c, await readParams(c), commits).map((commit) => showCommit(world, project, commit, c.var.base)),
    );
  });
  app.post(`${REPOSITORY}/commits`, async (c) => {
    const params = await readParams(c);
    const project = projectFor(world, c, 'push code');
    const [branch, message] = [params.demanded('branch'), params.demanded('commit_message')];
    const actions = params.all['actions'];
    if (!Array.isArray(actions)) throw badParameter('actions is missing');
    const wanted = { branch, message, startBranch: params.text('start_branch'), actions: actions as FileAction[] };
    return c.json(showCommit(world, project, createCommit(world, c.var.user, project, wanted), c.var.base), 201);
  });
  app.get(`${REPOSITORY}/commits/:sha`, (c) => {
    const project = projectIn(world, c);
    return c.json(showCommit(world, project, commitOf(project, c.req.param('sha')), c.var.base));
  });
  routeBranches(app, world);
  routeFiles(app, world);
  routeStatuses(app, world);
}

function routeBranches(app: Hono<Served>, world: World): void {
  const show = (c: Context<Served>, project: Project, name: string): object =>
    showBranch(world, project, name, branchOf(project, name).head, c.var.base);
  app.get(`${REPOSITORY}/branches`, async (c) => {
    const project = projectIn(world, c);
    const names = page(c, await readParams(c), [...project.repository.branches.keys()]);
    return c.json(names.map((name) => show(c, project, name)));
  });
  app.post(`${REPOSITORY}/branches`, async (c) => {
    const params = await readParams(c);
    const project = projectFor(world, c, 'push code');
    const [name, ref] = [params.demanded('branch'), params.demanded('ref')];
    const { head, files } = branchOf(project, ref);
    project.repository.branches.set(name, { head, files: new Map(files) });
    return c.json(show(c, project, name), 201);
  });
  app.get(`${REPOSITORY}/branches/:branch`, (c) => c.json(show(c, projectIn(world, c), c.req.param('branch'))));
  app.delete(`${REPOSITORY}/branches/:branch`, (c) => {
    const project = projectFor(world, c, 'push code');
    branchOf(project, c.req.param('branch'));
    project.repository.branches.delete(c.req.param('branch'));
    return c.body(null, 204);
  });
}

function routeFiles(app: Hono<Served>, world: World): void {
  const FILE = `${REPOSITORY}/files/:file`;
  const read = async (c: Context<Served>): Promise<{ path: string; ref: string; text: string; head: string }> => {
    const ref = (await readParams(c)).text('ref') ?? 'HEAD';
    const project = projectIn(world, c);
    const name = ref === 'HEAD' ? project.repository.defaultBranch : ref;
    const path = c.req.param('file') ?? '';
    const branch = branchOf(project, name);
    const text = branch.files.get(path);
    if (text === undefined) throw notFound('File');
    return { path, ref: name, text, head: branch.head };
  };
  app.get(`${FILE}/raw`, async (c) => c.text((await read(c)).text));
  app.get(FILE, async (c) => {
    const { path, ref, text, head } = await read(c);
    const content = Buffer.from(text).toString('base64');
    return c.json({
      ...{
        file_name: path.split('/').at(-1),
        file_path: path,
        size: Buffer.byteLength(text),
        encoding: 'base64',
        content,
      },
      ...{ ref, blob_id: head, commit_id: head, last_commit_id: head, execute_filemode: false },
    });
  });
}

function routeStatuses(app: Hono<Served>, world: World): void {
  app.post('/projects/:id/statuses/:sha', async (c) => {
    const params = await readParams(c);
    const state = params.demanded('state');
    const status = STATES.find((known) => known === state);
    if (!status) throw badParameter('state does not have a valid value');
    const project = projectFor(world, c, 'push code');
    const pipelineId = params.text('pipeline_id');
    const set = setStatus(world, c.var.user, project, {
      ...{ sha: c.req.param('sha'), name: params.text('name') ?? params.text('context') ?? 'default', status },
      ...{ description: params.text('description') ?? null, targetUrl: params.text('target_url') ?? null },
      ...{ ref: params.text('ref'), pipelineId: pipelineId === undefined ? undefined : Number(pipelineId) },
    });
    const pipeline = project.pipelines.find(({ statuses }) => statuses.includes(set));
    return c.json(showStatus(world, set, pipeline, c.var.base), 201);
  });
  app.get(`${REPOSITORY}/commits/:sha/statuses`, async (c) => {
    const params = await readParams(c);
    const project = projectFor(world, c, 'see statuses');
    const { id: sha } = commitOf(project, c.req.param('sha'));
    const [name, ref] = [params.text('name'), params.text('ref')];
    const found = statusesOf(project, sha).filter(
      ({ status }) => (name === undefined || status.name === name) && (ref === undefined || status.ref === ref),
    );
    return c.json(page(c, params, found).map((each) => showStatus(world, each.status, each.pipeline, c.var.base)));
  });
}
