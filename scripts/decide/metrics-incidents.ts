import type { GateNumbers, IncidentCounts, Life, MissingCode, Numbers } from '../schema/types.gen.ts';
import { isIn, rateOf, spreadOf, type Period } from './clocks.ts';
import { clocksOf, firstCloseOf, isExempt, isOpenAt, isPaged, isReopened, type LifeClocks } from './lives.ts';

/** What the numbers tell of incidents. */
export type IncidentNumbers = Pick<
  Numbers,
  'incidents' | 'time_to_acknowledge' | 'time_to_own' | 'time_to_mitigate' | 'time_to_resolve' | 'escalation' | 'gate'
>;

const SEVERITIES = [1, 2, 3, 4, null] as const;

/**
 * The numbers of incidents. Until somebody owns it an incident counts in the period of its page; from its first closing on
 * in that of the closing. `end` is when the period is over, or now; `bots` are the user ids of the bot.
 */
export function measureIncidents(
  lives: readonly Life[],
  period: Period,
  end: Date,
  bots: readonly number[],
): IncidentNumbers {
  const opened = lives.filter(({ paged_at: at }) => isIn(at, period));
  const closed = lives.filter((life) => isIn(firstCloseOf(life, bots)?.at, period));
  const clock = (of: readonly Life[], name: keyof LifeClocks): (number | undefined)[] =>
    of.map((life) => clocksOf(life, bots)[name]);
  return {
    incidents: {
      ...{ opened: opened.length, closed: closed.length },
      open: lives.filter((life) => isOpenAt(life, end)).length,
      by_severity: bySeverity(opened),
    },
    time_to_acknowledge: spreadOf(clock(opened, 'acknowledge')),
    time_to_own: spreadOf(clock(opened, 'own')),
    time_to_mitigate: spreadOf(clock(closed, 'mitigate')),
    time_to_resolve: spreadOf(clock(closed, 'resolve')),
    escalation: escalationOf(opened),
    gate: gateOf(closed),
  };
}

function bySeverity(opened: readonly Life[]): IncidentCounts['by_severity'] {
  return SEVERITIES.map((severity) => ({
    severity,
    count: opened.filter((life) => (life.severity ?? null) === severity).length,
  }));
}

function escalationOf(opened: readonly Life[]): Numbers['escalation'] {
  const paged = opened.filter(isPaged);
  const escalated = paged.filter(({ escalations }) => escalations.length > 0).length;
  return { paged: paged.length, escalated, rate: rateOf(escalated, paged.length) };
}

function gateOf(closed: readonly Life[]): GateNumbers {
  const reopened = closed.filter(isReopened);
  const isStanding = ({ gate }: Life): boolean => gate !== 'verified' && gate !== 'disputed';
  const exempt = closed.filter((life) => isStanding(life) && isExempt(life));
  const overridden = closed.filter((life) => isStanding(life) && life.exemption === 'OVERRIDDEN');
  return {
    ...{ closed: closed.length, reopened: reopened.length, reopen_rate: rateOf(reopened.length, closed.length) },
    verified: closed.filter(({ gate }) => gate === 'verified').length,
    ...{ exempt: exempt.length, overridden: overridden.length },
    disputed: closed.filter(({ gate }) => gate === 'disputed').length,
    missing: missingFrom(reopened),
  };
}

/** How many of the incidents lacked each code, the most frequent first, then by name. */
function missingFrom(reopened: readonly Life[]): MissingCode[] {
  const counts = new Map<string, number>();
  for (const code of reopened.flatMap(({ missing }) => [...new Set(missing)])) {
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return [...counts]
    .map(([code, count]) => ({ code, count }))
    .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}
