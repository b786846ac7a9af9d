import pMap from 'p-map';
import { isUnchanged } from '../decide/history.ts';
import { isCreatedByUs, keyOfPlace, type Behind } from '../decide/incident-behind.ts';
import { labelledFirst, toAnalysis, toFollowUp } from '../decide/follow-up-record.ts';
import type { Issue } from '../gitlab/port.ts';
import { issueKey } from '../read/candidates.ts';
import { factsOf, readMarkers } from '../read/markers.ts';
import type { AnalysisOnRecord, FollowUpOnRecord } from '../schema/types.gen.ts';
import { CONCURRENCY, type Reading } from './history-reading.ts';

type FindBehind = (issue: Issue) => Behind | undefined;

/** The follow-ups. When one that people made was labelled is read once: that does not change. */
export async function recordFollowUps(reading: Reading, behind: FindBehind): Promise<FollowUpOnRecord[]> {
  const { gitlab, config, lists, before, botIds } = reading;
  const known = new Map((before?.follow_ups ?? []).map((each) => [keyOfPlace(each), each]));
  const record = async (issue: Issue): Promise<FollowUpOnRecord> => {
    const labelledBefore = isCreatedByUs(issue, botIds) ? issue.createdAt : known.get(issueKey(issue))?.labelled_at;
    const { label } = config.follow_ups;
    const labelledAt = labelledBefore ?? labelledFirst(issue, label, await gitlab.labelEvents(issue));
    return toFollowUp(issue, labelledAt, behind(issue), config);
  };
  return pMap(lists.followUps, record, { concurrency: CONCURRENCY });
}

/** The analyses. Of one that was closed its comments say whether the gate let it. */
export async function recordAnalyses(reading: Reading, behind: FindBehind): Promise<AnalysisOnRecord[]> {
  const { gitlab, config, lists, before, scope } = reading;
  const known = new Map((before?.analyses ?? []).map((each) => [keyOfPlace(each), each]));
  const record = async (issue: Issue): Promise<AnalysisOnRecord> => {
    const earlier = known.get(issueKey(issue));
    if (issue.state === 'opened') return toAnalysis(issue, undefined, behind(issue), config);
    if (isUnchanged(earlier, issue.updatedAt, before))
      return toAnalysis(issue, earlier?.verified_at, behind(issue), config);
    const marked = readMarkers(await gitlab.notes(issue), { id: scope.bot, username: '' }, config.bot.former_ids);
    const { facts } = factsOf('gate', marked);
    const verifiedAt = facts?.state === 'verified' ? facts.verified_at : undefined;
    return toAnalysis(issue, verifiedAt, behind(issue), config);
  };
  return pMap(lists.analyses, record, { concurrency: CONCURRENCY });
}
