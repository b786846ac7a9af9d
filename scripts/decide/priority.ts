import type { Snapshot } from '../read/snapshot.ts';
import { severityOfLabel } from '../read/values.ts';
import { NO_PART } from './merge.ts';
import type { Part } from './plan.ts';

/** A priority that was set in PagerDuty is the severity's label, alone of its kind, as long as people have set no other. */
export function decidePriority({ issue, observed, incident }: Snapshot): Part {
  const { severity } = observed;
  if (severity === undefined || incident === 'no') return NO_PART;
  const label = `severity::${severity}`;
  const others = issue.labels.filter((each) => each !== label && severityOfLabel(each) !== undefined);
  return { labels: { present: [label], absent: others } };
}
