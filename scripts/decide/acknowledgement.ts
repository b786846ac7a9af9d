import type { User } from '../gitlab/port.ts';
import { nameIn } from '../read/given.ts';
import { pageOf } from '../read/keys.ts';
import type { Given, Observation, Snapshot } from '../read/snapshot.ts';
import type { AckFacts, Config } from '../schema/types.gen.ts';
import { isPaged } from './duty.ts';
import { mayCommand } from './rights.ts';

const REPORTER = 20;
const MOST_ENGAGED = 20;

/**
 * What is known of an incident's acknowledgement once all that was observed since is merged in: the first of PagerDuty,
 * `/ack`, self-assignment and GitLab's escalation status counts (product.md, "The duty"), later ones are engaged.
 */
export function gatherDuty(snapshot: Snapshot, config: Config, now: Date): AckFacts {
  const { duty = {}, observed } = snapshot;
  const signs = observations(snapshot, config, now);
  const first = firstOf(signs, duty);
  const { pagedAt, escalatedAt, alarmResolvedAt, alarmReopened = false } = observed;
  const pagerduty = observed.pagerduty ?? duty.pagerduty ?? writtenPage(snapshot, config);
  const { alarm_resolved_at: resolvedBefore, ...before } = duty;
  const resolvedAt = alarmResolvedAt ?? (alarmReopened ? undefined : resolvedBefore);
  const seen: AckFacts = {
    ...(first ? withoutTaking(before) : before),
    ...(pagerduty === undefined ? {} : { pagerduty }),
    ...(pagedAt === undefined || duty.paged_at !== undefined ? {} : { paged_at: pagedAt }),
    ...(escalatedAt === undefined ? {} : { escalated: [...new Set([...(duty.escalated ?? []), escalatedAt])].sort() }),
    ...(resolvedAt === undefined ? {} : { alarm_resolved_at: resolvedAt }),
    ...(first ? toFacts(first) : {}),
  };
  const taken = withTaker(seen, signs, duty);
  const engaged = engagedIn(signs, duty, taken);
  // Whom it was transferred to before may hand it back to the first.
  const { owner: ownedBefore, ...facts } = taken;
  const owner = transferred(snapshot, config, taken) ?? ownedBefore;
  const update = snapshot.commands.findLast(
    (command) => command.name === 'update' && command.argument !== '' && mayCommand(command, config),
  );
  return {
    ...facts,
    ...(update && update.at > (facts.update_at ?? '') ? { update_at: update.at } : {}),
    ...(engaged.length > 0 ? { engaged } : {}),
    ...(owner === undefined || owner === facts.by ? {} : { owner }),
  };
}

/** The page that an incident of the bot's own was made for by its key, where our comment is gone that remembered it. */
function writtenPage({ issue, incident, me }: Snapshot, { bot }: Config): string | undefined {
  const isOurs = incident !== 'no' && [me.id, ...bot.former_ids].includes(issue.author.id);
  return isOurs ? pageOf(issue.description) : undefined;
}

/** An earlier acknowledgement is told by itself: who, how and by which record it was belong to its time. */
function withoutTaking(facts: AckFacts): AckFacts {
  const others = { ...facts };
  delete others.by;
  delete others.how;
  delete others.note;
  return others;
}

/**
 * Where nobody knows who acknowledged first, the first whom we know takes it, so that somebody owns it and may transfer it:
 * by a sign, or by what was on record before.
 */
function withTaker(facts: AckFacts, signs: readonly Observation[], before: AckFacts): AckFacts {
  if (facts.at === undefined || facts.by !== undefined || facts.owner !== undefined) return facts;
  const sign = signs.find(({ by }) => by !== undefined);
  const isOnRecord = before.by !== undefined && !(sign && sign.at < (before.at ?? ''));
  const owner = isOnRecord ? before.by : sign?.by?.id;
  return owner === undefined ? facts : { ...facts, owner };
}

/** The snapshot as the other rules see it, with the acknowledgement as it is known now. */
export function withDuty(snapshot: Snapshot, facts: AckFacts): Snapshot {
  const owner = ownerOf(snapshot, facts);
  const ack = owner && facts.at !== undefined ? { by: owner, at: facts.at } : undefined;
  return { ...snapshot, ack: ack ?? snapshot.ack, ...(Object.keys(facts).length > 0 ? { duty: facts } : {}) };
}

/** Who owns an incident: whom it was transferred to, else who acknowledged first. */
export function ownerOf(snapshot: Snapshot, { owner, by }: AckFacts): User | undefined {
  const id = owner ?? by;
  return id === undefined ? undefined : personOf(snapshot, id);
}

/** What became of a `/transfer`: to whom, or why not. */
export type Transfer = { to: User } | { why: 'role' | 'unknown user' | 'not a member' | 'no page' };

/**
 * The commands that hand an incident over, in their order: each is given to the owner that the one before left. `facts` say
 * who acknowledged; only the owner, a manager, or who has the role may.
 */
export function judgeTransfers(snapshot: Snapshot, facts: AckFacts, config: Config): Map<Given, Transfer> {
  let owner = personOf(snapshot, snapshot.duty?.owner ?? facts.by ?? facts.owner ?? 0);
  const judged = new Map<Given, Transfer>();
  for (const command of snapshot.commands.filter(({ name }) => name === 'transfer')) {
    const transfer = judgeTransfer(command, owner, snapshot, config);
    if ('to' in transfer) owner = transfer.to;
    judged.set(command, transfer);
  }
  return judged;
}

function judgeTransfer(command: Given, owner: User | undefined, { named }: Snapshot, config: Config): Transfer {
  if (!owner) return { why: 'no page' };
  if (command.author.id !== owner.id && !mayCommand(command, config)) return { why: 'role' };
  const to = named.get(nameIn(command.argument));
  if (!to) return { why: 'unknown user' };
  return to.accessLevel >= REPORTER ? { to } : { why: 'not a member' };
}

function transferred(snapshot: Snapshot, config: Config, facts: AckFacts): number | undefined {
  const done = [...judgeTransfers(snapshot, facts, config).values()].flatMap((each) =>
    'to' in each ? each.to.id : [],
  );
  return done.at(-1);
}

/** The first sign, where it is earlier than what is on record. */
function firstOf([first]: readonly Observation[], { at }: AckFacts): Observation | undefined {
  return first && (at === undefined || first.at < at) ? first : undefined;
}

/** All signs of an acknowledgement, the earliest first. */
function observations(snapshot: Snapshot, config: Config, now: Date): Observation[] {
  const { commands, acts, observed, me } = snapshot;
  const given = commands
    .filter((command) => command.name === 'ack' && mayCommand(command, config))
    .map(({ author, at, noteId }): Observation => ({ by: author, at, how: 'command', noteId }));
  const seen = acts
    .filter(({ by, kind, username }) => by.id !== me.id && kind !== 'unassigned' && by.username === username)
    .filter(({ by }) => !config.alert_bots.includes(by.username))
    .map(({ by, at, noteId, kind }): Observation => {
      return { by, at, how: kind === 'acknowledged' ? 'status' : 'assignment', noteId };
    });
  const all = [
    ...given,
    ...(isPaged(snapshot, config, now) ? seen : []),
    ...(observed.acknowledged ? [observed.acknowledged] : []),
  ];
  return all.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : (a.noteId ?? 0) - (b.noteId ?? 0)));
}

function engagedIn(signs: readonly Observation[], duty: AckFacts, facts: AckFacts): number[] {
  if (facts.at === undefined) return [];
  const later = signs.flatMap(({ by }) => (by ? [by.id] : []));
  const before = duty.by === undefined ? [] : [duty.by];
  const all = [...new Set([...(duty.engaged ?? []), ...before, ...later])];
  return all.filter((id) => id !== (facts.by ?? facts.owner)).slice(0, MOST_ENGAGED);
}

function toFacts({ by, at, how, noteId }: Observation): AckFacts {
  return {
    ...(by ? { by: by.id } : {}),
    at,
    how,
    ...(noteId === undefined ? {} : { note: noteId }),
  };
}

/** A person by their id, wherever they are known from. */
export function personOf({ people, commands, named, observed }: Snapshot, id: number): User | undefined {
  const beside = [...commands.map(({ author }) => author), ...named.values()];
  const outside = observed.acknowledged?.by;
  return people.get(id) ?? beside.find((user) => user.id === id) ?? (outside?.id === id ? outside : undefined);
}
