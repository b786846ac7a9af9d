import type { Context, Hono } from 'hono';
import { canReadInternal, demandSpeak, levelOf, visibleIssue, visibleProject } from '../world/access.ts';
import { toNoteJson } from './entities.ts';
import { ApiError } from '../world/errors.ts';
import { addNote, editNote, type Commented } from '../world/notes.ts';
import { page } from './paging.ts';
import { readParams } from './params.ts';
import type { Served } from '../server.ts';
import { LEVEL, type StoredIssue, type StoredNote } from '../world/records.ts';
import type { World } from '../world/world.ts';

const NOTES = '/projects/:id/issues/:iid/notes';

/** The notes API. Source: GitLab docs, api/notes; platform sheet, section 5. */
export function routeNotes(app: Hono<Served>, world: World): void {
  const issueOf = (c: Context<Served>): StoredIssue => {
    const project = visibleProject(world, c.var.user, c.req.param('id') ?? '');
    return visibleIssue(world, c.var.user, project, c.req.param('iid') ?? '');
  };
  app.get(NOTES, async (c) => c.json(await listNotes(c, world, issueOf(c))));
  app.post(NOTES, async (c) => {
    const params = await readParams(c);
    const issue = issueOf(c);
    demandSpeak(world, c.var.user, issue);
    const body = params.text('body');
    if (body === undefined) throw new ApiError(400, { error: 'body is missing' });
    return answer(c, world, issue, addNote(world, c.var.user, issue, body, params.flag('internal') ?? false), 201);
  });
  app.get(`${NOTES}/:note`, (c) => {
    const issue = issueOf(c);
    return c.json(toNoteJson(world, noteOf(world, issue, c.req.param('note')), issue, c.var.base));
  });
  app.put(`${NOTES}/:note`, async (c) => {
    const issue = issueOf(c);
    const note = noteOf(world, issue, c.req.param('note'));
    demandOwn(c, world, issue, note);
    const body = (await readParams(c)).text('body');
    if (!body) throw new ApiError(400, { error: 'body is missing' });
    return answer(c, world, issue, editNote(world, c.var.user, issue, note, body), 200);
  });
  app.delete(`${NOTES}/:note`, (c) => {
    const issue = issueOf(c);
    const note = noteOf(world, issue, c.req.param('note'));
    demandOwn(c, world, issue, note);
    world.notes.remove(note);
    return c.body(null, 204);
  });
}

/** Notes that one may not read are dropped after paging, so that pages may be short. */
async function listNotes(c: Context<Served>, world: World, issue: StoredIssue): Promise<object[]> {
  const params = await readParams(c);
  const sign = params.text('sort') === 'asc' ? 1 : -1;
  const seesInternal = canReadInternal(world, c.var.user, issue);
  const notes = [...world.notes.of(issue)].sort((a, b) => sign * (a.id - b.id));
  const shown = page(c, params, notes).filter(({ internal }) => !internal || seesInternal);
  return shown.map((note) => toNoteJson(world, note, issue, c.var.base));
}

/** A command-only comment leaves no note and is answered 202, without an id. */
function answer(c: Context<Served>, world: World, issue: StoredIssue, done: Commented, status: 200 | 201): Response {
  if (!('note' in done)) return c.json({ commands_changes: done.changes, summary: done.summary }, 202);
  return c.json({ ...toNoteJson(world, done.note, issue, c.var.base), commands_changes: done.changes }, status);
}

function noteOf(world: World, issue: StoredIssue, id: string): StoredNote {
  const note = world.notes.of(issue).find((known) => String(known.id) === id);
  if (!note) throw new ApiError(404, { message: '404 Note Not Found' });
  return note;
}

function demandOwn(c: Context<Served>, world: World, issue: StoredIssue, note: StoredNote): void {
  const isOwn = note.authorId === c.var.user.id && !note.system;
  if (!isOwn && levelOf(c.var.user, world.projectOf(issue)) < LEVEL.maintainer)
    throw new ApiError(403, { message: '403 Forbidden' });
}
