import type { Issue } from '../gitlab/port.ts';
import { keyOf } from '../read/keys.ts';
import { factsOf, readMarkers } from '../read/markers.ts';
import { findByKey, type Keeper } from './keyed.ts';

/** The page that is looked for: its PagerDuty incident, and when it was raised (ISO time), where that is known. */
export type Sought = { incidentId: string; raisedAt: string | undefined };

/**
 * Finds the issues of a page. `keeper` tells apart what bears its key and is another's; `find` gives those that are the
 * page's own, the one to go on with first; `isDuplicate` whether one beside it may be closed.
 */
export type PageIssues = {
  keeper: Keeper;
  find: (isNew: boolean, now: Date) => Promise<Issue[]>;
  isDuplicate: (issue: Issue) => Promise<boolean>;
};

/** By our own comment: of which page an issue is. `isBare` is whether nobody, nor we, have written there yet. */
type Remembered = { page: string | undefined; isBare: boolean };

const MINUTE_MS = 60_000;
/** How soon after its page an issue is there, if nothing is lost. */
const SOON_MS = 10 * MINUTE_MS;
const LOOK_BACK_MS = 7 * 24 * 60 * MINUTE_MS;
const MOST_READ = 10;

/**
 * The issues of a page, by its key in their description, and by what our comment of the duty remembers: whoever edits a
 * description may take its key away, or write that of another page. Each issue is read once.
 */
export function issuesOfPage(sought: Sought, keeper: Keeper): PageIssues {
  const known = new Map<number, Remembered>();
  const recall = async (issue: Issue): Promise<Remembered> => {
    const remembered = known.get(issue.iid) ?? (await readRemembered(issue, keeper));
    known.set(issue.iid, remembered);
    return remembered;
  };
  const { incidentId } = sought;
  const isItsOwn = async (issue: Issue): Promise<boolean> => (await recall(issue)).page === incidentId;
  const wary: Keeper = {
    ...keeper,
    isAnothers: async (issue) => ![undefined, incidentId].includes((await recall(issue)).page),
  };
  return {
    keeper: wary,
    find: async (isNew, now) => {
      const keyed = await findByKey(`page ${incidentId}`, wary);
      const certain = await firstOf(keyed, isItsOwn);
      const [own] = certain ? [certain] : isNew ? [] : [await findUnkeyed(sought, now, wary, isItsOwn)];
      return own ? [own, ...keyed.filter(({ iid }) => iid !== own.iid)] : keyed;
    },
    isDuplicate: async (issue) => (await isItsOwn(issue)) || (await recall(issue)).isBare,
  };
}

async function readRemembered(issue: Issue, { gitlab, me, formerIds }: Keeper): Promise<Remembered> {
  const notes = await gitlab.notes(issue);
  const page = factsOf('ack', readMarkers(notes, me, formerIds)).facts?.pagerduty;
  return { page, isBare: notes.every(({ system }) => system) };
}

/** An issue of ours whose key was taken away, or that was made right after the page, and that remembers it. */
async function findUnkeyed(
  { raisedAt }: Sought,
  now: Date,
  { gitlab, me, formerIds, project }: Keeper,
  isItsOwn: (issue: Issue) => Promise<boolean>,
): Promise<Issue | undefined> {
  const sinceMs = raisedAt === undefined ? now.getTime() - LOOK_BACK_MS : Date.parse(raisedAt) - MINUTE_MS;
  const updatedAfter = new Date(sinceMs).toISOString();
  const ours: Issue[] = [];
  for (const author of [me.id, ...formerIds])
    ours.push(...(await gitlab.issues(project, { state: 'all', author, updatedAfter })));
  const isUnkeyed = ({ description }: Issue): boolean => keyOf(description) === undefined;
  const isSoon = ({ createdAt }: Issue): boolean =>
    raisedAt !== undefined && Math.abs(Date.parse(createdAt) - Date.parse(raisedAt)) <= SOON_MS;
  const candidates = [...ours.filter(isUnkeyed), ...ours.filter((issue) => !isUnkeyed(issue) && isSoon(issue))];
  return firstOf(candidates.slice(0, MOST_READ), isItsOwn);
}

async function firstOf(
  issues: readonly Issue[],
  holds: (issue: Issue) => Promise<boolean>,
): Promise<Issue | undefined> {
  for (const issue of issues) if (await holds(issue)) return issue;
  return undefined;
}
