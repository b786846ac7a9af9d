import { LeftOver, SetupError } from '../ci/errors.ts';
import type { MergeRequestRef } from '../gitlab/merge-request-port.ts';
import type { User } from '../gitlab/port.ts';
import type { Also } from '../render/steps.ts';
import { toLeft, type Left } from './left.ts';
import { checkMergeRequest, mergeRequestsOn } from './merge-request.ts';
import type { Reconciled, Tools } from './reconcile.ts';

/** What was done to merge requests, in words, and what had to be left. */
export type Followed = { also: Also[]; leftOver: Left[] };

/**
 * Judges the open merge requests anew that would close one of these incidents, each once. Incidents that no merge request
 * names cost nothing. What fails on one account stops nothing else.
 */
export async function followMergeRequests(
  incidents: readonly Pick<Reconciled, 'issue' | 'isMentioned'>[],
  me: User,
  tools: Tools,
): Promise<Followed> {
  const also: Also[] = [];
  const leftOver: Left[] = [];
  const attempt = async (name: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof LeftOver) && !(error instanceof SetupError)) throw error;
      leftOver.push(toLeft(name, error));
    }
  };
  const found = new Map<string, MergeRequestRef>();
  for (const { issue } of incidents.filter(({ isMentioned }) => isMentioned))
    await attempt(issue.reference, async () => {
      for (const ref of await mergeRequestsOn(issue, tools.gitlab)) found.set(`${ref.projectId}!${ref.iid}`, ref);
    });
  for (const [name, ref] of found)
    await attempt(name, async () => {
      const checked = await checkMergeRequest(ref, me, tools);
      also.push(...(checked?.also ?? []));
      leftOver.push(...(checked?.failures ?? []).map((failure) => toLeft(checked?.reference ?? name, failure)));
    });
  return { also, leftOver };
}
