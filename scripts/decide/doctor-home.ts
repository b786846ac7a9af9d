import type { Account, ScheduleState } from '../gitlab/installation-port.ts';
import { LEVELS } from '../gitlab/levels.ts';
import type { HomeStanding, Standing } from '../read/standing.ts';
import type { Judged } from './doctor.ts';
import { isOnDuty } from './duty.ts';
import type { Finding } from './findings.ts';
import { isBefore, PAYLOAD_IS_NO_VARIABLE } from './gitlab-versions.ts';
import { findSchedule } from './setup-schedules.ts';
import { OUR_NAME, wantedSchedules } from './setup-wanted.ts';

const CI_FILE = '.gitlab-ci.yml';
/** The inputs by which a timer is started; a CI file without them refuses it. */
const TIMER_INPUTS = ['task', 'project', 'iid', 'start_in'];

/** The project that Watchkeeper runs in: what starts its pipelines, as whom, and what they find there. */
export function homeFindings(standing: Standing, judged: Judged): Finding[] {
  const { home, version } = standing;
  const where = home.project.path;
  const isRestricted = home.project.variablesRole === 'no_one_allowed';
  const isBlocked = isRestricted && version !== undefined && isBefore(version.version, PAYLOAD_IS_NO_VARIABLE);
  return [
    ...(isBlocked ? [{ code: 'TRIGGER_BLOCKED' as const, where, about: { version: version.version } }] : []),
    ...ownerFindings(home, judged),
    ...timerFindings(home, judged),
    ...fileFindings(home, judged),
    ...secretFindings(home, judged),
    ...(home.mergeRequest === undefined
      ? []
      : [{ code: 'WAITS_IN_MERGE_REQUEST' as const, where, about: { url: home.mergeRequest } }]),
  ];
}

/** Pipelines run as the owner of what starts them, and stop when that account goes. Source: platform sheet, trap 8. */
function ownerFindings({ project, ref, triggers = [], schedules = [] }: HomeStanding, { config }: Judged): Finding[] {
  const where = project.path;
  const ours = wantedSchedules(config, ref).flatMap((wish) => findSchedule(schedules, wish) ?? []);
  const ownTriggers = triggers.filter(({ description }) => description === OUR_NAME);
  const used = ownTriggers.length > 0 ? ownTriggers : triggers;
  const gone = (owner: Account | undefined): boolean => owner?.isActive !== true;
  const owners = [...used, ...ours].flatMap(({ owner }) => (owner?.isActive && !owner.isBot ? owner.username : []));
  const people = [...new Set(owners)].filter((name) => `@${name}` !== config.bot.username);
  return [
    ...used
      .filter(({ owner }) => gone(owner))
      .map(({ description }): Finding => ({
        ...{ code: 'TRIGGER_OWNER', where },
        about: { what: description },
      })),
    ...ours
      .filter(({ owner }: ScheduleState) => gone(owner))
      .map(({ description }): Finding => ({
        ...{ code: 'SCHEDULE_OWNER', where },
        about: { what: description },
      })),
    ...people.map((user): Finding => ({ code: 'OWNER_IS_PERSON', where, about: { user } })),
  ];
}

/**
 * Whether a job could start a timer: the bot may run pipelines on the branch, and the CI file takes the inputs. Inputs are no
 * variables, so that "No one allowed" does not stop it. Source: platform sheet, sections 1.3 and 1.4; docs/on-call.md, the timer.
 */
function timerFindings({ project, ref, botLevel, protection, files }: HomeStanding, { config }: Judged): Finding[] {
  if (!isOnDuty(config)) return [];
  const needed = protection ? Math.min(protection.pushLevel, protection.mergeLevel) : LEVELS.developer;
  const ciFile = files.get(CI_FILE);
  const missing = TIMER_INPUTS.filter((input) => ciFile !== undefined && !declares(ciFile, input));
  const why = [
    ...(botLevel < LEVELS.developer ? ['the bot is no Developer there'] : []),
    ...(botLevel >= LEVELS.developer && botLevel < needed
      ? [
          `${ref} is protected, and only ${needed >= LEVELS.maintainer ? 'Maintainers' : 'Developers'} may push or merge to it`,
        ]
      : []),
    ...(missing.length > 0 ? [`${CI_FILE} declares no input ${missing.join(', ')}`] : []),
  ];
  return why.map((reason): Finding => ({ code: 'TIMER_CANNOT_START', where: project.path, about: { why: reason } }));
}

/** Inputs stand in the header of a CI file, before its first `---`. */
function declares(ciFile: string, input: string): boolean {
  const [header = ''] = ciFile.split(/^---/m);
  return header !== ciFile && header.split('\n').some((line) => line.trim() === `${input}:`);
}

function fileFindings({ project, files }: HomeStanding, { configFiles }: Judged): Finding[] {
  const where = project.path;
  const different = configFiles.filter(({ path, text }) => {
    const committed = files.get(path);
    return committed !== undefined && committed.trim() !== text.trim();
  });
  const ciFile = files.get(CI_FILE);
  const hasJobs = ciFile === undefined || /\bwatch(?:keeper)?(?:\.yml|@)/.test(ciFile);
  return [
    ...(hasJobs ? [] : [{ code: 'JOBS_MISSING' as const, where, about: {} }]),
    ...different.map(({ path }): Finding => ({ code: 'CONFIG_DIFFERS', where, about: { path } })),
  ];
}

/** Secrets that are hidden cannot be compared. */
function secretFindings({ project, variables = [] }: HomeStanding, { secrets }: Judged): Finding[] {
  const hidden = variables.filter(({ key, value }) => value === undefined && secrets.includes(key));
  return hidden.map(({ key }): Finding => ({ code: 'VARIABLE_HIDDEN', where: project.path, about: { key } }));
}
