import type { Tools } from '../../scripts/apply/reconcile.ts';
import type { Installation } from '../../scripts/read/config.ts';
import type { Observed } from '../../scripts/read/snapshot.ts';
import { SMALL } from '../../scripts/sandbox/story/descriptions.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import type { Scene } from './gitlab.ts';
import { act, later, onDuty, opened, say, stateOf } from './scenarios.ts';

/** An incident in a state that asks something of the duty: by which configuration, what an event observed, and whether a sweep looks. */
export type DutyScenario = {
  name: string;
  set: (scene: Scene) => Promise<StoredIssue>;
  config: Installation;
  observed?: (scene: Scene) => Observed;
  isSweep?: boolean;
  /** What is told to others than GitLab. */
  tells?: string[];
};

const LADDER = [
  { after_minutes: 15, notify: ['manager'], via: ['mention', 'slack', 'pagerduty'] },
  { after_minutes: 30, notify: ['second manager'], via: ['mention'] },
];
const DUTY = onDuty({ escalation: { steps: LADDER } });

/** An open incident on which a run was, and perhaps another after somebody spoke. */
async function begun(scene: Scene, says: readonly (readonly [string, string])[] = [], more: Partial<StoredIssue> = {}): Promise<StoredIssue> {
  const issue = opened(scene, '', more);
  await scene.run(issue, { config: DUTY });
  for (const [words, who] of says) {
    later(scene);
    say(scene, issue, words, who);
    await scene.run(issue, { config: DUTY });
  }
  return issue;
}

/** An incident on which somebody says something; `before` were answered already. */
const saying =
  (words: string, who = 'ana', before: readonly (readonly [string, string])[] = [], more: Partial<StoredIssue> = {}) =>
  async (scene: Scene): Promise<StoredIssue> => {
    const issue = await begun(scene, before, more);
    later(scene);
    say(scene, issue, words, who);
    return issue;
  };

const waiting =
  (minutes: number) =>
  async (scene: Scene): Promise<StoredIssue> => {
    const issue = await begun(scene);
    later(scene, minutes);
    return issue;
  };

const ACK = [['/ack', 'ana']] as const;

export const DUTY_SCENARIOS: readonly DutyScenario[] = [
  { name: 'beginning to wait for somebody', config: DUTY, set: (scene) => Promise.resolve(opened(scene, '')) },
  { name: 'acknowledging by command', config: DUTY, set: saying('/ack') },
  { name: 'acknowledging a severe one', config: DUTY, set: saying('/ack', 'ana', [], { labels: ['severity::1'] }) },
  {
    name: 'acknowledging by assignment',
    config: DUTY,
    set: async (scene) => {
      const issue = await begun(scene);
      act(scene, issue, { assigneeIds: [scene.gitlab.world.userNamed('ben').id] }, 'ben');
      return issue;
    },
  },
  {
    name: 'acknowledging in PagerDuty',
    config: DUTY,
    set: (scene) => begun(scene),
    observed: (scene) => {
      const { id, username } = scene.gitlab.world.userNamed('ben');
      return { pagerduty: 'PGR0VU2', pagedAt: '2026-11-20T09:58:00.000Z', acknowledged: { by: { id, username }, at: '2026-11-20T10:00:30.000Z', how: 'pagerduty' } };
    },
  },
  { name: 'engaging another', config: DUTY, set: saying('/ack', 'ben', ACK) },
  { name: 'escalating a step', config: DUTY, set: waiting(16), tells: ['escalation-1-pagerduty', 'escalation-1-slack'] },
  { name: 'escalating two steps at once', config: DUTY, set: waiting(31), tells: ['escalation-1-pagerduty', 'escalation-1-slack'] },
  {
    name: 'acknowledging what was escalated',
    config: DUTY,
    set: async (scene) => {
      const issue = await waiting(16)(scene);
      await scene.run(issue, { config: DUTY });
      say(scene, issue, '/ack');
      return issue;
    },
  },
  { name: 'transferring', config: DUTY, set: saying('/transfer @ben', 'ana', ACK) },
  {
    name: 'asking the owner who was taken off',
    config: DUTY,
    set: async (scene) => {
      const issue = await begun(scene, ACK);
      act(scene, issue, { assigneeIds: [] }, 'lea');
      return issue;
    },
  },
  { name: 'telling stakeholders', config: DUTY, set: saying('/update the token is revoked\nusers: none known', 'ana', ACK), tells: ['update-NOTE'] },
  { name: 'declaring a major incident', config: DUTY, set: saying('/major', 'ana', ACK) },
  { name: 'closing by command', config: DUTY, set: saying('/false-positive the load test from 198.51.100.0/24 tripped rule 311', 'ben', ACK) },
  { name: 'closing by command what lacks something', config: DUTY, set: saying('/resolved the token is revoked', 'ana', ACK) },
  {
    name: 'closing what was mended since',
    config: DUTY,
    set: async (scene) => {
      const issue = await begun(scene, [...ACK, ['/resolved the token is revoked', 'ana']]);
      act(scene, issue, { description: SMALL.replace('@ben', '@ana') });
      return issue;
    },
  },
  {
    name: 'closing towards the issue that tracks it',
    config: DUTY,
    set: async (scene) => {
      const other = opened(scene, '');
      return saying(`/tracked-in #${other.iid}`, 'ana', ACK)(scene);
    },
  },
  { name: 'refusing commands', config: DUTY, set: saying('/update\n\n/transfer @nobody', 'ana', ACK) },
  { name: 'several commands in one comment', config: DUTY, set: saying('/ack\n/check\n/major', 'ben') },
  {
    name: 'finding that nobody reviewed it',
    config: DUTY,
    set: async (scene) => {
      const issue = await begun(scene, ACK, { labels: ['oncall'], createdAt: '2026-11-19T01:00:00.000Z' });
      later(scene, 24 * 60);
      return issue;
    },
    isSweep: true,
  },
  {
    name: 'reminding of an update',
    config: DUTY,
    set: async (scene) => {
      const issue = await begun(scene, ACK, { labels: ['severity::2'] });
      later(scene, 125);
      return issue;
    },
  },
];

/** What a run of a scenario works with, beside GitLab; `told` is given the keys of all that it sends. */
export function toolsFor({ config, isSweep = false }: DutyScenario, told: string[]): Partial<Tools> {
  const send: Tools['send'] = (message) => {
    told.push(message.key.replace(/^(update)-\d+$/, '$1-NOTE'));
    return Promise.resolve(true);
  };
  return { config, isSweep, send, wake: () => Promise.resolve() };
}

/**
 * What is true of an issue in the end, its emoji, links and timeline too. GitLab's timeline knows no entry once, so that of
 * two pipelines each may have written it.
 */
export function dutyStateOf(scene: Scene, issue: StoredIssue): ReturnType<typeof stateOf> & { emojis: string[]; timeline: string[]; links: number } {
  const { world } = scene.gitlab;
  const emojis = world.awards.of(issue).map(({ noteId, name }) => `${noteId ?? 'issue'} ${name}`);
  const timeline = world.timelineEvents.of(issue).map(({ note }) => note);
  const links = world.links.all.filter(({ issueId, targetId }) => [issueId, targetId].includes(issue.id)).length;
  const state = stateOf(scene, issue);
  return { ...state, ours: state.ours.sort(), emojis: emojis.sort(), timeline: [...new Set(timeline)].sort(), links };
}

/** The slots of our comments on an issue; each stands once. */
export function slotsOn(scene: Scene, issue: StoredIssue): string[] {
  return scene.said(issue).map(({ body }) => /^<!-- watchkeeper:([a-z0-9-]+)/.exec(body)?.[1] ?? '');
}
