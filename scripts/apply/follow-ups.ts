import { sloOf, decideSlo, MISSED, NEAR_MISS, type Slo } from '../decide/follow-up-slo.ts';
import { keyOfPlace } from '../decide/incident-behind.ts';
import type { Issue, User } from '../gitlab/port.ts';
import { issueKey } from '../read/candidates.ts';
import type { FollowUpOnRecord } from '../schema/types.gen.ts';
import { examine, type Examined, type Look } from './examine.ts';
import type { TakenHistory } from './history.ts';
import { reconcile, type Tools } from './reconcile.ts';

/**
 * Tends the follow-ups: labels those whose time is nearly over, or over, and reminds of them. Only they are read, and those
 * that bear such a label without a reason.
 */
export async function tendFollowUps(
  { history, issues }: Pick<TakenHistory, 'history' | 'issues'>,
  me: User,
  tools: Tools,
  progress: (line: string) => void,
): Promise<Examined> {
  const { config, now } = tools;
  if (config.follow_ups.mode === 'off') return { incidents: [], leftOver: [] };
  const records = new Map(history.follow_ups.map((record) => [keyOfPlace(record), record]));
  const looks = issues.flatMap((issue): Look[] => {
    const record = records.get(issueKey(issue));
    if (!record || !mayChange(issue, sloOf(record, config.time_zone, now))) return [];
    return [{ reference: issue.reference, look: () => reconcile(issue, me, { ...tools, rules: rulesFor(record) }) }];
  });
  return examine(looks, progress);
}

/** Whether a label is to be given or taken, or somebody may be to be reminded. */
function mayChange({ state, labels }: Issue, slo: Slo): boolean {
  if (state === 'closed') return false;
  if (slo === 'missed') return true;
  const isNear = labels.includes(NEAR_MISS);
  return labels.includes(MISSED) || isNear !== (slo === 'near miss');
}

function rulesFor(record: FollowUpOnRecord): NonNullable<Tools['rules']> {
  return { beside: () => ({}), decide: (snapshot, config, now) => decideSlo(snapshot, record, config, now) };
}
