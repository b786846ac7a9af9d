import { changeIssue, type IssueChanges } from '../../scripts/sandbox/world/changes.ts';
import { COMPLETE, FALSE_POSITIVE, SMALL, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { addNote } from '../../scripts/sandbox/world/notes.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { markDuplicate, moveIssue } from '../../scripts/sandbox/world/relations.ts';
import { LEVEL } from '../../scripts/sandbox/world/records.ts';
import type { Installation } from '../../scripts/read/config.ts';
import type { Scene } from './gitlab.ts';
import { config } from './snapshot.ts';

/** An incident in a state that asks something of a run. `set` brings it there; runs of ours may be part of that. */
export type Scenario = { name: string; set: (scene: Scene) => Promise<StoredIssue> };

/** What somebody does to an issue, by the world itself. */
export function act(scene: Scene, issue: StoredIssue, changes: IssueChanges, who = 'ana'): void {
  changeIssue(scene.gitlab.world, scene.gitlab.world.userNamed(who), issue, changes);
}

/** What somebody says on an issue. */
export function say(scene: Scene, issue: StoredIssue, body: string, who = 'ana'): void {
  addNote(scene.gitlab.world, scene.gitlab.world.userNamed(who), issue, body, false);
}

/** Lets time go by, on GitLab's clock and ours. */
export function later(scene: Scene, minutes = 1): void {
  scene.clock.now = new Date(scene.clock.now.getTime() + minutes * 60_000);
}

/** An incident that is open, described so. */
export function opened(scene: Scene, description: string, more: Partial<StoredIssue> = {}): StoredIssue {
  return scene.closed(description, { state: 'opened', closedAt: null, closedById: null, ...more });
}

/** A configuration with a duty: @ana and @ben take weeks, @lea is their manager; 2026-11-20 is @ben's. A test says what differs. */
export function onDuty(more: object = {}): Installation {
  const layer = { name: 'all', start: '2026-01-05', rotation: ['@ana', '@ben'], rotate: 'week', shifts: [{ days: 'mon', from: '09:00' }] };
  return config({ roster: { engineers: { fallback: '@lea', layers: [layer] } }, ...more });
}

async function blocked(scene: Scene, times: number, description = TOO_EARLY): Promise<StoredIssue> {
  const issue = scene.closed(description);
  for (let time = 0; time < times; time += 1) {
    await scene.run(issue);
    later(scene);
    act(scene, issue, { stateEvent: 'close' });
  }
  return issue;
}

async function verified(scene: Scene): Promise<StoredIssue> {
  const issue = scene.closed(COMPLETE);
  await scene.run(issue);
  later(scene);
  return issue;
}

export const SCENARIOS: readonly Scenario[] = [
  { name: 'blocking', set: (scene) => blocked(scene, 0) },
  { name: 'blocking one whose discussion is locked', set: (scene) => Promise.resolve(scene.closed(TOO_EARLY, { locked: true })) },
  { name: 'blocking again', set: (scene) => blocked(scene, 1) },
  { name: 'giving up after three reopens', set: (scene) => blocked(scene, 3) },
  { name: 'verifying', set: (scene) => Promise.resolve(scene.closed(COMPLETE)) },
  { name: 'verifying by the history of its labels', set: (scene) => Promise.resolve(scene.closed(SMALL, { labels: ['severity::3'] })) },
  { name: 'verifying a false positive', set: (scene) => Promise.resolve(scene.closed(FALSE_POSITIVE)) },
  {
    name: 'verifying what was blocked',
    set: async (scene) => {
      const issue = await blocked(scene, 1);
      act(scene, issue, { description: COMPLETE });
      return issue;
    },
  },
  {
    name: 'keeping the checklist of an open incident current',
    set: async (scene) => {
      const issue = await blocked(scene, 1);
      act(scene, issue, { stateEvent: 'reopen', description: SMALL });
      return issue;
    },
  },
  {
    name: 'noticing a change after verification',
    set: async (scene) => {
      const issue = await verified(scene);
      act(scene, issue, { description: COMPLETE.replace('@ana', '@ben') });
      return issue;
    },
  },
  {
    name: 'an incident that was opened again after verification',
    set: async (scene) => {
      const issue = await verified(scene);
      act(scene, issue, { stateEvent: 'reopen' });
      return issue;
    },
  },
  {
    name: 'an override',
    set: (scene) => {
      const issue = scene.closed('');
      say(scene, issue, '/override a pentest that was announced to us last week', 'lea');
      return Promise.resolve(issue);
    },
  },
  {
    name: 'a duplicate',
    set: (scene) => {
      const [first, issue] = [scene.closed(COMPLETE, { state: 'opened', closedAt: null }), scene.closed('', { state: 'opened', closedAt: null })];
      markDuplicate(scene.gitlab.world, scene.gitlab.world.userNamed('ana'), issue, first);
      return Promise.resolve(issue);
    },
  },
  {
    name: 'a move',
    set: (scene) => {
      const other = scene.gitlab.world.addProject('sirt/other', { ana: LEVEL.developer }, 43);
      const issue = scene.closed(TOO_EARLY, { state: 'opened', closedAt: null });
      moveIssue(scene.gitlab.world, scene.gitlab.world.userNamed('ana'), issue, other);
      return Promise.resolve(issue);
    },
  },
  { name: 'an alert that recovered', set: (scene) => Promise.resolve(scene.closed('', { closedById: scene.gitlab.world.userNamed('alert-bot').id })) },
  {
    name: 'two comments of the gate where one should be',
    set: async (scene) => {
      const issue = await blocked(scene, 1);
      const [comment] = scene.said(issue);
      scene.gitlab.world.notes.add({ ...comment!, id: scene.gitlab.world.nextId() });
      return issue;
    },
  },
];

type SeenState = Pick<StoredIssue, 'state' | 'title' | 'description' | 'confidential' | 'severity' | 'assigneeIds' | 'labels'> & { ours: string[]; theirs: string[] };

/** What is true of an issue in the end, as far as anybody can see it: its state, its labels, who said what. */
export function stateOf(scene: Scene, issue: StoredIssue): SeenState {
  const { state, title, description, confidential, severity, assigneeIds, labels } = issue;
  const notes = scene.gitlab.world.notes.of(issue).filter(({ system }) => !system);
  const bodies = (isOurs: boolean): string[] => notes.filter(({ authorId }) => (authorId === scene.bot.id) === isOurs).map(({ body }) => body);
  return { state, title, description, confidential, severity, assigneeIds, labels: [...labels].sort(), ours: bodies(true), theirs: bodies(false) };
}
