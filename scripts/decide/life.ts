import type { Issue } from '../gitlab/port.ts';
import type { Installation } from '../read/config.ts';
import { readCommands } from '../read/commands.ts';
import { factsOf, readMarkers, type Marked } from '../read/markers.ts';
import type { Past } from '../read/past.ts';
import { isSameUser } from '../read/people.ts';
import { readRecord, type ReadRecord } from '../read/record.ts';
import { isIncident } from '../read/snapshot.ts';
import type { AckFacts, Life } from '../schema/types.gen.ts';
import {
  closesOf,
  escalationsOf,
  firstOwned,
  handoffsOf,
  reopensOf,
  some,
  type Known,
  type Remembering,
} from './life-acts.ts';
import { analysisOf, gateOf, outcomeOf, severityOfLife, timesOf, type Judged } from './life-record.ts';
import type { Resolve } from './references.ts';

/** What telling a life depends on beside the incident. `me` is the bot's id. */
export type LifeContext = Known & { me: number; config: Installation; resolve: Resolve };

/** The labels that Watchkeeper keeps, by how they begin. */
const KEPT = ['ack::', 'closure::', 'handoff::', 'review::', 'update::', 'watchkeeper::'];

/**
 * An incident as it went, by GitLab's own record and what our comments remember (schemas/history.schema.json); nothing for
 * what is no incident and never was handled as one.
 */
export function toLife(past: Past, context: LifeContext): Life | undefined {
  const { issue, notes } = past;
  const { config, me } = context;
  const marked = readMarkers(notes, { id: me, username: '' }, config.bot.former_ids);
  const [gate, ack] = [remembering('gate', marked), remembering('ack', marked)];
  const isOne = isIncident(issue, config) || gate.noteId !== undefined || ack.facts?.at !== undefined;
  if (!isOne) return undefined;
  const read = readRecord(issue.description, config.time_zone, config.form);
  const learning = factsOf('learning', marked).facts;
  const answered = gate.facts?.answered ?? [];
  const done = readCommands(notes, context.botIds).filter(({ noteId }) => answered.includes(noteId));
  const judged: Judged = { gate, learning, done };
  return {
    ...issueOf(issue, config),
    ...some({
      severity: severityOfLife(past, read, judged, config),
      outcome: outcomeOf(past, read, judged, config),
      owned: firstOwned(past, ack, context),
      owner: ownerOf(issue, read, ack.facts, context),
      rca: analysisOf(past, read, judged, context.resolve),
    }),
    ...gateOf(past, judged, config, context),
    paged_at: ack.facts?.paged_at ?? issue.createdAt,
    ...timesOf(read),
    ...acknowledged(ack.facts),
    ...{ escalations: escalationsOf(past, ack, context), handoffs: handoffsOf(marked) },
    ...{
      closes: closesOf(past, context, done),
      reopens: reopensOf(past, context),
      missing: gate.facts?.missing ?? [],
    },
    follow_ups: (learning?.items ?? []).flatMap(({ gone, project, iid, kind }) => {
      return gone || project === undefined || iid === undefined ? [] : [{ project, iid, ...some({ kind }) }];
    }),
  };
}

function remembering<S extends 'gate' | 'ack'>(
  slot: S,
  marked: readonly Marked[],
): Remembering<NonNullable<ReturnType<typeof factsOf<S>>['facts']>> {
  const noteId = marked.find((each) => each.slot === slot)?.noteId;
  return { facts: factsOf(slot, marked).facts, noteId };
}

/** What GitLab's list shows. The title of a confidential incident stays where it is. */
function issueOf(
  issue: Issue,
  { review }: Installation,
): Pick<
  Life,
  'project' | 'iid' | 'reference' | 'url' | 'confidential' | 'state' | 'created_at' | 'updated_at' | 'labels'
> {
  const { projectId: project, iid, reference, webUrl: url, confidential, state, title, closedAt } = issue;
  const isKept = (label: string): boolean => label === review.label || KEPT.some((start) => label.startsWith(start));
  return {
    ...{ project, iid, reference, url, confidential, state, labels: issue.labels.filter(isKept).sort() },
    ...(confidential ? {} : { title }),
    ...{ created_at: issue.createdAt, updated_at: issue.updatedAt },
    ...(closedAt === undefined ? {} : { closed_at: closedAt }),
  };
}

function acknowledged(facts: AckFacts | undefined): Pick<Life, 'acknowledged'> {
  if (facts?.at === undefined) return {};
  const { at, by, how, note: source } = facts;
  return { acknowledged: { at, ...some({ by, how, source }) } };
}

/** The owner on record; where nobody acknowledged, the one that the description names, else a sole assignee. */
function ownerOf(
  { assignees }: Issue,
  { record }: ReadRecord,
  facts: AckFacts | undefined,
  { people }: Known,
): number | undefined {
  const named = record.owner ?? '';
  const written = people.find(({ username }) => isSameUser(username, named))?.id;
  const [first, second] = assignees;
  return facts?.owner ?? facts?.by ?? written ?? (second ? undefined : first?.id);
}
