import { describeHook } from '../gitlab/hook-events.ts';
import type { FileText, WantedHook, WantedLabel } from '../gitlab/installation-port.ts';
import type { PlaceStanding, WatchedHook } from '../read/standing.ts';
import { add, changesBetween, remove, type Deed, type Step } from './setup-deeds.ts';
import { planFiles } from './setup-home.ts';
import type { PlacedLabel } from './setup-labels.ts';
import { isToBranch, isToHome } from './setup-wanted.ts';

const BOARD = 'On call';
/** What a team looks at first, in the order of its urgency. */
const LISTS = [
  ...['ack::pending', 'ack::escalated', 'ack::done', 'review::due', 'update::due', 'handoff::needed'],
  ...['closure::blocked', 'closure::disputed'],
];

/** The labels that are not there, and those without a description. The colours and words that people gave stay. */
export function planLabels({ place, labels }: PlaceStanding, wanted: readonly PlacedLabel[]): Step[] {
  if (!labels) return [];
  const here = wanted.filter((each) => each.place.kind === place.kind && each.place.id === place.id);
  const deeds = here.flatMap(({ label }): (Deed & { label: WantedLabel })[] => {
    const found = labels.find(({ name }) => name === label.name);
    if (!found) return [{ do: 'add label', place, label }];
    if (found.description !== '' || !found.isOwn) return [];
    return [{ do: 'change label', place, id: found.id, label: { ...label, color: found.color } }];
  });
  return (['add', 'change'] as const).flatMap((verb): Step[] => {
    const some = deeds.filter((deed) => deed.do === `${verb} label`);
    if (some.length === 0) return [];
    const names = some.map(({ label }) => label.name).join(', ');
    const changes = verb === 'add' ? [] : [{ name: 'descriptions', from: '', to: 'ours' }];
    return [{ verb, what: `labels ${names}`, where: String(place.id), changes, deeds: some }];
  });
}

/** Where webhooks go: GitLab's address, the project that Watchkeeper runs in, its branch, and our trigger token, as far as there is one. */
export type Target = {
  address: string;
  home: { id: number; path: string };
  ref: string;
  triggerId: number | undefined;
};

/**
 * The webhook of a place. One whose address, or the token that masks it, is to be another is made anew, and the old one removed:
 * GitLab changes neither. Webhooks of other names are people's, and stay; one that does all that ours would is taken for it.
 */
export function planHook({ place, hooks, isSource }: PlaceStanding, wanted: WantedHook, target: Target): Step[] {
  if (!hooks || !isSource) return [];
  const where = String(place.id);
  const ours = hooks.filter(({ name, url }) => name === wanted.name && isToHome(url, target));
  const [hook, ...more] = ours.sort((a, b) => Number(isRight(b, wanted, target)) - Number(isRight(a, wanted, target)));
  const away = ({ id }: WatchedHook): Deed => ({ do: 'remove hook', place, id });
  if (!hook) {
    if (stoodInFor(hooks, wanted, target)) return [];
    return [add('webhook', where, { do: 'add hook', place, hook: wanted })];
  }
  const again = more.map((one) => remove('a second webhook', where, away(one)));
  if (!isRight(hook, wanted, target)) {
    const changes = [{ name: 'address, or trigger token', from: 'as it was', to: 'new' }];
    const deeds: Deed[] = [{ do: 'add hook', place, hook: wanted }, away(hook)];
    return [{ verb: 'change', what: 'webhook', where, changes, deeds }, ...again];
  }
  const changes = changesBetween(shown(hook), shown(wanted));
  if (changes.length === 0) return again;
  const deed = { do: 'change hook', place, id: hook.id, hook: { ...wanted, url: hook.url } } as const;
  return [{ verb: 'change', what: 'webhook', where, changes, deeds: [deed] }, ...again];
}

/** The webhooks that start pipelines of the branch that Watchkeeper runs on. */
export function hooksToHome(hooks: readonly WatchedHook[], target: Target): WatchedHook[] {
  return hooks.filter(({ url }) => isToBranch(url, target));
}

/** Whether a plan makes or changes a webhook by our trigger token, the value of which only its owner is shown. */
export function needsToken(places: readonly PlaceStanding[], wanted: WantedHook, target: Target): boolean {
  return places.some((place) =>
    planHook(place, wanted, target).some(({ deeds }) => deeds.some((deed) => deed.do === 'add hook')),
  );
}

/** Whether any webhook goes by a trigger token of ours, or is to. */
export function usesToken(places: readonly PlaceStanding[], wanted: WantedHook, target: Target): boolean {
  return places.some(({ hooks, isSource }) => isSource && hooks !== undefined && !stoodInFor(hooks, wanted, target));
}

/** Whether a webhook of somebody else's does all that ours would; ours counts for itself. */
function stoodInFor(hooks: readonly WatchedHook[], wanted: WantedHook, target: Target): boolean {
  if (hooks.some(({ name, url }) => name === wanted.name && isToHome(url, target))) return false;
  return hooksToHome(hooks, target).some(({ events }) =>
    wanted.events.slice(0, -1).every((event) => events.includes(event)),
  );
}

/** Whether our webhook goes to the right place, by the token that there is. */
function isRight({ url, masked, description }: WatchedHook, wanted: WantedHook, { triggerId }: Target): boolean {
  const isOfTrigger = triggerId !== undefined && description === describeHook(triggerId);
  return url === wanted.url && masked.includes('trigger_token') && isOfTrigger;
}

/** A board on which a team sees what waits; lists that people added stay. */
export function planBoard({ place, project, boards, isSource }: PlaceStanding, isOnDuty: boolean): Step[] {
  if (!boards || !project || !isSource || !isOnDuty) return [];
  const board = boards.find(({ name }) => name === BOARD);
  const lists = LISTS.filter((label) => !board?.lists.includes(label));
  if (lists.length === 0) return [];
  const deed = { do: 'complete board', projectId: project.id, place, name: BOARD, id: board?.id, lists } as const;
  const changes = [{ name: 'lists', from: board?.lists.join(', ') ?? '', to: LISTS.join(', ') }];
  return [{ verb: board ? 'change' : 'add', what: `board ${BOARD}`, where: String(place.id), changes, deeds: [deed] }];
}

/** The issue templates that are not there, so that nobody need know the headings; those that people changed stay. */
export function planTemplates(standing: PlaceStanding, templates: readonly FileText[]): Step[] {
  const { project, isSource, mayPush, mergeRequest, hasBranch } = standing;
  if (!project || !isSource) return [];
  const branch = project.defaultBranch ?? 'main';
  const committed = { projectId: project.id, where: String(standing.place.id), branch, mayPush, hasBranch };
  const open = mergeRequest === undefined ? {} : { mergeRequest };
  const missing = templates.filter(({ path }) => standing.templates.get(path) === undefined);
  const message = 'Bring the incident templates of Watchkeeper';
  return planFiles({ ...committed, ...open }, standing.templates, missing, message);
}

function shown({ name, events, template }: WantedHook): Record<string, string> {
  return { name, events: [...events].sort().join(', '), template };
}
