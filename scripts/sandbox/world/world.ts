import { createHash } from 'node:crypto';
import { freeInstance, type Instance } from './instance.ts';
import { Ledger } from './ledger.ts';
import { Limits, SELF_MANAGED, type LimitsPerMinute } from './limits.ts';
import type {
  Account,
  Award,
  Group,
  Happening,
  IssueLink,
  Label,
  LabelChange,
  Project,
  StateChange,
  StoredIssue,
  StoredNote,
  TimelineEvent,
} from './records.ts';
import { protect } from './protection.ts';
import type { Repository } from './repository.ts';
import { newSettings } from './settings.ts';
import { newGrant } from './tokens.ts';

/** Everything that the embedded GitLab knows. Its clock is a parameter; nothing here is written to disk. */
export class World {
  readonly users: Account[] = [];
  readonly groups: Group[] = [];
  readonly projects: Project[] = [];
  readonly notes = new Ledger<StoredNote>();
  readonly stateChanges = new Ledger<StateChange>();
  readonly labelChanges = new Ledger<LabelChange>();
  readonly timelineEvents = new Ledger<TimelineEvent>();
  readonly awards = new Ledger<Award>();
  readonly links = new Ledger<IssueLink>();
  readonly listeners: ((happening: Happening) => void)[] = [];
  readonly clock: () => Date;
  readonly limits: Limits;
  readonly instance: Instance = freeInstance();
  /** When it began; accounts and memberships are as old. */
  readonly startedAt: string;
  private readonly issuesByNumber = new Map<string, StoredIssue>();
  private readonly issuesById = new Map<number, StoredIssue>();
  private lastId = 1000;

  constructor(clock: () => Date, perMinute: LimitsPerMinute = SELF_MANAGED) {
    this.clock = clock;
    this.limits = new Limits(clock, perMinute);
    this.startedAt = this.now();
  }

  nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  now(): string {
    return this.clock().toISOString();
  }

  addUser(username: string, more: Partial<Account> = {}): Account {
    const id = this.nextId();
    const user: Account = {
      ...{ id, username, name: username, token: `glpat-${username}-${id}`, tokenState: 'active' },
      ...{ grant: newGrant(this, username), state: 'active', bot: false, createdAt: this.now() },
      ...more,
    };
    this.users.push(user);
    return user;
  }

  /** A private project in the group that its path names; both get ids of their own. */
  addProject(path: string, members: Record<string, number>, id = this.nextId()): Project {
    const groupPath = path.split('/').slice(0, -1).join('/');
    let group = this.groups.find((known) => known.path === groupPath);
    if (!group)
      this.groups.push(
        (group = { id: this.nextId(), path: groupPath, labels: new Map(), members: new Map(), hooks: [] }),
      );
    const levels = Object.entries(members).map(([username, level]) => [this.userNamed(username).id, level] as const);
    const project: Project = {
      ...{
        id,
        path,
        formerPaths: [],
        groupId: group.id,
        createdAt: this.now(),
        members: new Map(levels),
        labels: new Map(),
      },
      ...{ hooks: [], triggers: [], schedules: [], pipelines: [], mergeRequests: [], packages: [], nextIid: 1 },
      ...{ pipelineVariablesRole: 'maintainer', hasSeveralAssignees: false, mustSucceed: false },
      ...{
        repository: this.firstCommit(path),
        protectedBranches: [],
        variables: [],
        boards: [],
        settings: newSettings(),
      },
    };
    this.projects.push(project);
    // Fully protected, as new projects are. Source: GitLab docs, user/project/repository/branches/default.
    protect(this, project, 'main');
    return project;
  }

  /** The project with this full path, in any case. */
  projectAt(path: string): Project | undefined {
    return this.projects.find((project) => project.path.toLowerCase() === path.toLowerCase());
  }

  userNamed(username: string): Account {
    const user = this.users.find((known) => known.username === username);
    if (!user) throw new Error(`the embedded GitLab has no user ${username}`);
    return user;
  }

  userById(id: number | null): Account | undefined {
    return this.users.find((user) => user.id === id);
  }

  projectOf(item: { projectId: number }): Project {
    const project = this.projects.find(({ id }) => id === item.projectId);
    if (!project) throw new Error(`the embedded GitLab has no project ${item.projectId}`);
    return project;
  }

  /** The groups that a project is in, the nearest first. */
  groupsAbove({ path }: Project): Group[] {
    const above = this.groups.filter((group) => path.startsWith(`${group.path}/`));
    return above.sort((a, b) => b.path.length - a.path.length);
  }

  /** The labels that issues of a project may bear: its own, then those of the groups above it. */
  labelsOf(project: Project): Label[] {
    return [project, ...this.groupsAbove(project)].flatMap(({ labels }) => [...labels.values()]);
  }

  labelOf(project: Project, name: string): Label | undefined {
    return this.labelsOf(project).find((label) => label.name === name);
  }

  issueById(id: number): StoredIssue | undefined {
    return this.issuesById.get(id);
  }

  /** All issues, in the order in which they came. */
  get issues(): StoredIssue[] {
    return [...this.issuesByNumber.values()];
  }

  issue(projectId: number, iid: number): StoredIssue | undefined {
    return this.issuesByNumber.get(`${projectId}#${iid}`);
  }

  addIssue(issue: StoredIssue): StoredIssue {
    this.issuesByNumber.set(`${issue.projectId}#${issue.iid}`, issue);
    this.issuesById.set(issue.id, issue);
    return issue;
  }

  /** Deletes an issue with all that belongs to it. Source: GitLab docs, api/issues, delete an issue. */
  removeIssue(issue: StoredIssue): void {
    this.issuesByNumber.delete(`${issue.projectId}#${issue.iid}`);
    this.issuesById.delete(issue.id);
    const ledgers = [this.notes, this.stateChanges, this.labelChanges, this.timelineEvents, this.awards, this.links];
    for (const ledger of ledgers) ledger.clear(issue);
  }

  tell(happening: Happening): void {
    for (const listener of this.listeners) listener(happening);
  }

  private firstCommit(path: string): Repository {
    const id = createHash('sha1').update(path).digest('hex');
    const commit = { id, message: 'Initial commit', authorId: 0, createdAt: this.now(), parentIds: [] };
    const main = { head: id, files: new Map([['README.md', `# ${path}\n`]]) };
    return { defaultBranch: 'main', branches: new Map([['main', main]]), commits: [commit] };
  }
}
