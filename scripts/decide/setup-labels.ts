import type { WantedLabel } from '../gitlab/installation-port.ts';
import type { Source } from '../gitlab/port.ts';
import { placesOf, projectOr, sourcesOf } from '../read/config.ts';
import type { Config } from '../schema/types.gen.ts';
import { isOnDuty } from './duty.ts';

/** A label, and where it is to be. */
export type PlacedLabel = { place: Source; label: WantedLabel };

const [RED, ORANGE, YELLOW, GREEN, BLUE, GREY, PURPLE] = [
  ...['#c91c00', '#c24b00', '#ab6100', '#108548', '#1f75cb', '#737278', '#7b58cf'],
] as [string, string, string, string, string, string, string];

const SEVERITIES: WantedLabel[] = [
  { name: 'severity::1', color: RED, description: 'Critical' },
  { name: 'severity::2', color: ORANGE, description: 'High' },
  { name: 'severity::3', color: YELLOW, description: 'Medium' },
  { name: 'severity::4', color: BLUE, description: 'Low' },
];

const GATE: WantedLabel[] = [
  { name: 'closure::blocked', color: ORANGE, description: 'Was closed too early: paperwork is missing' },
  { name: 'closure::verified', color: GREEN, description: 'Closed, and in order' },
  { name: 'closure::exempt', color: GREY, description: 'Closed without the paperwork, for a reason that is on record' },
  { name: 'closure::disputed', color: RED, description: 'Closed too early again and again: a manager decides' },
  { name: 'closure::changed', color: YELLOW, description: 'A required field was changed after the verification' },
  { name: 'outcome::false-positive', color: GREY, description: 'There was no incident' },
  { name: 'watchkeeper::off', color: GREY, description: 'Watchkeeper leaves this issue alone (set by a Maintainer)' },
];

const DUTY: WantedLabel[] = [
  { name: 'ack::pending', color: RED, description: 'Nobody has acknowledged this page yet' },
  { name: 'ack::escalated', color: RED, description: 'Nobody acknowledged in time: the manager was told' },
  { name: 'ack::done', color: GREEN, description: 'Acknowledged: somebody owns it' },
  { name: 'review::due', color: YELLOW, description: 'Nobody looked at it in this window of the shift' },
  { name: 'update::due', color: ORANGE, description: 'Stakeholders wait for an update' },
  { name: 'handoff::needed', color: YELLOW, description: 'The shift ends: what the next one needs is missing' },
  { name: 'handoff::ready', color: GREEN, description: 'Ready to be handed over' },
];

const KINDS = ['process', 'tooling', 'knowledge base', 'automation', 'risk', 'question'];

const FOLLOW_UP: WantedLabel[] = [
  ...[1, 2, 3, 4].map((digit) => ({ name: `priority::${digit}`, color: BLUE, description: `Priority ${digit}` })),
  ...KINDS.map((kind) => ({ name: `improvement::${kind}`, color: PURPLE, description: `An improvement: ${kind}` })),
  { name: 'slo::near-miss', color: YELLOW, description: 'Most of the time for this follow-up is over' },
  { name: 'slo::missed', color: RED, description: 'The time for this follow-up is over' },
];

/** All labels of an installation, each in the places whose issues bear it. */
export function wantedLabels(config: Config): PlacedLabel[] {
  const { follow_ups: followUps, rca, shift_log: log, weekly_review: review } = config;
  const named = (name: string, color: string, description: string): WantedLabel => ({ name, color, description });
  const sources = sourcesOf(config);
  const inPlaces = (places: readonly Source[], labels: readonly WantedLabel[]): PlacedLabel[] =>
    places.flatMap((place) => labels.map((label) => ({ place, label })));
  const following = named(followUps.label, PURPLE, 'A follow-up of an incident');
  const followUpPlaces = placesOf([followUps.project, ...Object.values(followUps.projects)], config);
  return distinct([
    ...inPlaces(sources, [...incidentLabels(config), ...SEVERITIES, ...GATE, ...(isOnDuty(config) ? DUTY : [])]),
    ...(followUps.mode === 'off' ? [] : inPlaces(followUpPlaces, [following, ...SEVERITIES, ...FOLLOW_UP])),
    ...(rca.mode === 'off'
      ? []
      : inPlaces(placesOf([rca.project], config), [named(rca.label, PURPLE, 'A root cause analysis'), ...GATE])),
    ...(log.mode === 'off' || !isOnDuty(config)
      ? []
      : inPlaces(alone(log.project, config), [named(log.label, BLUE, 'The log of a shift'), ...GATE])),
    ...(review.mode === 'off'
      ? []
      : inPlaces(alone(review.project, config), [named(review.label, BLUE, 'The review of a week')])),
  ]);
}

/** The project of what is kept in one place. */
function alone(named: number | string | undefined, config: Config): Source[] {
  const place = projectOr(named, config);
  return place ? [place] : [];
}

function incidentLabels(config: Config): WantedLabel[] {
  const { incident, pagerduty, review } = config;
  const onCall = isOnDuty(config) ? [review.label, ...pagerduty.labels] : [];
  return [...incident.labels, ...onCall, ...config.rca.labels].map((name) =>
    name === review.label
      ? { name, color: BLUE, description: 'Looked at in each window of a shift' }
      : { name, color: RED, description: 'A security incident' },
  );
}

/** What is wanted for several reasons is wanted once. */
function distinct(all: readonly PlacedLabel[]): PlacedLabel[] {
  const key = ({ place, label }: PlacedLabel): string => `${place.kind} ${place.id} ${label.name}`;
  return [...new Map([...all].reverse().map((placed) => [key(placed), placed])).values()].reverse();
}
