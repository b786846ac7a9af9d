import { tendShifts, type Tended } from '../../scripts/apply/shift.ts';
import { reconcileEvent } from '../../scripts/apply/event.ts';
import type { Tools } from '../../scripts/apply/reconcile.ts';
import { sweep } from '../../scripts/apply/sweep.ts';
import type { Message } from '../../scripts/decide/plan.ts';
import type { GitLab } from '../../scripts/gitlab/port.ts';
import type { Installation } from '../../scripts/read/config.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import type { EmbeddedOptions } from '../../scripts/sandbox/server.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { stage, type Scene } from './gitlab.ts';
import { rosterOf } from './handoff.ts';
import { config } from './snapshot.ts';

/** The team with its shifts: @ana by day from 08:00, @ben by night from 20:00; it is 2026-11-20, 10:00 UTC. */
export type Duty = Scene & {
  installation: Installation;
  /** What was sent; who listens may throw. */
  told: Message[];
  /** The clock shows a time, of the same day or the next. */
  at: (time: string) => void;
  /** A run of the shift's door. Throws where something was left, unless that is expected. */
  tend: (more?: Partial<Tools>, mayLeave?: boolean) => Promise<Tended & { writes: number }>;
  /** A run on an event of an issue, by somebody. */
  event: (issue: StoredIssue, who?: string) => Promise<unknown>;
  /** A sweep, which may be deep. */
  sweep: (deep: boolean) => Promise<void>;
  /** An incident of @rae's at a time of this day, open. */
  page: (time: string, more?: Partial<StoredIssue>) => StoredIssue;
  /** The logs, oldest first. */
  logs: () => StoredIssue[];
  /** The text of our comment in a slot, without its marker. */
  text: (issue: StoredIssue, slot: string) => string;
};

/** Sets the team up with a configuration that differs so. */
export async function stageDuty(different: object = {}, options: EmbeddedOptions = {}): Promise<Duty> {
  const scene = await stage(options);
  const { world } = scene.gitlab;
  scene.project.members.set(world.addUser('kim').id, 40);
  const installation = config({ managers: ['@lea', '@kim'], roster: rosterOf({}), ...different });
  const told: Message[] = [];
  const send = (message: Message): Promise<boolean> => {
    told.push(message);
    return Promise.resolve(true);
  };
  const tools = (gitlab: GitLab, more: Partial<Tools>): Tools => scene.tools({ gitlab, config: installation, send, ...more });
  const duty: Duty = {
    ...{ ...scene, installation, told },
    at: (time) => {
      const next = new Date(`${scene.clock.now.toISOString().slice(0, 10)}T${time}:00.000Z`);
      if (next < scene.clock.now) next.setUTCDate(next.getUTCDate() + 1);
      scene.clock.now = next;
    },
    tend: async (more = {}, mayLeave = false) => {
      const { gitlab, count } = scene.connect();
      const tended = await tendShifts(await gitlab.me(), tools(more.gitlab ?? gitlab, more), { done: [], progress: () => undefined });
      if (tended.leftOver.length > 0 && !mayLeave) throw new Error(JSON.stringify(tended.leftOver));
      return { ...tended, writes: count.writes };
    },
    event: (issue, who = 'ana') => reconcileEvent({ kind: 'issue', ref: { projectId: issue.projectId, iid: issue.iid }, userId: world.userNamed(who).id }, tools(scene.connect().gitlab, {})),
    sweep: async (deep) => {
      const { leftOver } = await sweep(tools(scene.connect().gitlab, {}), { deep, shard: { index: 1, total: 1 }, progress: () => undefined });
      if (leftOver.length > 0) throw new Error(JSON.stringify(leftOver));
    },
    page: (time, more = {}) => {
      const issue = createIssue(world, world.userNamed('lea'), scene.project, 'Token leaked', 'incident');
      return Object.assign(issue, { createdAt: `2026-11-20T${time}:00.000Z`, ...more });
    },
    logs: () => world.issues.filter(({ title }) => title.startsWith('Shift log ')),
    text: (issue, slot) => {
      const found = scene.said(issue).findLast(({ body }) => body.startsWith(`<!-- watchkeeper:${slot} `));
      return found?.body.replace(/^.*-->\n/, '') ?? '';
    },
  };
  return duty;
}

/** The slots of our comments on an issue, oldest first. */
export function slotsOf({ said }: Scene, issue: StoredIssue): string[] {
  return said(issue).map(({ body }) => /^<!-- watchkeeper:([a-z0-9-]+)/.exec(body)?.[1] ?? '');
}
