import type { Part } from '../../../scripts/decide/plan.ts';
import { NO_PART } from '../../../scripts/decide/merge.ts';
import type { Snapshot } from '../../../scripts/read/snapshot.ts';

const EXPOSED = 'privacy::exposed';

/** An open incident about personal data that is not confidential bears a label, until it is. */
export function decideExposure({ issue, incident }: Snapshot): Part {
  if (incident === 'no') return NO_PART;
  const isPersonal = issue.labels.includes('personal-data');
  const isExposed = isPersonal && issue.state === 'opened' && !issue.confidential;
  return { labels: isExposed ? { present: [EXPOSED], absent: [] } : { present: [], absent: [EXPOSED] } };
}
