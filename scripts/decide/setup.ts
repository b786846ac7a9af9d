import type { FileText } from '../gitlab/installation-port.ts';
import { mayPush } from '../gitlab/levels.ts';
import type { Standing } from '../read/standing.ts';
import type { Config } from '../schema/types.gen.ts';
import { isOnDuty } from './duty.ts';
import { isBefore, PAYLOAD_IS_NO_VARIABLE } from './gitlab-versions.ts';
import type { Step } from './setup-deeds.ts';
import { ourTrigger, planFiles, planProgram, planSettings, planTrigger, planVariables } from './setup-home.ts';
import { wantedLabels } from './setup-labels.ts';
import { needsToken, planBoard, planHook, planLabels, planTemplates, usesToken } from './setup-places.ts';
import { planSchedules } from './setup-schedules.ts';
import { wantedHook, wantedSchedules } from './setup-wanted.ts';

/** What an installation is to be, beside what its configuration says. */
export type Wishes = {
  config: Config;
  /** Variables of the jobs; their values go nowhere but into the comparison. */
  secrets: readonly { key: string; value: string }[];
  /** Files of the project that Watchkeeper runs in that are not as they must be. */
  homeFiles: readonly FileText[];
  /** The version of the program that its package registry is to have. */
  program?: string;
  /** The configuration here, where it has to be written again. */
  here?: FileText;
  templates: readonly FileText[];
};

/** All that is to be done to an installation, in the order in which it can be done; nothing where nothing differs. */
export function planSetup(standing: Standing, wishes: Wishes): Step[] {
  const { config, secrets, here } = wishes;
  const { home, places, address, version } = standing;
  const { ref } = home;
  const labels = wantedLabels(config);
  const hook = wantedHook(address, home.project.id, ref);
  const before = { address, home: home.project, ref, triggerId: ourTrigger(home)?.id };
  const trigger = planTrigger(home, {
    isUsed: usesToken(places, hook, before),
    isNeeded: needsToken(places, hook, before),
  });
  const target = { ...before, triggerId: trigger.id };
  const canRestrict = version !== undefined && !isBefore(version.version, PAYLOAD_IS_NO_VARIABLE);
  return [
    ...(here ? [writeHere(here)] : []),
    ...planVariables(home, secrets),
    ...planProgram(home, wishes.program),
    ...planHomeFiles(standing, wishes),
    ...planSettings(home, ref, { canRestrict }),
    ...trigger.steps,
    ...places.flatMap((place) => planLabels(place, labels)),
    ...places.flatMap((place) => planHook(place, hook, target)),
    ...places.flatMap((place) => planTemplates(place, wishes.templates)),
    ...places.flatMap((place) => planBoard(place, isOnDuty(config))),
    ...planSchedules(home, wantedSchedules(config, ref)),
  ];
}

function planHomeFiles({ home }: Standing, { homeFiles }: Wishes): Step[] {
  const { project, ownLevel, protection, files, ref, hasBranch, mergeRequest } = home;
  const open = mergeRequest === undefined ? {} : { mergeRequest };
  const committed = {
    projectId: project.id,
    where: project.path,
    branch: ref,
    mayPush: mayPush(ownLevel, protection),
    hasBranch,
    ...open,
  };
  return planFiles(committed, files, homeFiles, 'Set up Watchkeeper');
}

function writeHere(file: FileText): Step {
  const changes = [{ name: 'gate.since', from: '', to: 'now' }];
  return { verb: 'change', what: file.path, where: 'here', changes, deeds: [{ do: 'write here', ...file }] };
}
