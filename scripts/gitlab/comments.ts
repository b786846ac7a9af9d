import { toQuickActions, wasDone } from './edits.ts';
import { Overtaken } from './errors.ts';
import { orUndefined } from './forgive.ts';
import { toList, toNote } from './map.ts';
import type { GitLab, WritePace } from './port.ts';

/** What of gitbeaker is needed here. */
type Notes = {
  all: (
    projectId: number,
    iid: number,
    options: { perPage: number; sort: 'desc'; orderBy: 'created_at' },
  ) => Promise<unknown>;
  create: (projectId: number, iid: number, body: string) => Promise<unknown>;
  edit: (projectId: number, iid: number, noteId: number, options: { body: string }) => Promise<unknown>;
  remove: (projectId: number, iid: number, noteId: number) => Promise<unknown>;
};
type Emojis = { award: (projectId: number, iid: number, noteId: number, name: string) => Promise<unknown> };
type Resources = { notes: Notes; emojis: Emojis };
type Comments = Pick<GitLab, 'notes' | 'addNote' | 'sayAndChange' | 'editNote' | 'deleteNote' | 'addEmoji'>;

const PAGE = 100;

/**
 * Comments on issues. `post` posts what is out of date once it had to wait. Source: GitLab docs, api/notes; what a comment
 * with quick actions answers: platform sheet, section 3.
 */
export function createComments(
  { notes, emojis }: Resources,
  writes: WritePace,
  post: (path: string, body: object) => Promise<unknown>,
): Comments {
  return {
    notes: async ({ projectId, iid }) =>
      toList(await notes.all(projectId, iid, { perPage: PAGE, sort: 'desc', orderBy: 'created_at' }), toNote),
    addNote: async ({ projectId, iid }, body) => {
      await writes.note(() => notes.create(projectId, iid, body));
    },
    // It fires the hooks of both, and counts as both.
    sayAndChange: ({ projectId, iid }, body, change, isOvertaken) =>
      writes.issue(() =>
        writes.note(async () => {
          if (await isOvertaken()) throw new Overtaken();
          const said = `${body}\n\n${toQuickActions(change)}`;
          return wasDone(change, await post(`projects/${projectId}/issues/${iid}/notes`, { body: said }));
        }),
      ),
    editNote: async ({ projectId, iid }, noteId, body) => {
      await writes.note(() => notes.edit(projectId, iid, noteId, { body }));
    },
    deleteNote: async ({ projectId, iid }, noteId) => {
      await orUndefined(() => notes.remove(projectId, iid, noteId));
    },
    // A second emoji of the kind is answered 404 too. Source: lib/api/award_emoji.rb.
    addEmoji: async ({ projectId, iid }, noteId, name) => {
      await writes.note(() => orUndefined(() => emojis.award(projectId, iid, noteId, name)));
    },
  };
}
