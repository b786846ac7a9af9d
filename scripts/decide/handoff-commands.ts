import { nameIn } from '../read/given.ts';
import { isSameUser } from '../read/people.ts';
import type { User } from '../gitlab/port.ts';
import type { Given, Snapshot } from '../read/snapshot.ts';
import type { AckFacts, Config, HandoffFacts } from '../schema/types.gen.ts';
import { ownerOf } from './acknowledgement.ts';
import type { Change } from './changes.ts';
import { handoffFields, missingAmong } from './handoff-fields.ts';
import { engineerOnCall } from './on-call.ts';
import { isManager, mayCommand } from './rights.ts';

const REPORTER = 20;

/** What became of a `/handoff` or an `/accept`: done, or why not. */
export type HandoffVerdict =
  | 'done'
  | 'role'
  | 'unknown user'
  | 'not a member'
  | 'no page'
  | 'not open'
  | 'paperwork'
  | 'nobody on call'
  | 'nothing handed over'
  | 'not yours'
  | 'no incident'
  | 'analysis'
  | 'quiet'
  | 'off';

/** Who is responsible once a change of shift and all commands have had their say, and what became of the commands. */
export type Standing = { handoff: HandoffFacts | undefined; verdicts: Map<Given, HandoffVerdict> };

/** What the commands depend on beside the incident; `change` is one that is not on record yet. */
type Around = { now: Date; change: Change | undefined; isActive: boolean };

/** Follows a change of shift and the commands to hand over and to accept in the order of their times. */
export function followHandoffs(
  snapshot: Snapshot,
  facts: AckFacts,
  config: Config,
  { now, change, isActive }: Around,
): Standing {
  const commands = snapshot.commands.filter(({ name }) => name === 'handoff' || name === 'accept');
  const verdicts = new Map<Given, HandoffVerdict>();
  let handoff = snapshot.handoff;
  let rest = change;
  for (const command of commands) {
    if (rest && rest.at <= command.at) handoff = changed(rest, handoff, snapshot, facts);
    if (rest && rest.at <= command.at) rest = undefined;
    if (command.name === 'accept') {
      const accepted = followAccept(command, handoff, config);
      handoff = accepted.handoff;
      verdicts.set(command, accepted.verdict);
      continue;
    }
    const given = judgeHandoff(command, snapshot, facts, { config, now, isActive });
    verdicts.set(command, typeof given === 'string' ? given : 'done');
    if (typeof given !== 'string') handoff = commanded(command, given, snapshot, facts);
  }
  return { handoff: rest ? changed(rest, handoff, snapshot, facts) : handoff, verdicts };
}

/** Somebody whom the snapshot knows, by user name. */
export function userKnown({ people, named }: Snapshot, username: string): User | undefined {
  return [...people.values(), ...named.values()].find((user) => isSameUser(user.username, username));
}

/** At a change of shift whoever was responsible hands over, also where that was by command. */
function changed(
  { at, from, to }: Change,
  before: HandoffFacts | undefined,
  snapshot: Snapshot,
  facts: AckFacts,
): HandoffFacts {
  const incoming = userKnown(snapshot, to)?.id;
  const stoodIn = before?.note !== undefined && before.to !== incoming ? before.to : undefined;
  return toFacts({ at, from: stoodIn ?? userKnown(snapshot, from)?.id, to: incoming }, snapshot, facts);
}

function commanded({ at, author, noteId }: Given, to: User, snapshot: Snapshot, facts: AckFacts): HandoffFacts {
  return { ...toFacts({ at, from: author.id, to: to.id }, snapshot, facts), note: noteId };
}

function toFacts(
  { at, from, to }: { at: string; from: number | undefined; to: number | undefined },
  snapshot: Snapshot,
  facts: AckFacts,
): HandoffFacts {
  const owner = ownerOf(snapshot, facts)?.id;
  return {
    at,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(owner === undefined ? {} : { owner }),
    ...missingThen(at, snapshot),
  };
}

/** How many fields are missing as it is handed over; what is on record stays as it was told then. */
function missingThen(at: string, { read, handoff: before }: Snapshot): Pick<HandoffFacts, 'missing'> {
  if (before?.at !== at) return { missing: missingAmong(handoffFields(read)).length };
  return before.missing === undefined ? {} : { missing: before.missing };
}

/** To whom a command hands over: the person it names, else the engineer on call; or why to nobody. */
function judgeHandoff(
  command: Given,
  snapshot: Snapshot,
  facts: AckFacts,
  { config, now, isActive }: { config: Config; now: Date; isActive: boolean },
): User | Exclude<HandoffVerdict, 'done'> {
  if (!mayCommand(command, config)) return 'role';
  if (snapshot.issue.state === 'closed') return 'not open';
  if (!ownerOf(snapshot, facts)) return 'no page';
  if (!isActive) return 'paperwork';
  if (command.argument === '') {
    const [engineer] = engineerOnCall(config, now);
    return engineer === undefined ? 'nobody on call' : (userKnown(snapshot, engineer) ?? 'unknown user');
  }
  const to = snapshot.named.get(nameIn(command.argument));
  if (!to) return 'unknown user';
  return to.accessLevel >= REPORTER ? { id: to.id, username: to.username } : 'not a member';
}

/** To accept is for whom it was handed to, for a manager, and for the engineer on call who did not just hand it over. */
function mayAccept({ author, accessLevel, at }: Given, { from, to }: HandoffFacts, config: Config): boolean {
  if (accessLevel <= 0) return false;
  const isEngineer = engineerOnCall(config, new Date(at)).some((name) => isSameUser(name, author.username));
  return author.id === to || (isEngineer && author.id !== from) || isManager(author.username, config, at);
}

/** What becomes of a hand-off, of an incident or of a whole shift, by an `/accept`: the first who accepts counts. */
export function followAccept<H extends HandoffFacts | undefined>(
  command: Given,
  handoff: H,
  config: Config,
): { handoff: H; verdict: HandoffVerdict } {
  if (!handoff) return { handoff, verdict: 'nothing handed over' };
  if (!mayAccept(command, handoff, config)) return { handoff, verdict: 'not yours' };
  const taken = { accepted_at: command.at, accepted_by: command.author.id };
  return { handoff: handoff.accepted_at === undefined ? { ...handoff, ...taken } : handoff, verdict: 'done' };
}
