import {
  coverOf,
  engineerAt,
  fallbackOf,
  managerAt,
  type DutyName,
  type OnDuty,
  type RosterConfig,
} from '../decide/roster.ts';
import { showDayAndTime, showTime } from './times.ts';

const DUTIES = ['engineers', 'managers'] as const;
const WHY = { gap: 'nobody is on call', overlap: 'several are on call' } as const;

/** Who has each duty in [from, to): a table per duty that has a roster, the first row its head, in order of time. */
export function renderRoster(config: RosterConfig, from: Date, to: Date): { title: string; rows: string[][] }[] {
  return DUTIES.flatMap((duty) => {
    const fallback = fallbackOf(config, duty);
    return fallback === undefined
      ? []
      : [{ title: duty, rows: [headOf(config), ...rowsOf(config, duty, fallback, from, to)] }];
  });
}

function headOf({ time_zone: zone }: RosterConfig): string[] {
  return ['from (UTC)', 'to (UTC)', ...(zone === 'UTC' ? [] : [`from (${zone})`, `to (${zone})`]), 'on call'];
}

function rowsOf(config: RosterConfig, duty: DutyName, fallback: string, from: Date, to: Date): string[][] {
  const { stretches, gaps, overlaps } = coverOf(config, duty, from, to);
  const parts = [
    ...stretches,
    ...gaps.map((gap) => ({ start: gap.from, end: gap.to, user: `nobody: ${fallback} stands in` })),
    ...overlaps.map(({ users, ...time }) => ({
      start: time.from,
      end: time.to,
      user: `${users.join(' and ')}: ${fallback} stands in`,
    })),
  ];
  const zones = config.time_zone === 'UTC' ? ['UTC'] : ['UTC', config.time_zone];
  return parts
    .sort((a, b) => Date.parse(a.start) - Date.parse(b.start))
    .map(({ start, end, user }) => [
      ...zones.flatMap((zone) => [showDayAndTime(start, zone), showDayAndTime(end, zone)]),
      user,
    ]);
}

/** Who is on call at an instant, a line per duty that has a roster. */
export function renderOnDuty(config: RosterConfig, at: Date): string {
  const { time_zone: zone } = config;
  const moment = at.toISOString();
  const local = zone === 'UTC' ? '' : ` (${showTime(moment, zone)} ${zone})`;
  const who = { engineer: engineerAt(config, at), manager: managerAt(config, at) };
  const lines = Object.entries(who).flatMap(([name, onDuty]) =>
    onDuty ? [`${`${name}:`.padEnd(10)}${tell(onDuty)}`] : [],
  );
  return [`${showTime(moment, 'UTC')} UTC${local}`, ...lines].join('\n');
}

function tell({ user, why }: OnDuty): string {
  return why === undefined ? user : `${user}, who stands in, since ${WHY[why]}`;
}
