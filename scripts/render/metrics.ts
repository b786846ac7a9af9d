import { round, type Period } from '../decide/clocks.ts';
import { botsOf, clocksOf, firstCloseOf, livesIn, whoIs, type LifeClocks } from '../decide/lives.ts';
import type { Config, History, Life, Metrics, Numbers } from '../schema/types.gen.ts';
import { renderCsv, type Cell } from './csv.ts';
import { inert } from './engine.ts';

type Cells = Record<string, Cell>;

/** metrics.csv: a row for the whole period and one for each week; the columns are the fields of metrics.json. */
export function renderMetricsCsv({ whole, weeks }: Metrics): string {
  const rows = [{ period: 'whole', ...cellsOf(whole) }, ...weeks.map((week) => ({ period: 'week', ...cellsOf(week) }))];
  return renderCsv(Object.keys(rows[0] ?? {}), rows);
}

/** Numbers by their paths; lists, which have no place in a table, become a column for each severity, or one cell. */
function cellsOf({ incidents, gate, pages, ...others }: Numbers): Cells {
  const { by_severity: bySeverity, ...counts } = incidents;
  const severities = bySeverity.map(
    ({ severity, count }) => [`incidents.severity_${severity ?? 'none'}`, count] as const,
  );
  const missing = gate.missing.map(({ code, count }) => `${code} ${count}`).join('; ');
  const perPerson = pages.per_person.map(({ user, pages: count }) => `${user} ${count}`).join('; ');
  return {
    ...flat({ from: others.from, to: others.to, incidents: counts }),
    ...Object.fromEntries(severities),
    ...flat({ ...others, gate: { ...gate, missing }, pages: { ...pages, per_person: perPerson } }),
  };
}

function flat(value: object, prefix = ''): Cells {
  const entries = Object.entries(value).map(([key, part]: [string, Cell | object]): Cells => {
    return part !== null && typeof part === 'object' ? flat(part, `${prefix}${key}.`) : { [prefix + key]: part };
  });
  return Object.assign({}, ...entries) as Cells;
}

/** The columns of incidents.csv. */
export const INCIDENT_COLUMNS = [
  ...(['reference', 'url', 'title', 'confidential', 'severity', 'state', 'gate', 'exemption', 'outcome'] as const),
  ...(['created_at', 'paged_at', 'detected_at', 'acknowledged_at', 'acknowledged_by', 'owned_at', 'owner'] as const),
  ...(['first_escalated_at', 'mitigated_at', 'resolved_at', 'first_closed_at', 'closed_at'] as const),
  ...(['minutes_to_acknowledge', 'minutes_to_own', 'minutes_to_mitigate', 'minutes_to_resolve'] as const),
  ...(['escalations', 'reopened_by_gate', 'reopened_by_people', 'missing'] as const),
] as const;

/** incidents.csv: a row for each incident that the numbers of a period are made of, by project and number. */
export function renderIncidentsCsv(history: History, period: Period, config: Config, now: Date): string {
  const bots = botsOf(history, config);
  const rows = livesIn(history.incidents, period, now, bots).map((life) => rowOf(life, history, bots));
  return renderCsv(INCIDENT_COLUMNS, rows);
}

function rowOf(life: Life, history: History, bots: readonly number[]): Record<(typeof INCIDENT_COLUMNS)[number], Cell> {
  const clocks = clocksOf(life, bots);
  const byGate = life.reopens.filter((act) => act.by_gate).length;
  return {
    ...{
      reference: life.reference,
      url: life.url,
      title: titleOf(life),
      confidential: life.confidential ? 'yes' : 'no',
    },
    ...{ severity: life.severity ?? null, state: life.state, gate: life.gate ?? null },
    ...{
      exemption: life.exemption ?? null,
      outcome: life.outcome ?? null,
      created_at: life.created_at,
      paged_at: life.paged_at,
    },
    ...{ detected_at: life.detected_at ?? null, acknowledged_at: life.acknowledged?.at ?? null },
    ...{
      acknowledged_by: whoIs(life.acknowledged?.by, history),
      owned_at: life.owned?.at ?? null,
      owner: whoIs(life.owner, history),
    },
    ...{ first_escalated_at: life.escalations[0]?.at ?? null, mitigated_at: life.mitigated_at ?? null },
    ...{ resolved_at: life.resolved_at ?? null, first_closed_at: firstCloseOf(life, bots)?.at ?? null },
    ...{ closed_at: life.closed_at ?? null, minutes_to_acknowledge: minutes(clocks, 'acknowledge') },
    ...{ minutes_to_own: minutes(clocks, 'own'), minutes_to_mitigate: minutes(clocks, 'mitigate') },
    ...{ minutes_to_resolve: minutes(clocks, 'resolve'), escalations: life.escalations.length },
    ...{ reopened_by_gate: byGate, reopened_by_people: life.reopens.length - byGate, missing: life.missing.join('; ') },
  };
}

/** People's text on one line and cut; that of what is confidential stays where it is. */
function titleOf({ confidential, title }: Life): Cell {
  return confidential || title === undefined ? null : inert(title).replaceAll('`', '');
}

function minutes(clocks: LifeClocks, name: keyof LifeClocks): Cell {
  const value = clocks[name];
  return value === undefined ? null : round(value, 2);
}
