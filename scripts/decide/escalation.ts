import { factsOf, toldOf } from '../read/markers.ts';
import type { Snapshot } from '../read/snapshot.ts';
import type { AckFacts, Config } from '../schema/types.gen.ts';
import { personOf } from './acknowledgement.ts';
import { isAlarmOver, isAwaited, isPaged, minutesAfter, pagedAt, type Around } from './duty.ts';
import { call, NO_PART } from './merge.ts';
import { managersOnCall, engineerOnCall } from './on-call.ts';
import type { Message, Part } from './plan.ts';
import type { Level } from './severity.ts';

type Step = NonNullable<Config['escalation']>['steps'][number];

const MINUTE_MS = 60_000;
/** The key of an alert that a step raised in PagerDuty. */
const RAISED = /^escalation-(\d{1,3})-pagerduty$/;
const LADDER: readonly Step[] = [
  { after_minutes: 15, notify: ['manager'], via: ['mention'] },
  { after_minutes: 30, notify: ['second manager'], via: ['mention'] },
];

/** How far an incident has climbed: the part of the plan, and whether a step of the ladder was ever taken. */
export type Escalation = { part: Part; wasEscalated: boolean };

/**
 * The ladder (product.md: acknowledge within 15 minutes, or the on-call manager is alerted): each step once, at its minute
 * or as soon as somebody looks. It stops when somebody acknowledges, when the incident is closed or mere paperwork, and
 * when the alarm is over; alerts that it raised in PagerDuty are ended then. What PagerDuty paged, PagerDuty escalates.
 */
export function decideEscalation(
  snapshot: Snapshot,
  facts: AckFacts,
  config: Config,
  { now, severity, isPaperwork }: Around,
): Escalation {
  const taken = factsOf('escalation', snapshot.marked).facts?.step ?? 0;
  const wasEscalated = taken > 0 || (facts.escalated ?? []).length > 0;
  const ladder = ladderFor(config, severity);
  const isOver = facts.at !== undefined || snapshot.issue.state === 'closed' || isPaperwork || isAlarmOver(facts);
  const isOurs = isPaged(snapshot, config, now) && facts.pagerduty === undefined;
  if (isOver || !isOurs) {
    const messages = isOver ? endings(snapshot) : [];
    return {
      part: taken > 0 ? { ...spoken(snapshot, facts, config, ladder, taken), messages } : NO_PART,
      wasEscalated,
    };
  }
  const waitedMs = now.getTime() - Date.parse(pagedAt(snapshot));
  const due = ladder.filter(({ after_minutes: minutes }) => waitedMs >= minutes * MINUTE_MS).length;
  const reached = Math.max(taken, due);
  const next = ladder[reached];
  const isNew = reached > taken || !isAwaited(snapshot.issue.labels);
  const wake = next && isNew ? { wakeAt: minutesAfter(pagedAt(snapshot), next.after_minutes) } : {};
  if (reached === 0) return { part: { ...NO_PART, ...wake }, wasEscalated };
  const part = spoken(snapshot, facts, config, ladder, reached);
  const messages =
    config.escalation?.mode === 'observe' ? [] : messagesOf(snapshot, ladder.slice(0, reached), config, severity);
  return { part: { ...part, ...wake, messages }, wasEscalated: true };
}

/** The ladder for a severity, its steps in the order of their minutes. */
export function ladderFor(config: Config, severity: Level | undefined): Step[] {
  const special = config.escalation?.by_severity[severity ?? 3];
  return [...(special ?? config.escalation?.steps ?? LADDER)].sort((a, b) => a.after_minutes - b.after_minutes);
}

/** The alert as it stands after so many steps; once it is over it says how, silently. */
function spoken(snapshot: Snapshot, facts: AckFacts, config: Config, ladder: readonly Step[], reached: number): Part {
  const at = pagedAt(snapshot);
  const isObserved = config.escalation?.mode === 'observe';
  const before = factsOf('escalation', snapshot.marked).facts;
  const from = reached > (before?.step ?? 0) ? (before?.step ?? 0) : (before?.from ?? 0);
  const steps = ladder.slice(0, reached).map((step, index) => ({
    minutes: step.after_minutes,
    tell: step.notify.flatMap((who) => namesFor(who, config, new Date(minutesAfter(at, step.after_minutes)))),
    isNew: index >= from && !isObserved,
  }));
  const paging = ladder.slice(from, reached).filter(({ via }) => via.includes('gitlab') && !isObserved);
  const view = {
    ...{ words: 'escalation' as const, steps, pagedAt: at, isObserved },
    policies: paging.flatMap(({ policy }) => policy ?? []),
    ...{ acknowledgedAt: facts.at ?? '', by: personOf(snapshot, facts.by ?? 0)?.username ?? '' },
    ...{
      isClosed: facts.at === undefined && snapshot.issue.state === 'closed',
      alarmResolvedAt: facts.alarm_resolved_at ?? '',
    },
  };
  const due = minutesAfter(at, ladder[reached - 1]?.after_minutes ?? 0);
  const delivery = reached > (before?.step ?? 0) ? 'call' : 'board';
  const told = toldOf('escalation', snapshot.marked);
  return { ...NO_PART, comment: call('escalation', delivery, { step: reached, from, at: due, ...told }, view) };
}

function messagesOf(
  snapshot: Snapshot,
  steps: readonly Step[],
  config: Config,
  severity: Level | undefined,
): Message[] {
  const { issue } = snapshot;
  return steps.flatMap(({ via, notify, after_minutes: minutes }, index): Message[] => {
    const step = index + 1;
    const key = `escalation-${step}`;
    const { reference, webUrl: link } = issue;
    const text = `${reference}: nobody has acknowledged this page for ${minutes} minutes`;
    const alert: Message = {
      ...{ slot: 'escalation', key: `${key}-pagerduty`, to: 'pagerduty', does: 'trigger' },
      ...{ dedupKey: dedupKeyOf(issue, step), severity: severity ?? 3, link, reference },
    };
    const tell = notify.flatMap((who) => namesFor(who, config, new Date(minutesAfter(pagedAt(snapshot), minutes))));
    const word: Message = { slot: 'escalation', key: `${key}-slack`, to: 'slack', text, tell, lines: [], link };
    return [...(via.includes('pagerduty') ? [alert] : []), ...(via.includes('slack') ? [word] : [])];
  });
}

/**
 * Ends each alert that was raised in PagerDuty, once. It said that nobody has acknowledged, which is over, so that it is
 * resolved: what is only acknowledged may page again. Source: PagerDuty developer-docs, events-API-v2/02-Trigger-Events.
 */
function endings({ issue, marked }: Snapshot): Message[] {
  const sent = factsOf('escalation', marked).facts?.sent ?? [];
  return sent.flatMap((raised): Message[] => {
    const step = Number(RAISED.exec(raised)?.[1] ?? 0);
    const key = `${raised}-end`;
    if (step === 0 || sent.includes(key)) return [];
    return [{ slot: 'escalation', key, to: 'pagerduty', does: 'end', dedupKey: dedupKeyOf(issue, step) }];
  });
}

function dedupKeyOf({ projectId, iid }: Snapshot['issue'], step: number): string {
  return `watchkeeper/${projectId}/${iid}/${step}`;
}

/** User names for a duty or a person that a step names. */
function namesFor(who: string, config: Config, at: Date): string[] {
  if (who.startsWith('@')) return [who.slice(1)];
  if (who === 'engineer') return engineerOnCall(config, at);
  const managers = managersOnCall(config, at);
  if (who === 'all managers') return managers;
  const [first, second = first] = managers;
  const name = who === 'manager' ? first : second;
  return name === undefined ? [] : [name];
}
