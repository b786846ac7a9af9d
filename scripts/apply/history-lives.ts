import pMap from 'p-map';
import { isUnchanged } from '../decide/history.ts';
import { keyOfPlace } from '../decide/incident-behind.ts';
import { toLife, type LifeContext } from '../decide/life.ts';
import { toShift } from '../decide/shift-record.ts';
import type { Issue, User } from '../gitlab/port.ts';
import { issueKey } from '../read/candidates.ts';
import { readPast, type Past } from '../read/past.ts';
import type { Life, ShiftOnRecord } from '../schema/types.gen.ts';
import { CONCURRENCY, type Reading } from './history-reading.ts';

const PROGRESS_EVERY = 50;

/** The incidents: what changed is read, the rest taken over. */
export async function readLives(
  { gitlab, lists, before, people }: Reading,
  context: LifeContext,
  progress: (line: string) => void,
): Promise<Life[]> {
  const known = new Map((before?.incidents ?? []).map((life) => [keyOfPlace(life), life]));
  const lifeKnown = (issue: Issue): Life | undefined => known.get(issueKey(issue));
  const isSame = (issue: Issue): boolean => isUnchanged(lifeKnown(issue), issue.updatedAt, before);
  const changed = lists.incidents.filter((issue) => !isSame(issue));
  let done = 0;
  const read = async (issue: Issue): Promise<Life[]> => {
    const past = await readPast(gitlab, issue);
    done += 1;
    if (done % PROGRESS_EVERY === 0) progress(`read ${done} of ${changed.length} incidents`);
    if (!past) return [];
    const met = peopleIn(past);
    for (const user of met) people.set(user.id, user);
    const life = toLife(past, { ...context, people: [...context.people, ...met] });
    return life ? [life] : [];
  };
  const lives = (await pMap(changed, read, { concurrency: CONCURRENCY })).flat();
  const same = lists.incidents.filter(isSame).flatMap((issue) => {
    const life = lifeKnown(issue);
    return life ? [{ ...life, reference: issue.reference, url: issue.webUrl }] : [];
  });
  return [...lives, ...same];
}

/** The shifts, by their logs: what changed is read, the rest taken over. */
export async function readShifts({ gitlab, lists, before }: Reading, context: LifeContext): Promise<ShiftOnRecord[]> {
  const known = new Map((before?.shifts ?? []).map((shift) => [keyOfPlace(shift), shift]));
  const record = async (issue: Issue): Promise<ShiftOnRecord[]> => {
    const shift = known.get(issueKey(issue));
    if (shift && isUnchanged(shift, issue.updatedAt, before)) return [shift];
    const read = toShift(issue, await gitlab.notes(issue), context);
    return read ? [read] : [];
  };
  return (await pMap(lists.logs, record, { concurrency: CONCURRENCY })).flat();
}

function peopleIn({ notes, stateEvents, labelEvents }: Past): User[] {
  const users = [...notes.map(({ author }) => author), ...[...stateEvents, ...labelEvents].map(({ user }) => user)];
  return [...new Map(users.flatMap((user) => (user ? [[user.id, user] as const] : []))).values()];
}
