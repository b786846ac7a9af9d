import { isForgiven, SetupError } from '../ci/errors.ts';
import { NotFound, Refused } from './errors.ts';
import type { Graphql } from './graphql.ts';
import { isTime, numberIn, toNote, toTime } from './map.ts';
import type { Glance, NamedIssue, Note } from './port.ts';

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
type Batch = { path: string; waiting: Waiting[] };

/**
 * Reads the comments of issues that are asked for at about the same time, up to twenty of a project in one query: who asks
 * later joins a query that still waits for its turn. A single issue, one with more comments than a page holds, and all that a
 * query does not answer are read by `one`, over REST. Source: GitLab docs, api/graphql/reference; platform sheet, section 6.
 */
export function createGlance(
  graphql: Graphql,
  one: (issue: NamedIssue) => Promise<Note[]>,
): (issue: NamedIssue) => Promise<Glance> {
  const open: Open = new Map();
  let isUsable = true;
  const ask = async (batch: Batch): Promise<ReadonlyMap<string, Glance>> => {
    if (batch.waiting.length === 1 || !isUsable) return new Map();
    try {
      return await query(graphql, batch, () => open.delete(batch.path));
    } catch (error) {
      if (!isForgiven(error)) throw error;
      isUsable = !(error instanceof Refused || error instanceof NotFound || error instanceof SetupError);
      return new Map();
    }
  };
  const send = async (batch: Batch): Promise<void> => {
    const found = await ask(batch);
    if (open.get(batch.path) === batch) open.delete(batch.path);
    for (const { issue, resolve } of batch.waiting)
      resolve(found.get(String(issue.iid)) ?? one(issue).then((notes) => ({ notes, isExact: true })));
  };
  return (issue) => join(issue, open, send);
}

/** Batches that still wait for their turn, by the path of the project. */
type Open = Map<string, Batch>;

function join(issue: NamedIssue, open: Open, send: (batch: Batch) => Promise<void>): Promise<Glance> {
  const path = issue.reference.replace(/#\d+$/, '');
  return new Promise((resolve, reject) => {
    const waiting = { issue, resolve, reject };
    const joined = open.get(path);
    if (joined && joined.waiting.length < BATCH) {
      joined.waiting.push(waiting);
      return;
    }
    const batch: Batch = { path, waiting: [waiting] };
    open.set(path, batch);
    // Who asks in this turn of the loop is asked for together.
    setImmediate(() => {
      send(batch).catch((error: unknown) => {
        for (const each of batch.waiting) each.reject(error);
      });
    });
  });
}

/** Once the query is on its way nobody joins it any more. */
async function query(graphql: Graphql, { path, waiting }: Batch, close: () => void): Promise<Map<string, Glance>> {
  const variables = (): Record<string, unknown> => {
    close();
    return { path, iids: waiting.map(({ issue }) => String(issue.iid)) };
  };
  const project = await graphql.ask('project', GLANCE, variables);
  const nodes = (project as { issues?: { nodes?: RawGlanced[] } | null } | null)?.issues?.nodes ?? [];
  return new Map(nodes.map(toGlance).filter((glanced) => glanced !== undefined));
}

/** An issue with its comments as GraphQL shows them. */
type RawGlanced = {
  iid: string;
  updatedAt: string;
  notes?: {
    nodes?: {
      id: string;
      body: string;
      system: boolean;
      createdAt: string;
      author: { id: string; username: string } | null;
    }[];
    pageInfo?: { hasNextPage?: boolean };
  } | null;
};

/**
 * An issue by its number; nothing where it has more comments than were asked for. Times are of whole seconds. What people did
 * to labels and the state is shown among comments too, by ids that are no numbers. Source: app/graphql/types/time_type.rb.
 */
function toGlance({ iid, updatedAt, notes }: RawGlanced): [string, Glance] | undefined {
  if (!isTime(updatedAt) || !Array.isArray(notes?.nodes) || notes.pageInfo?.hasNextPage !== false) return undefined;
  const shown = notes.nodes.filter(({ id }) => /Note\/\d+$/.test(id));
  if (shown.some(({ author }) => author === null)) return undefined;
  return [iid, { notes: shown.map(toGlanced), updatedAt: toTime(updatedAt), isExact: false }];
}

function toGlanced({ id, body, system, createdAt, author }: GlancedNote): Note {
  const by = { id: numberIn(author?.id ?? ''), username: author?.username ?? '' };
  return toNote({ id: numberIn(id), body, author: by, system, created_at: createdAt });
}

type GlancedNote = NonNullable<NonNullable<RawGlanced['notes']>['nodes']>[number];
