import type { Installation } from '../read/config.ts';
import type { Snapshot } from '../read/snapshot.ts';
import type { GateFacts } from '../schema/types.gen.ts';
import { isDay } from './day.ts';
import { decideOpen } from './gate-open.ts';
import { decision, only, wait } from './gate-decision.ts';
import type { Decision } from './plan.ts';
import { assess, wasClosedLately, type Situation } from './situation.ts';

const DAY_MS = 24 * 3_600_000;
/** What the facts take; a schema of one's own might have a longer one. */
const LONGEST_CODE = 80;

/**
 * The closure gate (product.md, "The closure gate"): whether an incident may stay closed, and what must be true of it.
 * `commit` is that of the configuration, for the verification record.
 */
export function decideGate(snapshot: Snapshot, config: Installation, now: Date, commit?: string): Decision {
  if (snapshot.incident === 'no') return wait('not an incident');
  if (snapshot.off) return wait('off');
  const { issue } = snapshot;
  if (issue.state === 'opened') return decideOpen(snapshot, config, now, commit);
  if (!wasClosedLately(issue, config, now)) return wait('too old');
  return decideClosed(assess(snapshot, config, now, commit));
}

function decideClosed(situation: Situation): Decision {
  const { snapshot, failing, exemption } = situation;
  const { gate, issue } = snapshot;
  if (gate?.state === 'verified' && gate.closed_at === issue.closedAt) return stayVerified(situation, gate);
  if (exemption) return decideExempt(situation);
  if (failing.length === 0) return decideVerified(situation);
  const closedMs = Date.parse(issue.closedAt ?? '');
  if (situation.now.getTime() < closedMs + situation.config.gate.grace_minutes * 60_000) return wait('in grace');
  return decideBlocked(situation);
}

/** Later edits never reopen; a required field that changed afterwards is shown by a label. */
function stayVerified(situation: Situation, gate: GateFacts): Decision {
  const changed = gate.record !== situation.hash;
  const label = changed ? 'closure::changed' : 'closure::verified';
  return {
    plan: { labels: only(label) },
    finding: { state: 'verified', codes: changed ? ['CHANGED'] : [], checks: [] },
  };
}

/** What GitLab itself shows (a duplicate, a move, a recovered alert) needs no comment; an override does. */
function decideExempt(situation: Situation): Decision {
  const { snapshot, exemption } = situation;
  const isSilent = exemption?.code !== 'OVERRIDDEN' && snapshot.gate === undefined;
  const notes = exemption?.noteId === undefined ? {} : { notes: [exemption.noteId] };
  const checks = situation.checks.map((check) =>
    check.status === 'fail' ? { ...check, status: 'waived' as const } : check,
  );
  const facts = { ...closingFacts(situation), state: 'exempt', ...notes } as const;
  const { plan, finding } = decision({ ...situation, checks, failing: [] }, facts, 'board', 'closure::exempt');
  const codes = exemption ? [exemption.code] : [];
  return { plan: isSilent ? { labels: plan.labels } : plan, finding: { ...finding, codes } };
}

function decideVerified(situation: Situation): Decision {
  const { hash, commit, now, snapshot, config } = situation;
  const confirmed = snapshot.commands.filter(({ name }) => name === 'severity-confirmed').map(({ noteId }) => noteId);
  const record: Omit<GateFacts, 'state'> = {
    record: hash,
    schema: config.form.hash,
    verified_at: now.toISOString(),
    ...(commit === undefined ? {} : { config: commit }),
    ...(confirmed.length > 0 ? { notes: confirmed } : {}),
  };
  return decision(
    situation,
    { ...closingFacts(situation), state: 'verified', ...record },
    'board',
    'closure::verified',
  );
}

function decideBlocked(situation: Situation): Decision {
  const { snapshot, config, now } = situation;
  const { gate, issue } = snapshot;
  const facts = closingFacts(situation);
  const recent = (gate?.reopens ?? []).filter((time) => now.getTime() - Date.parse(time) < DAY_MS);
  const answered = gate?.closed_at === issue.closedAt ? gate?.state : undefined;
  if (config.gate.mode === 'observe') {
    return decision(
      situation,
      { ...facts, state: 'observed' },
      answered === 'observed' ? 'board' : 'call',
      'closure::blocked',
    );
  }
  if (answered !== 'blocked' && recent.length >= config.gate.max_reopens) return decideDisputed(situation, facts);
  const isTold = answered === 'blocked';
  const reopens = isTold ? (gate?.reopens ?? []) : [...recent, now.toISOString()];
  const missing = isTold ? {} : { missing: [...new Set([...(gate?.missing ?? []), ...codesOf(situation)])] };
  const { plan, finding } = decision(
    situation,
    { ...facts, ...missing, state: 'blocked', reopens },
    isTold ? 'board' : 'call',
    'closure::blocked',
  );
  return { plan: { ...plan, state: 'opened' }, finding };
}

/** What a closing lacks, by its reason codes, for the reports of later. */
function codesOf({ failing }: Situation): string[] {
  return failing.map(({ code }) => code).filter((code) => code.length <= LONGEST_CODE);
}

/** No ping-pong: it stays closed, and the managers are told, by day unless it is major. */
function decideDisputed(situation: Situation, facts: Omit<GateFacts, 'state'>): Decision {
  const { snapshot, config, now, severities } = situation;
  const { gate, issue } = snapshot;
  const before = gate?.state === 'disputed' && gate.closed_at === issue.closedAt ? gate : undefined;
  const mayTell = config.managers.length > 0 && (severities.isMajor || isDay(now, config));
  const toldAt = before?.told_at ?? (mayTell ? now.toISOString() : undefined);
  const isNews = before === undefined || toldAt !== before.told_at;
  const told = toldAt === undefined ? {} : { told_at: toldAt };
  return decision(situation, { ...facts, ...told, state: 'disputed' }, isNews ? 'call' : 'board', 'closure::disputed');
}

/** What is remembered of the closing at hand. */
function closingFacts({ snapshot, severities, now }: Situation): Omit<GateFacts, 'state'> {
  const { issue, gate } = snapshot;
  const closedAt = issue.closedAt ?? now.toISOString();
  return {
    closed_at: closedAt,
    ...(issue.closedBy ? { closed_by: issue.closedBy.id } : {}),
    first_closed_at: gate?.first_closed_at ?? closedAt,
    ...(gate?.reopens ? { reopens: gate.reopens } : {}),
    ...(gate?.missing ? { missing: gate.missing } : {}),
    ...severities.facts,
  };
}
