import type { Installation } from '../read/config.ts';
import type { Snapshot } from '../read/snapshot.ts';
import type { GateFacts } from '../schema/types.gen.ts';
import { judgeClosure } from './closure.ts';
import { isDay } from './day.ts';
import { findExemption } from './exemption.ts';
import { viewGate } from './gate-view.ts';
import type { Decision, Plan } from './plan.ts';
import { mayCommand } from './rights.ts';
import { gatherSeverities } from './severity.ts';
import { wasClosedLately, type Situation } from './situation.ts';

const DAY_MS = 24 * 3_600_000;
const LABELS = ['closure::blocked', 'closure::verified', 'closure::exempt', 'closure::disputed', 'closure::changed'];

/**
 * The closure gate (product.md, "The closure gate"): whether an incident may stay closed, and what must be true of it.
 * `commit` is that of the configuration, for the verification record.
 */
export function decideGate(snapshot: Snapshot, config: Installation, now: Date, commit?: string): Decision {
  if (snapshot.incident === 'no') return leaveAlone('not an incident');
  if (snapshot.off) return leaveAlone('off');
  const { issue, gate } = snapshot;
  if (issue.state === 'opened') return gate ? decideOpen(assess(snapshot, config, now, commit), gate) : clearLabels();
  if (!wasClosedLately(issue, config, now)) return leaveAlone('too old');
  return decideClosed(assess(snapshot, config, now, commit));
}

function assess(snapshot: Snapshot, config: Installation, now: Date, commit: string | undefined): Situation {
  const severities = gatherSeverities(snapshot, config, now.toISOString());
  const { exemption, refusals } = findExemption(snapshot, severities, config);
  const { checks, hash } = judgeClosure(snapshot, severities, config, now);
  const failing = checks.filter(({ status }) => status === 'fail');
  return { snapshot, config, now, commit, severities, exemption, refusals, checks, failing, hash };
}

/** An open incident that the gate has seen: its checklist is kept current, and a verification no longer holds. */
function decideOpen(situation: Situation, gate: GateFacts): Decision {
  const { snapshot, config } = situation;
  const lastAnswered = gate.closed_at ?? '';
  const isActive = snapshot.commands.some(
    (command) => command.name === 'active' && mayCommand(command, config) && command.at >= lastAnswered,
  );
  const wasBlocked = gate.state === 'blocked' || gate.state === 'active';
  const state = !wasBlocked ? 'open' : isActive ? 'active' : 'blocked';
  const facts = { ...lastingFacts(gate), ...situation.severities.facts, state } as const;
  return decision(situation, facts, 'board', state === 'blocked' ? 'closure::blocked' : undefined);
}

function decideClosed(situation: Situation): Decision {
  const { snapshot, failing, exemption } = situation;
  const { gate, issue } = snapshot;
  if (gate?.state === 'verified' && gate.closed_at === issue.closedAt) return stayVerified(situation, gate);
  if (exemption) return decideExempt(situation);
  if (failing.length === 0) return decideVerified(situation);
  const closedMs = Date.parse(issue.closedAt ?? '');
  if (situation.now.getTime() < closedMs + situation.config.gate.grace_minutes * 60_000) return leaveAlone('in grace');
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
  const reopens = answered === 'blocked' ? (gate?.reopens ?? []) : [...recent, now.toISOString()];
  const { plan, finding } = decision(
    situation,
    { ...facts, state: 'blocked', reopens },
    answered === 'blocked' ? 'board' : 'call',
    'closure::blocked',
  );
  return { plan: { ...plan, state: 'opened' }, finding };
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

/** What is still true of an earlier closing once the incident is open: a verification no longer holds. */
function lastingFacts(gate: GateFacts): Omit<GateFacts, 'state'> {
  const { closed_at, closed_by, first_closed_at, reopens } = gate;
  return Object.fromEntries(
    Object.entries({ closed_at, closed_by, first_closed_at, reopens }).filter(([, value]) => value !== undefined),
  );
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
    ...severities.facts,
  };
}

function decision(
  situation: Situation,
  facts: GateFacts,
  delivery: 'call' | 'board',
  label: string | undefined,
): Decision {
  const { failing, checks } = situation;
  const plan: Plan = { labels: only(label), comment: { slot: 'gate', delivery, ...viewGate(situation, facts) } };
  return { plan, finding: { state: facts.state, codes: failing.map(({ code }) => code), checks } };
}

function only(label: string | undefined): Plan['labels'] {
  return { present: label === undefined ? [] : [label], absent: LABELS.filter((other) => other !== label) };
}

/** An open incident that the gate never judged cannot be settled; `blocked` may be left of a comment that was deleted. */
function clearLabels(): Decision {
  const labels = { present: [], absent: LABELS.filter((label) => label !== 'closure::blocked') };
  return { plan: { labels }, finding: { state: 'open', codes: [], checks: [] } };
}

function leaveAlone(state: Decision['finding']['state']): Decision {
  return { plan: { labels: { present: [], absent: [] } }, finding: { state, codes: [], checks: [] } };
}
