import type { Emoji, Issue, LabelEvent, Note, Questions, StateEvent, User } from '../gitlab/port.ts';
import { isSameUser } from './people.ts';

/** Somebody with the access level (30 Developer, 40 Maintainer, ...) that they have where the issue is. */
export type Member = User & { level: number };

/** Another issue that the rules ask for, such as the one that an incident duplicates. */
export type Other = { issue: Issue; notes: Note[] };

/** All that GitLab says of an issue as far as the rules ask for it, and the moment (ISO 8601) at which it is looked at. */
export type Recording = {
  at: string;
  me: User;
  issue: Issue;
  notes: Note[];
  stateEvents: StateEvent[];
  labelEvents: LabelEvent[];
  emojis: Emoji[];
  members: Member[];
  others: Other[];
  /** An issue that is looked at as a root cause analysis, whatever it says. */
  isAnalysis: boolean;
  /** What the recording itself leaves open, in words. */
  warnings: string[];
};

/** Answers what the rules ask from a recording, as GitLab did. Whom it does not name has no access, and is nobody. */
export function replay({ issue, notes, stateEvents, labelEvents, emojis, members, others }: Recording): Questions {
  const isIt = (ref: { projectId: number; iid: number }, one: Issue): boolean =>
    ref.projectId === one.projectId && ref.iid === one.iid;
  const all: Other[] = [{ issue, notes }, ...others];
  const of = (ref: { projectId: number; iid: number }): Other | undefined => all.find((each) => isIt(ref, each.issue));
  const own = <T>(ref: { projectId: number; iid: number }, list: T[]): T[] => (isIt(ref, issue) ? [...list] : []);
  const answer = <T>(value: T): Promise<T> => Promise.resolve(value);
  const toUser = (found: Member | undefined): User | undefined => found && { id: found.id, username: found.username };
  return {
    user: (id) => answer(toUser(members.find((member) => member.id === id))),
    userNamed: (name) => answer(toUser(members.find(({ username }) => isSameUser(username, name)))),
    accessLevel: (_project, id) => answer(members.find((member) => member.id === id)?.level ?? 0),
    issue: (ref) => answer(of(ref)?.issue),
    notes: (ref) => answer([...(of(ref)?.notes ?? [])]),
    emojis: (ref) => answer(own(ref, emojis)),
    stateEvents: (ref) => answer(own(ref, stateEvents)),
    labelEvents: (ref) => answer(own(ref, labelEvents)),
  };
}
