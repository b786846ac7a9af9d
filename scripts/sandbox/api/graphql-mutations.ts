import { canSee, demandSpeak, may } from '../world/access.ts';
import { changeIssue } from '../world/changes.ts';
import { ApiError } from '../world/errors.ts';
import { addTimelineEvent, setEscalationStatus } from '../world/incidents.ts';
import { addNote } from '../world/notes.ts';
import type { EscalationStatus, Severity, StoredIssue } from '../world/records.ts';
import { showIssue, showNote, showTimelineEvent, type Caller } from './graphql-queries.ts';
import { demandPace } from './throttle.ts';

type Input<T> = { input: T };
type NoteInput = { noteableId: string; body: string; internal?: boolean };
type OfIssue = { projectPath: string; iid: string };

const LONGEST_ENTRY = 280;
const DENIED =
  "The resource that you are attempting to access does not exist or you don't have permission to perform this action";

/**
 * What may be changed. What is not there, or not for the caller, is an error of the answer; what the rules of incidents
 * refuse is an error of the mutation. Source: app/graphql/mutations/issues, incident_management; platform sheet, section 6.
 */
export function mutations(caller: Caller): object {
  const { world, user } = caller;
  return {
    issueSetSeverity: ({ input }: Input<OfIssue & { severity: Severity }>) => {
      const issue = issueAt(caller, input);
      if (!may(user, world.projectOf(issue), 'set the severity')) throw new Error(DENIED);
      if (issue.type === 'incident') changeIssue(world, user, issue, { severity: input.severity });
      return { errors: [], issue: showIssue(caller, issue) };
    },
    issueSetEscalationStatus: ({ input }: Input<OfIssue & { status: EscalationStatus }>) => {
      const issue = issueAt(caller, input);
      if (!may(user, world.projectOf(issue), 'set the escalation status')) throw new Error(DENIED);
      if (issue.type !== 'incident') return { errors: ['Feature unavailable for provided issue'], issue: null };
      setEscalationStatus(world, user, issue, input.status);
      return { errors: [], issue: showIssue(caller, issue) };
    },
    timelineEventCreate: ({
      input,
    }: Input<{ incidentId: string; note: string; occurredAt: string; timelineEventTagNames?: string[] }>) => {
      const issue = issueByGid(caller, input.incidentId);
      if (!may(user, world.projectOf(issue), 'write the timeline')) throw new Error(DENIED);
      const { note, occurredAt, timelineEventTagNames: tags = [] } = input;
      const wrong =
        note.length > LONGEST_ENTRY ? [`Timeline text is too long (maximum is ${LONGEST_ENTRY} characters)`] : [];
      if (issue.type !== 'incident')
        wrong.push('You have insufficient permissions to manage timeline events for this incident');
      if (wrong.length > 0) return { errors: wrong, timelineEvent: null };
      const at = new Date(occurredAt).toISOString();
      const event = addTimelineEvent(world, user, issue, { note, occurredAt: at, tags });
      return { errors: [], timelineEvent: showTimelineEvent(caller, event) };
    },
    createNote: ({ input }: Input<NoteInput>) => createNote(caller, input),
  };
}

/** What REST would answer with an error is said in the payload. */
function createNote(caller: Caller, { noteableId, body, internal = false }: NoteInput): object {
  const { world, user } = caller;
  const issue = issueByGid(caller, noteableId);
  try {
    demandSpeak(world, user, issue);
    demandPace(world, user, 'notes');
    const done = addNote(world, user, issue, body, internal);
    return { errors: [], note: 'note' in done ? showNote(caller, done.note) : null };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { errors: [error.message], note: null };
  }
}

function issueAt({ world, user }: Caller, { projectPath, iid }: OfIssue): StoredIssue {
  const project = world.projectAt(projectPath);
  const issue = project && world.issue(project.id, Number(iid));
  if (!issue || !canSee(world, user, issue)) throw new Error(DENIED);
  return issue;
}

function issueByGid({ world, user }: Caller, gid: string): StoredIssue {
  const issue = world.issueById(Number(/^gid:\/\/gitlab\/(?:Issue|WorkItem)\/(\d+)$/.exec(gid)?.[1]));
  if (!issue || !canSee(world, user, issue)) throw new Error(DENIED);
  return issue;
}
