import { engineerAt, managerAt, type OnDuty, type RosterConfig } from '../decide/roster.ts';
import { dayOf } from '../read/time.ts';
import type { History, Metrics, Numbers } from '../schema/types.gen.ts';
import { renderCalendar } from './calendar.ts';
import { CHART_SIZE, drawChart, type Palette } from './chart.ts';
import { attentionCounts, attentionRows, closedRows, openRows } from './dashboard-incidents.ts';
import { overdueAnalyses, overdueFollowUps } from './dashboard-overdue.ts';
import { trendsOf, type Trend } from './dashboard-trends.ts';
import { render } from './engine.ts';
import { renderRoster } from './roster.ts';
import { showMinutes, showTime } from './times.ts';

/** What the dashboard is made of; `now` is when it is made. */
export type DashboardData = { history: History; metrics: Metrics; config: RosterConfig; now: Date };

const DAY_MS = 86_400_000;
const ROSTER_DAYS = 14;
const CLOSED_DAYS = 28;
/** Rows of a table; what is beyond them is counted. */
const MOST_ROWS = 200;

/** The colours of charts; the page's own are in its style sheet. */
const PALETTES: Record<'light' | 'dark', Palette> = {
  light: { text: '#4d4b55', line: '#dddce3', series: ['#0b5cad', '#b3480d'] },
  dark: { text: '#c6c4cd', line: '#3d3b45', series: ['#8ebef2', '#f0a35e'] },
};

/**
 * The files of the dashboard by their names, a folder for GitLab Pages: a page without scripts that asks nobody but its own
 * folder, its style sheet and sign, the charts, and the roster as a calendar where there is one. The same input gives the same bytes.
 */
export async function renderDashboard(data: DashboardData): Promise<Record<string, string>> {
  const { config, metrics, now } = data;
  const trends = trendsOf(metrics, config.time_zone);
  const duty = dutyView(config, now);
  const page = {
    ...pageView(data),
    ...duty,
    trends: trends.map(trendView),
    numbers: numbersView(metrics, config.time_zone),
  };
  const calendar = renderCalendar(config, now, inDays(now, ROSTER_DAYS), now);
  return {
    'index.html': render('pages/dashboard', page),
    'style.css': render('pages/style', {}),
    'icon.svg': render('pages/icon', {}),
    ...(duty.rosters.length > 0 ? { 'roster.ics': calendar } : {}),
    ...(await drawTrends(trends)),
  };
}

async function drawTrends(trends: readonly Trend[]): Promise<Record<string, string>> {
  const files: [string, string][] = [];
  for (const { name, chart, hasNumbers } of trends) {
    if (!hasNumbers) continue;
    files.push([`${name}.svg`, await drawChart(chart, PALETTES.light)]);
    files.push([`${name}-dark.svg`, await drawChart(chart, PALETTES.dark)]);
  }
  return Object.fromEntries(files);
}

/** Each table with what of it is shown, and how many rows more there are. */
function pageView({ history, config, now }: DashboardData): object {
  const today = dayOf(now, config.time_zone);
  const [followUps, analyses] = [overdueFollowUps(history, today), overdueAnalyses(history, today)];
  const overdue = [...followUps, ...analyses].sort((a, b) => b.days - a.days);
  const [attention, open] = [attentionRows(history, now), openRows(history, now)];
  return {
    made: momentView(now.toISOString(), config.time_zone),
    taken: momentView(history.taken_at, config.time_zone),
    hasIncidents: history.incidents.length > 0,
    attention: tableOf(attention),
    counts: attentionCounts(history),
    overdue: { ...tableOf(overdue), followUps: followUps.length, analyses: analyses.length },
    open: tableOf(open),
    closed: { ...tableOf(closedRows(history, inDays(now, -CLOSED_DAYS), now)), weeks: CLOSED_DAYS / 7 },
    isCalm: attention.length === 0 && overdue.length === 0,
  };
}

function tableOf<T>(rows: readonly T[]): { count: number; rows: readonly T[]; more: number } {
  return { count: rows.length, rows: rows.slice(0, MOST_ROWS), more: Math.max(0, rows.length - MOST_ROWS) };
}

function dutyView(config: RosterConfig, now: Date): { onDuty: object[]; rosters: { title: string }[]; days: number } {
  const tell = (duty: string, who: OnDuty | undefined): object[] =>
    who ? [{ duty, user: who.user, gap: who.why === 'gap', overlap: who.why === 'overlap' }] : [];
  const rosters = renderRoster(config, now, inDays(now, ROSTER_DAYS)).map(({ title, rows: [head = [], ...rows] }) => ({
    ...{ title, head, rows },
  }));
  return {
    onDuty: [...tell('engineer', engineerAt(config, now)), ...tell('manager', managerAt(config, now))],
    rosters,
    days: ROSTER_DAYS,
  };
}

function trendView({ chart, rows, head, ...trend }: Trend): object {
  const last = rows.at(-1);
  const latest = chart.series.map(({ name }, index) => ({ name, value: last?.cells[index] ?? '' }));
  return { ...trend, ...CHART_SIZE, head, rows, latest, week: last?.week ?? '' };
}

/** The numbers of the whole period, and what they stand on; null before the first week. */
function numbersView({ whole, weeks }: Metrics, timeZone: string): object | null {
  if (weeks.length === 0) return null;
  const { incidents, gate, reviews, follow_ups: followUps, pages, escalation } = whole;
  return {
    ...{ from: dayOf(new Date(whole.from), timeZone), last: dayOf(new Date(Date.parse(whole.to) - 1), timeZone) },
    ...{ opened: incidents.opened, closed: incidents.closed },
    acknowledge: spreadView(whole.time_to_acknowledge),
    resolve: spreadView(whole.time_to_resolve),
    escalation: shareView(escalation.rate, escalation.escalated, escalation.paged),
    reopened: shareView(gate.reopen_rate, gate.reopened, gate.closed),
    reviews: shareView(reviews.rate, reviews.seen, reviews.seen + reviews.missed),
    followUps: shareView(followUps.rate, followUps.on_time, followUps.due),
    pages: { count: pages.count, outOfHours: pages.out_of_hours },
    missing: missingView(gate.missing),
  };
}

function spreadView({ count, median_minutes: median, p90_minutes: p90 }: Numbers['time_to_resolve']): object | null {
  return median === null || p90 === null ? null : { count, median: showMinutes(median), p90: showMinutes(p90) };
}

function shareView(rate: number | null, part: number, all: number): object | null {
  return rate === null ? null : { percent: Math.round(rate * 100), part, all };
}

function missingView(missing: readonly { code: string; count: number }[]): object[] {
  const most = Math.max(1, ...missing.map(({ count }) => count));
  return missing.slice(0, 10).map(({ code, count }) => ({ code, count, share: Math.round((count / most) * 100) }));
}

function momentView(at: string, timeZone: string): object {
  const local = timeZone === 'UTC' ? null : `${showTime(at, timeZone)} ${timeZone}`;
  return { at, utc: `${showTime(at, 'UTC')} UTC`, local };
}

function inDays(from: Date, days: number): Date {
  return new Date(from.getTime() + days * DAY_MS);
}
