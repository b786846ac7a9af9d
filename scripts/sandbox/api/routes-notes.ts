import type { Context, Hono } from 'hono';
import type { Served } from '../server.ts';
import { canReadInternal, demand, demandSpeak, may } from '../world/access.ts';
import { forbidden, notFound } from '../world/errors.ts';
import { addNote, editNote, type Commented } from '../world/notes.ts';
import type { StoredIssue, StoredNote } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { page } from './paging.ts';
import { readParams } from './params.ts';
import { issueIn } from './scope.ts';
import { showNote } from './shows-issues.ts';
import { demandPace } from './throttle.ts';

const NOTES = '/projects/:id/issues/:iid/notes';

/** The notes API. Source: GitLab docs, api/notes; platform sheet, section 5. */
export function routeNotes(app: Hono<Served>, world: World): void {
  app.get(NOTES, async (c) => c.json(await listNotes(c, world, issueIn(world, c))));
  app.post(NOTES, async (c) => {
    const params = await readParams(c);
    const issue = issueIn(world, c);
    demandSpeak(world, c.var.user, issue);
    demandPace(world, c.var.user, 'notes');
    const body = params.demanded('body');
    const isInternal = params.flag('internal') ?? params.flag('confidential') ?? false;
    if (isInternal && !may(c.var.user, world.projectOf(issue), 'read internal notes')) throw forbidden();
    return answer(c, world, issue, addNote(world, c.var.user, issue, body, isInternal), 201);
  });
  app.get(`${NOTES}/:note`, (c) => {
    const issue = issueIn(world, c);
    return c.json(showNote(world, noteOf(c, world, issue), issue, c.var.base));
  });
  app.put(`${NOTES}/:note`, async (c) => {
    const params = await readParams(c);
    const issue = issueIn(world, c);
    const note = noteOf(c, world, issue);
    demandOwn(c, world, issue, note);
    const body = params.demanded('body');
    return answer(c, world, issue, editNote(world, c.var.user, issue, note, body), 200);
  });
  app.delete(`${NOTES}/:note`, (c) => {
    const issue = issueIn(world, c);
    const note = noteOf(c, world, issue);
    demandOwn(c, world, issue, note);
    world.notes.remove(note);
    return c.body(null, 204);
  });
}

/** Notes that one may not read are dropped after paging, so that pages may be short. */
async function listNotes(c: Context<Served>, world: World, issue: StoredIssue): Promise<object[]> {
  const params = await readParams(c);
  const sign = params.text('sort') === 'asc' ? 1 : -1;
  const kind = params.text('activity_filter') ?? 'all_notes';
  const byUpdate = params.text('order_by') === 'updated_at';
  const key = (note: StoredNote): string =>
    `${byUpdate ? note.updatedAt : note.createdAt} ${String(note.id).padStart(12, '0')}`;
  const notes = world.notes
    .of(issue)
    .filter(({ system }) => kind === 'all_notes' || system === (kind === 'only_activity'));
  const sorted = [...notes].sort((a, b) => (key(a) < key(b) ? -sign : sign));
  const seesInternal = canReadInternal(world, c.var.user, issue);
  const shown = page(c, params, sorted).filter(({ internal }) => !internal || seesInternal);
  return shown.map((note) => showNote(world, note, issue, c.var.base));
}

/** A command-only comment leaves no note and is answered 202, without an id. */
function answer(c: Context<Served>, world: World, issue: StoredIssue, done: Commented, status: 200 | 201): Response {
  if (!('note' in done)) return c.json({ commands_changes: done.changes, summary: done.summary }, 202);
  return c.json({ ...showNote(world, done.note, issue, c.var.base), commands_changes: done.changes }, status);
}

function noteOf(c: Context<Served>, world: World, issue: StoredIssue): StoredNote {
  const note = world.notes.of(issue).find(({ id }) => String(id) === c.req.param('note'));
  if (!note || (note.internal && !canReadInternal(world, c.var.user, issue))) throw notFound('Note');
  return note;
}

function demandOwn(c: Context<Served>, world: World, issue: StoredIssue, note: StoredNote): void {
  if (note.system) throw forbidden();
  if (note.authorId !== c.var.user.id) demand(c.var.user, world.projectOf(issue), "edit others' comments");
}
