import type { Config, Duty } from '../schema/types.gen.ts';

/** Something that a configuration says and cannot mean: where (a JSON pointer, and a key there), and what is wrong. */
export type Contradiction = { pointer: string; key?: string; says: string };

const LONGEST_OVERRIDE_MS = 366 * 86_400_000;

/** What is wrong with a configuration whose every value is right by itself, in no order. */
export function contradictionsIn({ roster, people, installation }: Config): Contradiction[] {
  const duties = (['engineers', 'managers'] as const).flatMap((name) => {
    const duty = roster?.[name];
    return duty ? inDuty(duty, `/roster/${name}`) : [];
  });
  return [...twinsIn(people), ...(roster ? inRoster(roster) : []), ...duties, ...inInstallation(installation)];
}

/** What is fetched is run by its digest alone. */
function inInstallation({ bundle_url: url, bundle_sha256: digest }: Config['installation']): Contradiction[] {
  if ((url === undefined) === (digest === undefined)) return [];
  const [has, lacks] = url === undefined ? ['bundle_sha256', 'bundle_url'] : ['bundle_url', 'bundle_sha256'];
  return [
    { pointer: '/installation', key: has, says: `has ${has} without ${lacks}: both stand in the notes of a release` },
  ];
}

/** Who is somebody else's twin in GitLab, PagerDuty or Slack is told by the second of the two. */
function twinsIn(people: Config['people']): Contradiction[] {
  return (['gitlab', 'pagerduty_email', 'pagerduty_id', 'slack_id'] as const).flatMap((key) => {
    const names = people.map((person) => person[key]?.toLowerCase());
    return names.flatMap((name, index) =>
      name === undefined || names.indexOf(name) === index
        ? []
        : [{ pointer: `/people/${index}/${key}`, says: 'stands for two people' }],
    );
  });
}

function inRoster({ engineers, managers, pagerduty }: NonNullable<Config['roster']>): Contradiction[] {
  const pointer = '/roster';
  if (!pagerduty) return engineers ? [] : [{ pointer, says: 'must have engineers, or pagerduty' }];
  const both = engineers ? 'engineers' : managers ? 'managers' : undefined;
  const asked = [pagerduty.escalation_policy, pagerduty.schedule].filter((id) => id !== undefined);
  return [
    ...(both ? [{ pointer, key: both, says: `has ${both} beside pagerduty, which takes their place: keep one` }] : []),
    ...(asked.length === 1
      ? []
      : [{ pointer: `${pointer}/pagerduty`, says: 'must have one of escalation_policy and schedule' }]),
    ...(pagerduty.fallback === undefined
      ? [{ pointer: `${pointer}/pagerduty`, says: "must have required property 'fallback'" }]
      : []),
  ];
}

function inDuty({ layers, overrides }: Duty, pointer: string): Contradiction[] {
  return [
    ...layers.flatMap(({ start, until }, index) =>
      until !== undefined && until < start
        ? [{ pointer: `${pointer}/layers/${index}/until`, says: `is before ${start}, when the layer starts` }]
        : [],
    ),
    ...overrides.flatMap((override, index) => inOverride(override, `${pointer}/overrides/${index}`)),
  ];
}

function inOverride({ from, to }: Duty['overrides'][number], pointer: string): Contradiction[] {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  // The format lets leap seconds pass, which no clock here knows.
  const unreadable = [...(Number.isNaN(begin) ? ['from'] : []), ...(Number.isNaN(end) ? ['to'] : [])];
  if (unreadable.length > 0)
    return unreadable.map((key) => ({
      pointer: `${pointer}/${key}`,
      says: 'must be a time such as 2026-11-20T02:07:00Z',
    }));
  if (end <= begin) return [{ pointer: `${pointer}/to`, says: 'must be later than from' }];
  if (end - begin <= LONGEST_OVERRIDE_MS) return [];
  return [{ pointer: `${pointer}/to`, says: 'must be within a year of from: for longer, change the rotation' }];
}
