import type { Decided } from '../decide/incident.ts';
import type { GitLab, Issue, IssueRef, User } from '../gitlab/port.ts';
import type { Observed, Snapshot } from '../read/snapshot.ts';
import { planned, readAndDecide } from './foresee.ts';
import type { Seen, Tools } from './reconcile.ts';

/**
 * What must be true of an issue, by its comments as they were read with those of others; where something is to be written on
 * account of what people did, whose times these may not show exactly, by what is read again.
 */
export async function decide(
  issue: Issue,
  me: User,
  tools: Tools,
  observed: Observed,
  seen?: Seen,
): Promise<Decided & { snapshot: Snapshot }> {
  if (!seen) return readAndDecide(issue, me, tools, observed);
  const gitlab = askedOnce(tools.gitlab);
  const seeing = { ...gitlab, notes: () => Promise.resolve(seen.notes) };
  const decided = await readAndDecide(issue, me, { ...tools, gitlab: seeing }, observed);
  const { plan, snapshot } = decided;
  const isOursAlone = seen.notes.every(({ author }) => author.id === me.id);
  if (seen.isExact || isOursAlone || isTrue(plan, snapshot)) return decided;
  return readAndDecide(issue, me, { ...tools, gitlab }, observed);
}

/** A GitLab that is asked the same about people, events and emoji once, by who decides twice within a moment. */
function askedOnce(gitlab: GitLab): GitLab {
  return {
    ...gitlab,
    user: once((id: number) => gitlab.user(id)),
    userNamed: once((username: string) => gitlab.userNamed(username)),
    accessLevel: once((projectId: number, userId: number) => gitlab.accessLevel(projectId, userId)),
    emojis: once((ref: IssueRef) => gitlab.emojis(ref)),
    stateEvents: once((ref: IssueRef) => gitlab.stateEvents(ref)),
    labelEvents: once((ref: IssueRef) => gitlab.labelEvents(ref)),
  };
}

function once<Asked extends unknown[], Answer>(
  ask: (...asked: Asked) => Promise<Answer>,
): (...asked: Asked) => Promise<Answer> {
  const known = new Map<string, Promise<Answer>>();
  return (...asked) => {
    const key = JSON.stringify(asked);
    const answer = known.get(key) ?? ask(...asked);
    known.set(key, answer);
    return answer;
  };
}

/** Whether nothing would be written or sent. */
function isTrue(plan: Decided['plan'], snapshot: Snapshot): boolean {
  const { actions, sent, also } = planned(plan, snapshot);
  return actions.length + sent.length + also.length === 0 && !plan.learning;
}

/** A GitLab that shows the comments of this issue when it reads those of others: enough to see what stands. */
export function amongOthers(gitlab: GitLab, { reference }: Issue): GitLab {
  return { ...gitlab, notes: async (ref) => (await gitlab.glance({ ...ref, reference }, true)).notes };
}
