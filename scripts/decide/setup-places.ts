import type { FileText, WantedHook, WantedLabel } from '../gitlab/installation-port.ts';
import type { PlaceStanding, WatchedHook } from '../read/standing.ts';
import { changesBetween, type Deed, type Step } from './setup-deeds.ts';
import { planFiles } from './setup-home.ts';
import type { PlacedLabel } from './setup-labels.ts';
import { isOurHook } from './setup-wanted.ts';

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
    if (found.description !== '') return [];
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

/**
 * The one webhook of a place. `isNewToken`: its address gets another trigger token. Further ones to the same address would start
 * each pipeline twice: those of our name go, others are told of.
 */
export function planHook(
  { place, hooks, isSource }: PlaceStanding,
  wanted: WantedHook,
  about: { address: string; homeId: number; isNewToken: boolean },
): Step[] {
  if (!hooks || !isSource) return [];
  const ours = hooksToHome(hooks, about);
  const [hook, ...more] = ours;
  const where = String(place.id);
  if (!hook)
    return [{ verb: 'add', what: 'webhook', where, changes: [], deeds: [{ do: 'add hook', place, hook: wanted }] }];
  const withToken = about.isNewToken || !hook.masked.includes('trigger_token');
  const before = { ...shown(hook), 'trigger token': 'as it was' };
  const after = { ...shown(wanted), 'trigger token': withToken ? 'new' : 'as it was' };
  const changes = changesBetween(before, after);
  const again = more.filter(({ name }) => name === wanted.name);
  return [
    ...(changes.length === 0
      ? []
      : [
          {
            verb: 'change' as const,
            what: 'webhook',
            where,
            changes,
            deeds: [{ do: 'change hook' as const, place, id: hook.id, hook: wanted, withToken }],
          },
        ]),
    ...again.map(({ id }): Step => ({
      ...{ verb: 'remove', what: 'a second webhook', where, changes: [] },
      deeds: [{ do: 'remove hook', place, id }],
    })),
  ];
}

/** The webhooks that start pipelines of the project that Watchkeeper runs in, ours first. */
export function hooksToHome(
  hooks: readonly WatchedHook[],
  { address, homeId }: { address: string; homeId: number },
): WatchedHook[] {
  const there = hooks.filter(({ url }) => isOurHook(url, address, homeId));
  return [...there].sort((a, b) => Number(b.name === 'Watchkeeper') - Number(a.name === 'Watchkeeper'));
}

/** Whether a plan needs the value of the trigger token, which only its owner is shown. */
export function needsToken(places: readonly PlaceStanding[], about: { address: string; homeId: number }): boolean {
  return places.some(({ hooks, isSource }) => {
    const [hook] = hooks ? hooksToHome(hooks, about) : [];
    return isSource && hooks !== undefined && !hook?.masked.includes('trigger_token');
  });
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

/** The issue templates, so that nobody need know the headings. */
export function planTemplates(standing: PlaceStanding, templates: readonly FileText[]): Step[] {
  const { project, isSource, mayPush, mergeRequest } = standing;
  if (!project || !isSource) return [];
  const branch = project.defaultBranch ?? 'main';
  const committed = { projectId: project.id, where: String(standing.place.id), branch, mayPush };
  const open = mergeRequest === undefined ? {} : { mergeRequest };
  return planFiles(
    { ...committed, ...open },
    standing.templates,
    templates,
    'Bring the incident templates of Watchkeeper',
  );
}

function shown({ name, url, events, template }: WantedHook): Record<string, string> {
  return { name, address: url, events: [...events].sort().join(', '), template };
}
