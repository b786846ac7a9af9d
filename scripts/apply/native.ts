import { Refused } from '../gitlab/errors.ts';
import type { Target } from './apply.ts';

/**
 * Tells GitLab's own escalation status and timeline of an acknowledgement. What is refused (a role, a feature that is off)
 * is warned of once and changes nothing. Source: GitLab docs, operations/incident_management/manage_incidents.
 */
export async function acknowledgeNatively(acknowledgedAt: string, { issue, me, gitlab, warn }: Target): Promise<void> {
  const note = 'Page acknowledged';
  try {
    await gitlab.setEscalationStatus(issue, 'ACKNOWLEDGED');
    const events = await gitlab.timeline(issue);
    if (!events.some((event) => event.author?.id === me.id && event.note === note)) {
      await gitlab.addTimelineEvent(issue, { occurredAt: acknowledgedAt, note });
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    warn(`GitLab's own status or timeline was not told of the acknowledgement: ${error.message}`);
  }
}
