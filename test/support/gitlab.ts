import { connect, type Connection } from '../../scripts/gitlab/connect.ts';
import type { IssueRef, User } from '../../scripts/gitlab/port.ts';
import type { Bounds } from '../../scripts/ci/network.ts';
import { reconcile, type Reconciled, type Tools } from '../../scripts/apply/reconcile.ts';
import { hireTeam, type Company } from '../../scripts/sandbox/story/company.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import { createLabel } from '../../scripts/sandbox/world/labels.ts';
import { startGitLab, type EmbeddedOptions, type Exchange } from '../../scripts/sandbox/server.ts';
import type { StoredIssue, StoredNote } from '../../scripts/sandbox/world/records.ts';
import { HAS_CONTRACT } from './contract.ts';
import { afterThisTest, verdict } from './endings.ts';
import { Bench } from './judge.ts';
import { config, NOW } from './snapshot.ts';

const OUR_LABELS = [
  ...['closure::blocked', 'closure::verified', 'closure::exempt', 'closure::disputed', 'closure::changed'],
  ...['ack::pending', 'ack::escalated', 'ack::done', 'review::due', 'update::due', 'handoff::needed', 'handoff::ready'],
];

let bench: Bench | undefined;

/** Every answer that the embedded GitLab gives in any test is held against GitLab's own data, where that lies beside the project. */
function judge(exchange: Exchange): void {
  if (!HAS_CONTRACT) return;
  bench ??= new Bench();
  try {
    verdict(bench.judge(exchange));
  } catch (error) {
    verdict([{ judge: 'schema', route: exchange.path, path: '', says: String(error) }]);
  }
}

/** The team on an embedded GitLab whose clock stands at 2026-11-20 10:00 UTC, and ways to act on it. */
export type Scene = Company & {
  clock: { now: Date; waitedMs: number };
  /** The bounds of its runs: 120 seconds, by a clock that waiting moves. */
  bounds: Bounds;
  /** A connection as the bot, with a clock that waiting moves. */
  connect: (token?: string, bounds?: Bounds) => Connection;
  /** An incident that @ana closed, described so. */
  closed: (description: string, more?: Partial<StoredIssue>) => StoredIssue;
  /** What a run as the bot works with. */
  tools: (more?: Partial<Tools>) => Tools;
  /** Reconciles an issue as a run of its own would. */
  run: (issue: StoredIssue, more?: Partial<Tools>) => Promise<Reconciled & { reads: number; writes: number }>;
  /** The bot's comments on an issue, oldest first. */
  said: (issue: StoredIssue) => StoredNote[];
};

/** The labels are there as setup makes them, unless a test says that they are not. */
export async function stage({ labels = true, ...options }: EmbeddedOptions & { labels?: boolean } = {}): Promise<Scene> {
  const clock = { now: NOW, waitedMs: 0 };
  const gitlab = await startGitLab(() => clock.now, { hear: judge, ...options });
  afterThisTest(gitlab.stop);
  const company = hireTeam(gitlab);
  const { world } = gitlab;
  if (labels) for (const name of OUR_LABELS) createLabel(world, company.project, { name });
  const bounds = {
    now: () => NOW.getTime() + clock.waitedMs,
    deadlineMs: NOW.getTime() + 120_000,
    sleep: (ms: number) => {
      clock.waitedMs += ms;
      return Promise.resolve();
    },
  };
  const open = (token = company.bot.token, within: Bounds = bounds): Connection => {
    return connect({ address: gitlab.address, token, bounds: within, shard: { total: 1 } }, { notes_per_minute: 10_000, issue_writes_per_minute: 10_000 });
  };
  const tools = (more: Partial<Tools> = {}): Tools => ({ gitlab: open().gitlab, config: config(), now: clock.now, dryRun: false, commit: undefined, bounds, ...more });
  return {
    ...company,
    clock,
    bounds,
    connect: open,
    tools,
    closed: (description, more = {}) => {
      const ana = world.userNamed('ana');
      const issue = createIssue(world, ana, company.project, 'Token leaked', 'incident');
      const closing = { state: 'closed', closedAt: '2026-11-20T09:45:00.000Z', closedById: ana.id } as const;
      return Object.assign(issue, { description, ...closing, ...more });
    },
    run: async (issue, more = {}) => {
      const { gitlab: port, count } = open();
      const me: User = await port.me();
      const seen = await port.issue(refOf(issue));
      if (!seen) throw new Error('the issue is gone');
      const done = await reconcile(seen, me, tools({ gitlab: port, ...more }));
      return { ...done, ...count };
    },
    said: (issue) => world.notes.of(issue).filter(({ authorId, system }) => authorId === company.bot.id && !system),
  };
}

function refOf(issue: StoredIssue): IssueRef {
  return { projectId: issue.projectId, iid: issue.iid };
}
