import type { ScheduleState, WantedSchedule } from '../gitlab/installation-port.ts';
import type { HomeStanding } from '../read/standing.ts';
import { add, changesBetween, remove, type Step } from './setup-deeds.ts';
import { runnerOf } from './setup-home.ts';
import { OUR_NAME } from './setup-wanted.ts';

/** The schedules that are wanted; one of ours that no longer is, goes. What people made is taken for one of ours by its inputs. */
export function planSchedules(home: HomeStanding, wanted: readonly WantedSchedule[]): Step[] {
  const { project, schedules } = home;
  if (!schedules) return [];
  const kept = wanted.flatMap((wish) => planSchedule(home, schedules, wish));
  const used = wanted.flatMap((wish) => findSchedule(schedules, wish)?.id ?? []);
  const gone = schedules.filter((each) => isOurs(each) && each.ref === home.ref && !used.includes(each.id));
  return [
    ...kept,
    ...gone.map(({ id, description }) =>
      remove(`schedule "${description}"`, project.path, { do: 'remove schedule', projectId: project.id, id }),
    ),
  ];
}

function planSchedule(home: HomeStanding, schedules: readonly ScheduleState[], wish: WantedSchedule): Step[] {
  const [{ id: projectId, path: where }, by] = [home.project, runnerOf(home)];
  const found = findSchedule(schedules, wish);
  if (!found) {
    const deed = { do: 'add schedule', projectId, schedule: wish, by } as const;
    return [add(`schedule "${wish.description}" (${wish.cron})`, where, deed)];
  }
  const { description, cron, zone } = found;
  const schedule = isOurs(found) ? { ...wish, zone: 'UTC' } : { ...wish, description, cron, zone };
  const isRunning = found.isActive && found.owner?.isActive === true;
  const changes = changesBetween(shown(found, isRunning), shown(schedule, true));
  if (changes.length === 0) return [];
  const inputsBefore = Object.keys(found.inputs);
  const deed = { do: 'change schedule', projectId, id: found.id, schedule, inputsBefore, by } as const;
  return [{ verb: 'change', what: `schedule "${found.description}"`, where, changes, deeds: [deed] }];
}

/**
 * The schedule that does what is wanted: ours by its name and branch, else one of people's on that branch with the same inputs;
 * without inputs any could be meant, and it must say that it sweeps.
 */
export function findSchedule(schedules: readonly ScheduleState[], wish: WantedSchedule): ScheduleState | undefined {
  const there = schedules.filter(({ ref }) => ref === wish.ref);
  const byName = there.find(({ description }) => description === wish.description);
  const isMeant = ({ description, inputs }: ScheduleState): boolean =>
    inputsAsText(inputs) === inputsAsText(wish.inputs) &&
    (inputsAsText(inputs) !== '' || /sweep|watchkeeper/i.test(description));
  return byName ?? there.find((each) => !isOurs(each) && isMeant(each));
}

function isOurs({ description }: ScheduleState): boolean {
  return description.startsWith(`${OUR_NAME}: `);
}

function shown(
  { cron, zone, inputs }: Pick<ScheduleState, 'cron' | 'zone' | 'inputs'>,
  isActive: boolean,
): Record<string, string> {
  return { cron, 'time zone': zone, inputs: inputsAsText(inputs), active: String(isActive) };
}

/** What is empty or `none` is as if it were not given. */
function inputsAsText(inputs: Readonly<Record<string, string>>): string {
  const given = Object.entries(inputs).filter(([, value]) => value !== '' && value !== 'none');
  return given
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(' ');
}
