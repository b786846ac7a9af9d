import type { Context, Hono } from 'hono';
import type { Served } from '../server.ts';
import { demand, visibleProject } from '../world/access.ts';
import { notFound } from '../world/errors.ts';
import { closingIssues, mentionIssues, merge, openMergeRequest } from '../world/merging.ts';
import type { MergeRequest } from '../world/repository.ts';
import type { World } from '../world/world.ts';
import { page } from './paging.ts';
import { readParams } from './params.ts';
import { projectIn } from './scope.ts';
import { showMergeRequest, showMergeRequestNote, showWholeMergeRequest } from './shows-code.ts';
import { showIssue } from './shows-issues.ts';
import { demandPace } from './throttle.ts';

const MERGE_REQUESTS = '/projects/:id/merge_requests';
const ONE = `${MERGE_REQUESTS}/:mr`;
const NOTES = `${ONE}/notes`;

/** Merge requests, the issues that they close, their comments. Source: GitLab docs, api/merge_requests, api/notes. */
export function routeMergeRequests(app: Hono<Served>, world: World): void {
  app.get(MERGE_REQUESTS, async (c) => {
    const params = await readParams(c);
    const state = params.text('state') ?? 'all';
    const found = projectIn(world, c).mergeRequests.filter((one) => state === 'all' || one.state === state);
    return c.json(page(c, params, [...found].reverse()).map((one) => show(world, c, one)));
  });
  app.post(MERGE_REQUESTS, async (c) => {
    const params = await readParams(c);
    const project = projectIn(world, c);
    const [title, description] = [params.demanded('title'), params.text('description') ?? null];
    const [sourceBranch, targetBranch] = [params.demanded('source_branch'), params.demanded('target_branch')];
    const targetId = params.text('target_project_id');
    const target = targetId === undefined ? project : visibleProject(world, c.var.user, targetId);
    const given = { title, sourceBranch, targetBranch, description, target };
    return c.json(show(world, c, openMergeRequest(world, c.var.user, project, given)), 201);
  });
  routeOne(app, world);
  routeNotes(app, world);
}

function routeOne(app: Hono<Served>, world: World): void {
  app.get(ONE, (c) => c.json(showWholeMergeRequest(world, mergeRequestIn(world, c), c.var.base)));
  app.put(ONE, async (c) => {
    const params = await readParams(c);
    const one = mergeRequestIn(world, c);
    if (one.authorId !== c.var.user.id) demand(c.var.user, world.projectOf(one), 'push code');
    const [title, description, event] = ['title', 'description', 'state_event'].map((name) => params.text(name));
    if (title !== undefined) one.title = title;
    if (description !== undefined) one.description = description;
    if (event !== undefined && one.state !== 'merged') one.state = event === 'close' ? 'closed' : 'opened';
    one.updatedAt = world.now();
    mentionIssues(world, c.var.user, one);
    const action = event === 'close' || event === 'reopen' ? event : 'update';
    world.tell({ kind: 'merge_request', mergeRequest: one, actorId: c.var.user.id, action });
    return c.json(show(world, c, one));
  });
  app.put(`${ONE}/merge`, (c) => {
    const one = mergeRequestIn(world, c);
    merge(world, c.var.user, one);
    return c.json(show(world, c, one));
  });
  app.get(`${ONE}/closes_issues`, async (c) => {
    const issues = page(c, await readParams(c), closingIssues(world, c.var.user, mergeRequestIn(world, c)));
    return c.json(issues.map((issue) => showIssue(world, issue, c.var.base)));
  });
}

function routeNotes(app: Hono<Served>, world: World): void {
  app.get(NOTES, async (c) => {
    const one = mergeRequestIn(world, c);
    const notes = page(c, await readParams(c), [...one.notes].reverse());
    return c.json(notes.map((note) => showMergeRequestNote(world, note, one, c.var.base)));
  });
  app.post(NOTES, async (c) => {
    const body = (await readParams(c)).demanded('body');
    const one = mergeRequestIn(world, c);
    demandPace(world, c.var.user, 'notes');
    const at = world.now();
    const note = {
      id: world.nextId(),
      body,
      authorId: c.var.user.id,
      system: false,
      internal: false,
      createdAt: at,
      updatedAt: at,
    };
    one.notes.push(note);
    return c.json(showMergeRequestNote(world, note, one, c.var.base), 201);
  });
  app.put(`${NOTES}/:note`, async (c) => {
    const body = (await readParams(c)).text('body');
    const one = mergeRequestIn(world, c);
    const note = noteIn(c, one);
    if (note.authorId !== c.var.user.id) demand(c.var.user, world.projectOf(one), "edit others' comments");
    if (body !== undefined) Object.assign(note, { body, updatedAt: world.now() });
    return c.json(showMergeRequestNote(world, note, one, c.var.base));
  });
  app.delete(`${NOTES}/:note`, (c) => {
    const one = mergeRequestIn(world, c);
    const note = noteIn(c, one);
    if (note.authorId !== c.var.user.id) demand(c.var.user, world.projectOf(one), "edit others' comments");
    one.notes = one.notes.filter((other) => other !== note);
    return c.body(null, 204);
  });
}

function show(world: World, c: Context<Served>, one: MergeRequest): object {
  return showMergeRequest(world, one, c.var.base);
}

function mergeRequestIn(world: World, c: Context<Served>): MergeRequest {
  const found = projectIn(world, c).mergeRequests.find(({ iid }) => String(iid) === c.req.param('mr'));
  if (!found) throw notFound();
  return found;
}

function noteIn(c: Context<Served>, { notes }: MergeRequest): MergeRequest['notes'][number] {
  const note = notes.find(({ id }) => String(id) === c.req.param('note'));
  if (!note) throw notFound('Note');
  return note;
}
