import { readConfig } from '../../scripts/read/config.ts';
import type { DashboardData } from '../../scripts/render/dashboard.ts';
import type { AnalysisOnRecord, FollowUpOnRecord, History, Life, Metrics, Numbers, Spread } from '../../scripts/schema/types.gen.ts';
import { config, NOW } from './snapshot.ts';

const HOST = 'https://gitlab.example.com';
const WEEK_MS = 7 * 86_400_000;
/** The Monday of the week that NOW is in. */
const MONDAY_MS = Date.parse('2026-11-16T00:00:00Z');

/** The people of a history, by what they are called: ana is 1. */
export const PEOPLE = ['ana', 'ben', 'lea', 'eve', 'fay'].map((username, index) => ({ id: index + 1, username }));

/** So long before NOW. */
export function ago(hours: number): string {
  return new Date(NOW.getTime() - hours * 3_600_000).toISOString();
}

function issueOf(iid: number, project = 'sirt/incidents'): { project: number; iid: number; reference: string; url: string } {
  return { project: 42, iid, reference: `${project}#${iid}`, url: `${HOST}/${project}/-/issues/${iid}` };
}

/** An open incident that nobody waits for; a test says what is different. */
export function life(iid: number, more: Partial<Life> = {}): Life {
  const at = more.paged_at ?? ago(5);
  return {
    ...{ ...issueOf(iid), title: `Incident ${iid}`, confidential: false, state: 'opened', created_at: at, updated_at: ago(1), paged_at: at },
    ...{ labels: [], escalations: [], closes: [], reopens: [], missing: [], handoffs: [], follow_ups: [] },
    ...more,
  };
}

/** An open follow-up with time left. */
export function followUp(iid: number, more: Partial<FollowUpOnRecord> = {}): FollowUpOnRecord {
  return {
    ...{ ...issueOf(iid, 'sirt/follow-ups'), title: `Follow-up ${iid}`, confidential: false, state: 'opened', severity: 2, due_on: '2026-12-01' },
    ...{ created_at: ago(900), updated_at: ago(900), labelled_at: ago(900) },
    ...more,
  };
}

/** An open analysis with time left. */
export function analysis(iid: number, more: Partial<AnalysisOnRecord> = {}): AnalysisOnRecord {
  return { ...issueOf(iid, 'sirt/analyses'), state: 'opened', created_at: ago(200), updated_at: ago(200), due_on: '2026-12-01', ...more };
}

export function history(more: Partial<History> = {}): History {
  return { version: 1, of: 'x', taken_at: '2026-11-20T09:58:00Z', bot: 9, people: PEOPLE, incidents: [], shifts: [], follow_ups: [], analyses: [], ...more };
}

const NOTHING: Spread = { count: 0, median_minutes: null, p90_minutes: null };
const share = { due: 0, on_time: 0, rate: null, open: 0, overdue: 0 };

/** The numbers of a period in which nothing happened; a test says what did. */
function numbers(from: string, to: string, more: Partial<Numbers> = {}): Numbers {
  return {
    ...{ from, to, incidents: { opened: 0, closed: 0, open: 0, by_severity: [] }, escalation: { paged: 0, escalated: 0, rate: null } },
    ...{ time_to_acknowledge: NOTHING, time_to_own: NOTHING, time_to_mitigate: NOTHING, time_to_resolve: NOTHING },
    gate: { closed: 0, reopened: 0, reopen_rate: null, verified: 0, exempt: 0, overridden: 0, disputed: 0, missing: [] },
    reviews: { windows: 0, seen: 0, missed: 0, rate: null },
    handoffs: { changes: 0, accepted: 0, on_time: 0, acceptance_rate: null, incidents: 0, complete: 0, completeness_rate: null },
    ...{ follow_ups: share, analyses: share, pages: { count: 0, out_of_hours: 0, shifts: 0, per_shift: null, per_person: [] } },
    ...more,
  };
}

/** The numbers of so many weeks, the last of them NOW's, of each of which `happened` says what did; 0 is the first. */
export function metrics(weeks: number, happened: (week: number) => Partial<Numbers> = () => ({}), whole: Partial<Numbers> = {}): Metrics {
  const beginOf = (week: number): string => new Date(MONDAY_MS - (weeks - 1 - week) * WEEK_MS).toISOString();
  return {
    ...{ version: 1, made_at: NOW.toISOString(), whole: numbers(beginOf(0), beginOf(weeks), whole) },
    weeks: Array.from({ length: weeks }, (_, week) => numbers(beginOf(week), beginOf(week + 1), happened(week))),
  };
}

/** A new installation: no incident, no roster, no week; a test says what is different. */
export function dashboard(more: Partial<DashboardData> = {}): DashboardData {
  return { history: history(), metrics: metrics(0), config: config(), now: NOW, ...more };
}

const CODES = ['IMPROVEMENT_NOTES_MISSING', 'TIMELINE_MISSING', 'OWNER_MISSING', 'RCA_MISSING', 'IMPACT_MISSING', 'STAKEHOLDERS_MISSING'];
const TITLES = [
  'Token of a deploy bot in a public snippet',
  'Sign-ins from an unusual country',
  'Phishing wave with a look-alike domain',
  'Runner reached a blocked address',
  'Leaked customer export',
];

/** Any incident of a quarter: by its number it is open or closed, in good order or not, confidential or not. */
function anyLife(index: number): Life {
  const [state, iid] = [index % 12 === 0 ? 'opened' : 'closed', 300 - index] as const;
  const confidential = index % 7 === 3;
  const page = { paged_at: ago(index * 6.5 + 0.2), severity: ([3, 2, 3, 1, 4] as const)[index % 5]!, owner: (index % 5) + 1 };
  const missing = index % 4 === 0 ? CODES.slice(index % 5, (index % 5) + 2) : [];
  const named = { ...page, missing, confidential, ...(confidential ? {} : { title: `${TITLES[index % 5]!} (${iid})` }) };
  if (state === 'closed') {
    const end = { closed_at: ago(index * 6.4), outcome: (['resolved', 'false positive', 'resolved', 'duplicate'] as const)[index % 4]! };
    return life(iid, { ...named, ...end, state, gate: index % 29 === 5 ? 'disputed' : index % 4 === 3 ? 'exempt' : 'verified', ...(index % 4 === 3 ? { exemption: 'DUPLICATE' } : {}) });
  }
  const labels = [['ack::escalated'], ['ack::done', 'review::due'], [], ['ack::pending'], ['ack::done', 'update::due', 'review::due'], []][(index / 12) % 6]!;
  const isTaken = labels.includes('ack::done');
  return life(iid, { ...named, state, labels, gate: missing.length > 0 && labels.length === 0 ? 'blocked' : 'open', ...(isTaken ? { acknowledged: { at: ago(index * 6.5), by: 1 } } : {}) });
}

function anyWeek(week: number): Partial<Numbers> {
  const wave = (base: number, swing: number): number => Math.round(base + swing * Math.sin(week * 1.3));
  const opened = wave(25, 7);
  const [closed, reopened, due] = [wave(24, 6), wave(7 - week * 0.4, 2), wave(6, 3)];
  return {
    incidents: { opened, closed, open: wave(22, 4), by_severity: [] },
    time_to_acknowledge: { count: opened, median_minutes: wave(7, 3), p90_minutes: wave(24, 11) },
    time_to_resolve: { count: closed, median_minutes: wave(400, 160), p90_minutes: wave(2600, 900) },
    gate: { closed, reopened, reopen_rate: reopened / closed, verified: 0, exempt: 0, overridden: 0, disputed: 0, missing: [] },
    reviews: { windows: 14, seen: wave(60, 8), missed: wave(5, 4), rate: wave(60, 8) / (wave(60, 8) + wave(5, 4)) },
    follow_ups: week === 4 ? share : { due, on_time: due - (week % 3), rate: (due - (week % 3)) / due, open: 20, overdue: 5 },
    pages: { count: opened, out_of_hours: wave(9, 4), shifts: 12, per_shift: opened / 12, per_person: [] },
  };
}

/** A quarter of a busy team: 300 incidents, follow-ups, analyses, a roster by the guide, twelve weeks of numbers. */
export async function quarter(): Promise<DashboardData> {
  const follow_ups = Array.from({ length: 40 }, (_, index) =>
    followUp(index + 1, {
      due_on: index % 3 === 0 ? `2026-11-${String(1 + (index % 18)).padStart(2, '0')}` : '2026-12-04',
      kind: 'tooling',
      assignees: index % 2 === 0 ? [(index % 5) + 1] : [],
      incident: { project: 42, iid: index + 20 },
    }),
  );
  const analyses = [analysis(3, { due_on: '2026-11-17', assignees: [1], incident: { project: 42, iid: 297 } }), analysis(4)];
  const whole: Partial<Numbers> = {
    incidents: { opened: 300, closed: 275, open: 25, by_severity: [] },
    ...{ time_to_acknowledge: { count: 288, median_minutes: 7, p90_minutes: 26 }, time_to_resolve: { count: 275, median_minutes: 410, p90_minutes: 2750 } },
    gate: { closed: 275, reopened: 61, reopen_rate: 61 / 275, verified: 190, exempt: 70, overridden: 3, disputed: 2, missing: CODES.map((code, index) => ({ code, count: 31 - index * 5 })) },
    ...{ escalation: { paged: 288, escalated: 21, rate: 21 / 288 }, reviews: { windows: 168, seen: 700, missed: 41, rate: 700 / 741 } },
    ...{ follow_ups: { due: 72, on_time: 61, rate: 61 / 72, open: 26, overdue: 14 }, pages: { count: 300, out_of_hours: 104, shifts: 144, per_shift: 2.1, per_person: [] } },
  };
  const incidents = Array.from({ length: 300 }, (_, index) => anyLife(index));
  return dashboard({ history: history({ incidents, follow_ups, analyses }), metrics: metrics(12, anyWeek, whole), config: await readConfig('schemas/examples/config/rosters/guide.yml') });
}
