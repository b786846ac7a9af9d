import { createHash } from 'node:crypto';
import { hireTeam, type Company } from '../../scripts/sandbox/story/company.ts';
import { changeIssue, createIssue } from '../../scripts/sandbox/world/changes.ts';
import { createLabel } from '../../scripts/sandbox/world/labels.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { startGitLab } from '../../scripts/sandbox/server.ts';
import { MOMENT } from './moment.ts';

/** So many issues of a kind, with the bot's comments on them. `updatedAt` (ISO) is when anybody last touched them. */
export type Lot = Pick<StoredIssue, 'state' | 'type' | 'description' | 'labels' | 'updatedAt'> & { count: number; notes: string[] };

/** What a run under way is told of the embedded GitLab. */
export type Staged = { address: string; token: string };

/** The calls since they were last asked for, as `METHOD /path`, and the time that answering them has cost (ms of CPU). */
export type Taken = { calls: string[]; cpuMs: number };

const NO_LIMITS = { calls: undefined, notes: undefined, issues: undefined, deliveries: undefined, pipelines: undefined };

let company: Company | undefined;
let cpuBefore = process.cpuUsage();

function there(): Company {
  if (!company) throw new Error('nothing is staged');
  return company;
}

function issueOf(iid: number): StoredIssue {
  const issue = there().gitlab.world.issue(there().project.id, iid);
  if (!issue) throw new Error(`there is no issue ${iid}`);
  return issue;
}

/** The bot's comments on an issue, oldest first. */
function saidOn(issue: StoredIssue): string[] {
  const { gitlab, bot } = there();
  return gitlab.world.notes.of(issue).flatMap(({ authorId, system, body }) => (authorId === bot.id && !system ? [body] : []));
}

function add({ count, notes, ...like }: Lot): void {
  const { gitlab, project, bot } = there();
  const { world } = gitlab;
  const ana = world.userNamed('ana');
  const closing = like.state === 'closed' ? { closedAt: like.updatedAt, closedById: ana.id } : {};
  for (let each = 0; each < count; each += 1) {
    const issue = createIssue(world, ana, project, 'Token leaked', like.type);
    Object.assign(issue, { ...like, ...closing, labels: [...like.labels], createdAt: like.updatedAt });
    for (const body of notes) {
      const at = { createdAt: like.updatedAt, updatedAt: like.updatedAt };
      world.notes.add({ id: world.nextId(), issueId: issue.id, body, authorId: bot.id, system: false, internal: false, ...at });
    }
  }
}

/** What the process that serves may be asked. */
const orders = {
  /** Makes a new world of these, in the place of the one before. */
  stage: async (lots: Lot[]): Promise<Staged> => {
    await company?.gitlab.stop();
    const gitlab = await startGitLab(() => MOMENT, { limits: NO_LIMITS });
    company = hireTeam(gitlab);
    // A quick action knows only labels that are there.
    createLabel(gitlab.world, company.project, { name: 'closure::blocked' });
    lots.forEach(add);
    return { address: gitlab.address, token: company.bot.token };
  },
  /** Lets every answer come so much later, in ms. */
  latency: (ms: number): void => {
    there().gitlab.faults.latencyMs = ms;
  },
  taken: (): Taken => {
    const { user, system } = process.cpuUsage(cpuBefore);
    cpuBefore = process.cpuUsage();
    return { calls: there().gitlab.faults.calls.splice(0), cpuMs: (user + system) / 1000 };
  },
  look: (iid: number): { state: string; labels: string[]; notes: string[] } => {
    const issue = issueOf(iid);
    return { state: issue.state, labels: [...issue.labels], notes: saidOn(issue) };
  },
  /** @ana closes an issue, with this description where one is given. */
  close: (iid: number): void => {
    const { world } = there().gitlab;
    changeIssue(world, world.userNamed('ana'), issueOf(iid), { stateEvent: 'close' });
  },
  /** A digest of all that people see of all issues. */
  digest: (): string => {
    const hash = createHash('sha256');
    for (const issue of there().gitlab.world.issues) {
      const labels = issue.labels.toSorted();
      hash.update(JSON.stringify([issue.iid, issue.state, labels, issue.assigneeIds, saidOn(issue)]));
    }
    return hash.digest('hex');
  },
};

/** What may be asked of the process that serves, and what it answers. */
export type Orders = typeof orders;

async function carryOut(name: keyof Orders, args: never[]): Promise<unknown> {
  const order = orders[name] as (...args: never[]) => unknown;
  return await order(...args);
}

process.on('message', ({ id, name, args }: { id: number; name: keyof Orders; args: never[] }) => {
  carryOut(name, args).then(
    (answer) => process.send?.({ id, answer }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
process.send?.({ id: 0 });
