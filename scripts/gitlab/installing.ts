import type { Resources } from './installation.ts';
import { describeHook, HOOK_EVENTS } from './hook-events.ts';
import { orUndefined, unlessThere } from './forgive.ts';
import { LEVELS } from './levels.ts';
import { demandShape } from './map.ts';
import type { InstallationCommands, WantedHook, WantedLabel } from './installation-port.ts';

/** What setup tells GitLab. Source: GitLab docs, the pages of the API by the same names. */
export function createCommands(resources: Resources): Omit<InstallationCommands, 'addPackage'> {
  return {
    ...tellPlaces(resources),
    ...tellSchedules(resources),
    ...tellTriggers(resources),
    ...tellProject(resources),
    ...tellBoards(resources),
    ...tellCode(resources),
  };
}

function tellPlaces({
  labelsOf,
  hooksOf,
}: Resources): Pick<InstallationCommands, 'addLabel' | 'changeLabel' | 'addHook' | 'changeHook' | 'removeHook'> {
  const edit = ({ color, description }: WantedLabel): { color: string; description: string } => ({
    color,
    description,
  });
  return {
    addLabel: async (place, label) => {
      await unlessThere(() => labelsOf(place).create(place.id, label.name, label.color, edit(label)));
    },
    changeLabel: async (place, id, label) => {
      await labelsOf(place).edit(place.id, id, edit(label));
    },
    addHook: async (place, hook, { id, token }) => {
      const masked = { description: describeHook(id), url_variables: [{ key: 'trigger_token', value: token }] };
      await hooksOf(place).add(place.id, hook.url, { ...optionsOf(hook), ...masked } as object);
    },
    // Another value, or another address with the same one, empties what masks it, and is refused. Source: app/models/hooks/web_hook.rb.
    changeHook: async (place, id, hook) => {
      await hooksOf(place).edit(place.id, id, hook.url, optionsOf(hook));
    },
    removeHook: async (place, id) => {
      await orUndefined(() => hooksOf(place).remove(place.id, id));
    },
  };
}

/** Events that are not wanted are told to be off: GitLab switches pushes on by itself. */
function optionsOf({ name, events, template }: WantedHook): object {
  const switches = HOOK_EVENTS.map((event) => [`${event}_events`, events.includes(event)] as const);
  return { ...Object.fromEntries(switches), name, custom_webhook_template: template };
}

function tellSchedules({
  schedules,
}: Resources): Pick<InstallationCommands, 'addSchedule' | 'changeSchedule' | 'takeSchedule' | 'removeSchedule'> {
  const inputsOf = (inputs: Record<string, string>, before: readonly string[] = []): object[] => [
    ...Object.entries(inputs).map(([name, value]) => ({ name, value })),
    ...before.filter((name) => !Object.hasOwn(inputs, name)).map((name) => ({ name, destroy: true })),
  ];
  return {
    addSchedule: async (projectId, { description, ref, cron, inputs }) => {
      const options = { cronTimezone: 'UTC', active: true, inputs: inputsOf(inputs) };
      await schedules.create(projectId, description, ref, cron, options);
    },
    changeSchedule: async (projectId, id, { inputs, zone = 'UTC', ...schedule }, before) => {
      const options = { ...schedule, cronTimezone: zone, active: true, inputs: inputsOf(inputs, before) };
      await schedules.edit(projectId, id, options);
    },
    takeSchedule: async (projectId, id) => {
      await schedules.takeOwnership(projectId, id);
    },
    removeSchedule: async (projectId, id) => {
      await orUndefined(() => schedules.remove(projectId, id));
    },
  };
}

function tellTriggers({ triggers }: Resources): Pick<InstallationCommands, 'addTrigger' | 'removeTrigger'> {
  return {
    addTrigger: async (projectId, description) => {
      const made = (await triggers.create(projectId, description)) as { id: number; token: string } | null;
      demandShape(typeof made?.token === 'string' && Number.isInteger(made.id), 'a trigger token');
      return { id: made.id, token: made.token };
    },
    removeTrigger: async (projectId, id) => {
      await orUndefined(() => triggers.remove(projectId, id));
    },
  };
}

function tellProject({
  variables,
  projects,
  branches,
}: Resources): Pick<InstallationCommands, 'setVariable' | 'changeProject' | 'protect'> {
  return {
    setVariable: async (projectId, key, value, isNew) => {
      const options = { masked: true, protected: true, raw: true };
      if (isNew) await variables.create(projectId, key, value, options);
      else await variables.edit(projectId, key, value, { ...options, filter: { environment_scope: '*' } });
    },
    changeProject: async (projectId, { variablesRole, isPublicCi }) => {
      await projects.edit(projectId, {
        ...(variablesRole === undefined ? {} : { ciPipelineVariablesMinimumOverrideRole: variablesRole }),
        ...(isPublicCi === undefined ? {} : { publicJobs: isPublicCi }),
      } as object);
    },
    protect: async (projectId, branch) => {
      const levels = { pushAccessLevel: LEVELS.maintainer, mergeAccessLevel: LEVELS.maintainer } as const;
      await unlessThere(() => branches.create(projectId, branch, levels));
    },
  };
}

function tellBoards({ boards }: Resources): Pick<InstallationCommands, 'addBoard' | 'addList'> {
  return {
    addBoard: async (projectId, name) => {
      const made = (await boards.create(projectId, name)) as { id: number } | null;
      demandShape(Number.isInteger(made?.id), 'a board');
      return made?.id ?? 0;
    },
    addList: async (projectId, boardId, labelId) => {
      await boards.createList(projectId, boardId, { labelId });
    },
  };
}

function tellCode({
  repository,
  commits,
  mergeRequests,
}: Resources): Pick<InstallationCommands, 'commit' | 'addMergeRequest' | 'removeBranch'> {
  return {
    commit: async (projectId, files, { branch, startBranch, message }) => {
      const actions = files.map(({ path, text, isNew }) => ({
        ...{ action: isNew ? ('create' as const) : ('update' as const) },
        ...{ filePath: path, content: text },
      }));
      await commits.create(projectId, branch, message, actions, startBranch === undefined ? {} : { startBranch });
    },
    removeBranch: async (projectId, branch) => {
      await orUndefined(() => repository.remove(projectId, branch));
    },
    addMergeRequest: async (projectId, from, to, title) => {
      await mergeRequests.create(projectId, from, to, title, { removeSourceBranch: true });
    },
  };
}
