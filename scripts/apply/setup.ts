import { isForgiven, LeftOver } from '../ci/errors.ts';
import type { Installer, TriggerToken } from '../gitlab/installation-port.ts';
import type { Deed, Step } from '../decide/setup-deeds.ts';
import { isWhole, ourTrigger } from '../decide/setup-home.ts';
import type { Inspected } from './installation.ts';
import type { HomeStanding } from '../read/standing.ts';

/** What setup works with: GitLab as whoever sets up and as the bot, the values of secrets, the program, and a way to write files here. */
type Hands = Pick<Inspected, 'asOwn' | 'asBot' | 'secrets' | 'program'> & {
  writeHere: (path: string, text: string) => Promise<void>;
};

/**
 * Does the steps of a plan, one after the other, and gives those that GitLab refused, with why: the others are done all the same,
 * and the next run plans anew from what stands, so that nothing is made twice.
 */
export async function applySetup(
  { steps, standing, ...inspected }: Inspected,
  { writeHere, log }: Pick<Hands, 'writeHere'> & { log: (line: string) => void },
): Promise<Step[]> {
  const trigger = createTrigger(standing.home);
  const hands = { ...inspected, writeHere };
  const undone: Step[] = [];
  for (const step of steps) {
    try {
      for (const deed of step.deeds) await perform(deed, hands, trigger);
    } catch (error) {
      if (!isForgiven(error)) throw error;
      undone.push(step);
      log(`not done: ${step.what} in ${step.where}: ${error.message}`);
    }
  }
  return undone;
}

/** Our trigger token, as soon as it is known. */
type Trigger = { known: TriggerToken | undefined };

function createTrigger(home: HomeStanding): Trigger {
  const ours = ourTrigger(home);
  return { known: ours && isWhole(ours.token) ? ours : undefined };
}

async function perform(deed: Deed, hands: Hands, trigger: Trigger): Promise<void> {
  const { asOwn } = hands;
  switch (deed.do) {
    case 'write here':
      return hands.writeHere(deed.path, deed.text);
    case 'set variable':
      return asOwn.setVariable(deed.projectId, deed.key, hands.secrets.get(deed.key) ?? '', deed.isNew);
    case 'change project':
      return asOwn.changeProject(deed.projectId, deed.change);
    case 'protect':
      return asOwn.protect(deed.projectId, deed.branch);
    case 'commit':
      return asOwn.commit(deed.projectId, deed.files, deed.to);
    case 'remove branch':
      return asOwn.removeBranch(deed.projectId, deed.branch);
    case 'open merge request':
      return asOwn.addMergeRequest(deed.projectId, deed.from, deed.to, deed.title);
    case 'upload program':
      return hands.program && asOwn.addPackage(deed.projectId, deed.version, hands.program);
    case 'add label':
      return asOwn.addLabel(deed.place, deed.label);
    case 'change label':
      return asOwn.changeLabel(deed.place, deed.id, deed.label);
    case 'complete board':
      return completeBoard(deed, asOwn);
    case 'add schedule':
    case 'change schedule':
    case 'remove schedule':
      return performSchedule(deed, hands);
    case 'add trigger':
    case 'remove trigger':
    case 'add hook':
    case 'change hook':
    case 'remove hook':
      return performHook(deed, hands, trigger);
  }
}

async function performSchedule(deed: Extract<Deed, { do: `${string} schedule` }>, hands: Hands): Promise<void> {
  if (deed.do === 'remove schedule') return hands.asOwn.removeSchedule(deed.projectId, deed.id);
  const doer = deed.by === 'bot' ? hands.asBot : hands.asOwn;
  if (deed.do === 'add schedule') return doer.addSchedule(deed.projectId, deed.schedule);
  await doer.takeSchedule(deed.projectId, deed.id);
  return doer.changeSchedule(deed.projectId, deed.id, deed.schedule, deed.inputsBefore);
}

type HookDeed = Extract<Deed, { do: `${string} hook` | `${string} trigger` }>;

async function performHook(deed: HookDeed, { asOwn, asBot }: Hands, trigger: Trigger): Promise<void> {
  switch (deed.do) {
    case 'add trigger':
      trigger.known = await (deed.by === 'bot' ? asBot : asOwn).addTrigger(deed.projectId, deed.description);
      return;
    case 'remove trigger':
      return asOwn.removeTrigger(deed.projectId, deed.id);
    case 'add hook':
      if (!trigger.known) throw new LeftOver('The trigger token was not made, or is not known: the next run goes on.');
      return asOwn.addHook(deed.place, deed.hook, trigger.known);
    case 'change hook':
      return asOwn.changeHook(deed.place, deed.id, deed.hook);
    case 'remove hook':
      return asOwn.removeHook(deed.place, deed.id);
  }
}

/** A list is of a label, which was made before. */
async function completeBoard(
  { projectId, place, name, id, lists }: Extract<Deed, { do: 'complete board' }>,
  asOwn: Installer,
): Promise<void> {
  const labels = await asOwn.labels(place);
  const board = id ?? (await asOwn.addBoard(projectId, name));
  for (const wanted of lists) {
    const label = labels.find((known) => known.name === wanted);
    if (label) await asOwn.addList(projectId, board, label.id);
  }
}
