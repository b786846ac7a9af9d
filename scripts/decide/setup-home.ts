import type { FileText, TriggerState } from '../gitlab/installation-port.ts';
import { LEVELS } from '../gitlab/levels.ts';
import type { HomeStanding } from '../read/standing.ts';
import { add, changesBetween, remove, type Doer, type Step } from './setup-deeds.ts';
import { OUR_NAME } from './setup-wanted.ts';

const NO_ONE = 'no_one_allowed';
/** Branches of ours, for what may not be pushed. */
export const SETUP_BRANCH = 'watchkeeper-setup';

/** A project that setup commits to. */
export type Committed = {
  projectId: number;
  where: string;
  branch: string;
  mayPush: boolean;
  /** Whether there is a branch of ours from before. */
  hasBranch: boolean;
  mergeRequest?: string;
};

/** Secrets of the jobs: a variable for each that is given, masked and protected. Values are compared, never told. */
export function planVariables(
  { project, variables }: HomeStanding,
  given: readonly { key: string; value: string }[],
): Step[] {
  if (!variables) return [];
  return given.flatMap(({ key, value }): Step[] => {
    const known = variables.find((variable) => variable.key === key && variable.scope === '*');
    // What is hidden cannot be compared, and its other settings not be changed without it.
    if (known && known.value === undefined) return [];
    const asIs = { value: 'as it was', masked: String(known?.isMasked), protected: String(known?.isProtected) };
    const isSame = known?.value === value;
    const after = { value: isSame ? 'as it was' : 'as it is set here', masked: 'true', protected: 'true' };
    const changes = known ? changesBetween(asIs, after) : [];
    if (known && changes.length === 0) return [];
    const deed = { do: 'set variable', projectId: project.id, key, isNew: !known } as const;
    return [{ verb: known ? 'change' : 'add', what: `variable ${key}`, where: project.path, changes, deeds: [deed] }];
  });
}

/**
 * Who may see and steer the pipelines: the branch is protected, so that only they get its secrets; nobody sets variables of
 * theirs, who could send the token elsewhere. Source: GitLab docs, ci/variables, restrict pipeline variables; SECURITY.md.
 */
export function planSettings(home: HomeStanding, ref: string, now: { canRestrict: boolean }): Step[] {
  const { project, protection } = home;
  const [projectId, where] = [project.id, project.path];
  // Where only Owners may, only an Owner may change that.
  const isOpen = now.canRestrict && ['developer', 'maintainer'].includes(project.variablesRole ?? '');
  const change = {
    ...(isOpen ? { variablesRole: NO_ONE } : {}),
    ...(project.isPublicCi && project.visibility !== 'private' ? { isPublicCi: false } : {}),
  };
  const before = { variablesRole: project.variablesRole ?? '', isPublicCi: String(project.isPublicCi) };
  const after = Object.fromEntries(Object.entries(change).map(([name, value]) => [name, String(value)]));
  const names: Record<string, string> = { variablesRole: 'pipeline variables', isPublicCi: 'public pipelines' };
  const changes = changesBetween(before, after).map((each) => ({ ...each, name: names[each.name] ?? each.name }));
  return [
    ...(protection ? [] : [add(`protected branch ${ref}`, where, { do: 'protect', projectId, branch: ref })]),
    ...(changes.length === 0
      ? []
      : [
          {
            ...{ verb: 'change' as const, what: 'settings', where, changes },
            deeds: [{ do: 'change project' as const, projectId, change }],
          },
        ]),
  ];
}

/** The program that jobs run, in the package registry of the project. */
export function planProgram({ project, packages }: HomeStanding, version: string | undefined): Step[] {
  if (version === undefined || packages === undefined || packages.includes(version)) return [];
  const deed = { do: 'upload program', projectId: project.id, version } as const;
  return [add(`package watchkeeper ${version}`, project.path, deed)];
}

/** Files that are not as they are to be: one commit, or where whoever sets up may not push, a merge request, until it is open. */
export function planFiles(
  { projectId, where, branch, mayPush, hasBranch, mergeRequest }: Committed,
  standing: ReadonlyMap<string, string | undefined>,
  wanted: readonly FileText[],
  message: string,
): Step[] {
  const different = wanted.filter(({ path, text }) => standing.get(path) !== text);
  if (different.length === 0 || (!mayPush && mergeRequest !== undefined)) return [];
  const files = different.map((file) => ({ ...file, isNew: standing.get(file.path) === undefined }));
  const what = files.map(({ path }) => path).join(', ');
  const verb = files.every(({ isNew }) => isNew) ? 'add' : 'change';
  if (mayPush)
    return [{ verb, what, where, changes: [], deeds: [{ do: 'commit', projectId, files, to: { branch, message } }] }];
  const to = { branch: SETUP_BRANCH, startBranch: branch, message };
  const request = { do: 'open merge request', projectId, from: SETUP_BRANCH, to: branch, title: message } as const;
  const deeds = [
    ...(hasBranch ? [{ do: 'remove branch' as const, projectId, branch: SETUP_BRANCH }] : []),
    { do: 'commit' as const, projectId, files, to },
    request,
  ];
  return [{ verb, what: `merge request with ${what}`, where, changes: [], deeds }];
}

/** Whoever is to own what starts pipelines: the bot where it may, since people leave. */
export function runnerOf({ botLevel }: HomeStanding): Doer {
  return botLevel >= LEVELS.maintainer ? 'bot' : 'own';
}

/** Our trigger token whose owner is there; of several, one whose value is known. */
export function ourTrigger({ triggers = [] }: HomeStanding): TriggerState | undefined {
  const good = triggers.filter(({ description, owner }) => description === OUR_NAME && owner?.isActive === true);
  return good.find(({ token }) => isWhole(token)) ?? good[0];
}

/**
 * Our trigger token, where a webhook is to go by it (`isUsed`); one whose value is not known is made anew where it is to mask an
 * address (`isNeeded`). `id` is that of the one which stays, and unknown of one that is still to be made.
 */
export function planTrigger(
  home: HomeStanding,
  { isUsed, isNeeded }: { isUsed: boolean; isNeeded: boolean },
): { steps: Step[]; id: number | undefined } {
  const { project, triggers } = home;
  if (!triggers) return { steps: [], id: undefined };
  const found = ourTrigger(home);
  const good = found && (!isNeeded || isWhole(found.token)) ? found : undefined;
  const others = triggers.filter((trigger) => trigger.description === OUR_NAME && trigger !== good);
  const removals = others.map(({ id }) =>
    remove(`trigger token ${OUR_NAME}`, project.path, { do: 'remove trigger', projectId: project.id, id }),
  );
  if (good || !isUsed) return { steps: removals, id: good?.id };
  const deed = { do: 'add trigger', projectId: project.id, description: OUR_NAME, by: runnerOf(home) } as const;
  return { steps: [add(`trigger token ${OUR_NAME}`, project.path, deed), ...removals], id: undefined };
}

/** Of others' tokens GitLab shows the first four characters. Source: GitLab docs, api/pipeline_triggers. */
export function isWhole(token: string): boolean {
  return token.length > 8;
}
