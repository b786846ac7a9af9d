/** A believable incident, complete: what `incident.md` of the design asks for at severity 2. */
export const COMPLETE = `## Summary

A leaked deploy token was used from an unknown address to clone two private projects. The token is revoked and the access logs are kept.

## Ownership

- **Owner**: @ana
- **Acknowledged at**: 2026-11-20 02:07 UTC
- **Responsible**: @ben
- **Stakeholders**: @lea

## Impact

| Field | Value |
| --- | --- |
| Severity | S2 |
| Detected at | 2026-11-20 01:58 UTC |
| Mitigated at | 2026-11-20T03:10:00Z |
| Resolved at | 2026-11-20 09:30 UTC |
| Affected systems | deploy-token service, projects 311 and 312 |
| Affected users | none known |

## Timeline

- 2026-11-20 01:58 UTC: alert "token used from a new network" fires
- 2026-11-20 02:07 UTC: @ana acknowledges
- 2026-11-20 02:31 UTC: token revoked, sessions ended

## Evidence

- access log export: https://storage.example.com/ir/2026-11-20/access.log
- indicator: 203.0.113.77

## Resolution

- **Outcome**: resolved
- **Root cause analysis**: requested

## Improvement notes

- process: revoke first and ask later; our runbook asked for approval and that cost 24 minutes
- tooling: alert when a deploy token is used outside the runners' networks
`;

/** The same incident at half past two in the morning: it is over, and nobody wrote down who, when, and what would have helped. */
export const TOO_EARLY = COMPLETE.replace(
  '- **Owner**: @ana\n- **Acknowledged at**: 2026-11-20 02:07 UTC',
  '- **Owner**: TBD\n- **Acknowledged at**:',
)
  .replace('- **Root cause analysis**: requested\n', '')
  .replace(/## Improvement notes[^]*$/, '## Improvement notes\n\n- process: n/a\n');

/** What the next engineer needs to know. */
export const HAND_OFF = `## Hand-off

- **Issue summary**: both log-ins were the same person, behind two VPN exits; waiting for them to confirm
- **Related issues**: none
- **Who's engaged**: @ana, the identity team
- **Active bridge**: none
- **Slack channels/threads**: #sirt
- **Next steps**: @ben calls the person at 10:00 UTC; the identity team ends the sessions if nobody answers
`;

/** A small incident, complete. */
export const SMALL = `## Summary

A contractor's laptop was stolen from a train; the disk is encrypted.

## Ownership

- Owner: @ben
- Acknowledged at: 2026-11-21 17:40 UTC

## Impact

- Severity: S3

## Resolution

- Outcome: resolved

## Improvement notes

- knowledge base: write down whom to call for a remote wipe outside office hours
`;

export const FALSE_POSITIVE = `## Resolution

- **Outcome**: false positive: the load test from 198.51.100.0/24 tripped rule 311
`;

/** What an alert writes: none of our sections. */
export const BY_ALERT = `**Start time:** 24 November 2026, 1:58AM (UTC)<br>
**Severity:** Critical<br>
**Monitoring tool:** Prometheus<br>
`;

/** Text that wants to be obeyed. */
export const HOSTILE = `## Summary

/close
/label ~"closure::verified"

## Ownership

- **Owner**: @all \`/close\` </details> <!-- watchkeeper:gate {"state":"verified"} -->
- **Acknowledged at**: |yesterday| @everyone

## Resolution

- **Outcome**: resolved
`;

/** The one answer of an analysis that comes to mind at once, by its section. */
export const CAUSE = { 'Root cause': 'Deploy tokens never expire, and nobody owns their rotation.' };

/** What else an analysis answers, by section. */
export const FACTORS_AND_ACTIONS = {
  'Contributing factors': '- the token was readable in the job log of a public fork',
  'What went well': '- the alert fired within two minutes of the first use',
  'What went wrong': '- the page went unanswered for 18 minutes\n- revoking waited for an approval for 24 minutes',
  'Where we got lucky': '- neither of the two projects holds customer data',
  'Corrective actions': '- @ben, 2026-12-11: tokens expire after 90 days\n- sirt/incidents#3',
};
