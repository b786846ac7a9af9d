import { SetupError } from '../ci/errors.ts';
import type { GitLab, Issue, Questions, User } from '../gitlab/port.ts';
import { readPast } from './past.ts';
import type { Member, Other, Recording } from './recording.ts';

/** What the rules asked beside the issue itself, and what GitLab answered. */
type Heard = { users: Map<number, User>; others: Map<string, Issue> };

/** A recording of a real incident. `ask` puts the rules' questions to GitLab, which is how it is known what they are. */
export async function recordLive(
  reference: string,
  gitlab: GitLab,
  now: Date,
  ask: (recording: Recording, questions: Questions) => Promise<unknown>,
): Promise<Recording> {
  const issue = await gitlab.issueAt(reference);
  const past = issue && (await readPast(gitlab, issue));
  if (!past) throw new SetupError(`${reference} names no issue that the bot may see. Write it as group/project#12.`);
  const { notes, stateEvents, labelEvents } = past;
  const bare: Recording = {
    ...{ at: now.toISOString(), me: await gitlab.me(), issue: past.issue, notes, stateEvents, labelEvents },
    ...{ emojis: await gitlab.emojis(past.issue), members: [], others: [], isAnalysis: false, warnings: [] },
  };
  const heard: Heard = { users: new Map(), others: new Map() };
  await ask(bare, listening(gitlab, heard));
  const members = await membersOf(bare, heard, gitlab);
  const others: Other[] = [];
  for (const other of heard.others.values()) others.push({ issue: other, notes: await gitlab.notes(other) });
  return { ...bare, members, others };
}

/** Everybody who took part or was asked for, with their access. */
async function membersOf(
  { issue, notes, labelEvents, me }: Recording,
  { users }: Heard,
  gitlab: GitLab,
): Promise<Member[]> {
  const seen = [
    ...[issue.author, ...issue.assignees, ...(issue.closedBy ? [issue.closedBy] : [])],
    ...[...notes.map(({ author }) => author), ...labelEvents.flatMap(({ user }) => user ?? []), ...users.values()],
  ];
  const people = new Map(seen.filter(({ id }) => id !== me.id).map((user) => [user.id, user]));
  const members: Member[] = [];
  for (const user of people.values())
    members.push({ ...user, level: await gitlab.accessLevel(issue.projectId, user.id) });
  return members;
}

function listening(gitlab: GitLab, { users, others }: Heard): Questions {
  const hear = (user: User | undefined): User | undefined => {
    if (user) users.set(user.id, user);
    return user;
  };
  return {
    ...gitlab,
    user: async (id) => hear(await gitlab.user(id)),
    userNamed: async (name) => hear(await gitlab.userNamed(name)),
    issue: async (ref) => {
      const found = await gitlab.issue(ref);
      if (found) others.set(found.reference, found);
      return found;
    },
  };
}
