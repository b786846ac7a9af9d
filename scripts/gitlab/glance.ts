import { isForgiven, SetupError } from '../ci/errors.ts';
import { NotFound, Refused } from './errors.ts';
import type { Graphql } from './graphql.ts';
import { isTime, numberIn, toNote, toTime } from './map.ts';
import type { Glance, GitLab, NamedIssue, Note } from './port.ts';
import type { Traffic } from './traffic.ts';

/** How many issues one query asks for; by GitLab's count it is complex by some 30 of 250 points, however many they are. */
const BATCH = 20;

const GLANCE = `query ($path: ID!, $iids: [String!]) {
  project(fullPath: $path) {
    issues(iids: $iids, first: ${BATCH}) {
      nodes {
        iid
        updatedAt
        notes(first: 100) {
          nodes { id body system createdAt author { id username } }
          pageInfo { hasNextPage }
        }
      }
    }
  }
}`;

type Waiting = {
  issue: NamedIssue;
  resolve: (glance: Glance | Promise<Glance>) => void;
  reject: (error: unknown) => void;
};
type Batch = { path: string; waiting: Waiting[]; isAgain: boolean };

/**
 * Reads the comments of many issues, up to twenty of a project in one query. Who asks waits for others until a query is full,
 * or nothing else is on its way, so that a run works all the time. A single issue that is looked at for
 * the first time, one with more comments than a page holds, and all that a query does not answer are read by `one`, over REST.
 * Source: GitLab docs, api/graphql/reference; platform sheet, section 6.
 */
export function createGlance(
  graphql: Graphql,
  one: (issue: NamedIssue) => Promise<Note[]>,
  traffic: Pick<Traffic, 'isQuiet' | 'onEnd'>,
): GitLab['glance'] {
  const open: Batch[] = [];
  const ask = createAsk(graphql);
  const send = async (batch: Batch): Promise<void> => {
    open.splice(open.indexOf(batch), 1);
    const found = await ask(batch);
    for (const { issue, resolve } of batch.waiting) {
      resolve(found.get(String(issue.iid)) ?? one(issue).then((notes) => ({ notes, isExact: true })));
      // Each is worked on in a turn of its own, so that calls that end meanwhile are followed by others.
      await new Promise((next) => setImmediate(next));
    }
  };
  const sendDue = (): void => {
    for (const batch of [...open]) {
      if (batch.waiting.length < BATCH && !traffic.isQuiet()) continue;
      send(batch).catch((error: unknown) => {
        for (const { reject } of batch.waiting) reject(error);
      });
    }
  };
  // Who asks in this turn of the loop is asked for together.
  const look = (): unknown => setImmediate(sendDue);
  traffic.onEnd(look);
  return (issue, isAgain = false) =>
    new Promise((resolve, reject) => {
      const path = issue.reference.replace(/#\d+$/, '');
      const joined = open.find((each) => each.path === path && each.isAgain === isAgain && each.waiting.length < BATCH);
      const batch = joined ?? { path, waiting: [], isAgain };
      if (!joined) open.push(batch);
      batch.waiting.push({ issue, resolve, reject });
      look();
    });
}

/** Asks for what waits. What GitLab does not answer so is read another way, where what is wrong shows again. */
function createAsk(graphql: Graphql): (batch: Batch) => Promise<ReadonlyMap<string, Glance>> {
  let isUsable = true;
  return async (batch) => {
    if (!isUsable || (batch.waiting.length === 1 && !batch.isAgain)) return new Map();
    try {
      return await query(graphql, batch);
    } catch (error) {
      if (!isForgiven(error)) throw error;
      isUsable = !(error instanceof Refused || error instanceof NotFound || error instanceof SetupError);
      return new Map();
    }
  };
}

async function query(graphql: Graphql, { path, waiting }: Batch): Promise<Map<string, Glance>> {
  const iids = waiting.map(({ issue }) => String(issue.iid));
  const project = await graphql.ask('project', GLANCE, { path, iids });
  const nodes = (project as { issues?: { nodes?: (RawGlanced | null)[] } | null } | null)?.issues?.nodes ?? [];
  // What the bot may not see is null, wherever a list says so.
  const seen = nodes.filter((node) => node !== null);
  return new Map(seen.map(toGlance).filter((glanced) => glanced !== undefined));
}

/** An issue with its comments as GraphQL shows them. */
type RawGlanced = {
  iid: string;
  updatedAt: string;
  notes?: {
    nodes?: ({
      id: string;
      body: string;
      system: boolean;
      createdAt: string;
      author: { id: string; username: string } | null;
    } | null)[];
    pageInfo?: { hasNextPage?: boolean };
  } | null;
};

/**
 * An issue by its number; nothing where it has more comments than were asked for. Times are of whole seconds. What people did
 * to labels and the state is shown among comments too, by ids that are no numbers. Source: app/graphql/types/time_type.rb.
 */
function toGlance({ iid, updatedAt, notes }: RawGlanced): [string, Glance] | undefined {
  if (!isTime(updatedAt) || !Array.isArray(notes?.nodes) || notes.pageInfo?.hasNextPage !== false) return undefined;
  const shown = notes.nodes.filter((note) => note !== null).filter(({ id }) => /Note\/\d+$/.test(id));
  if (shown.some(({ author }) => author === null)) return undefined;
  return [iid, { notes: shown.map(toGlanced), updatedAt: toTime(updatedAt), isExact: false }];
}

function toGlanced({ id, body, system, createdAt, author }: GlancedNote): Note {
  const by = { id: numberIn(author?.id ?? ''), username: author?.username ?? '' };
  return toNote({ id: numberIn(id), body, author: by, system, created_at: createdAt });
}

type GlancedNote = NonNullable<NonNullable<NonNullable<RawGlanced['notes']>['nodes']>[number]>;
