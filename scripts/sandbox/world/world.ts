/** The access levels of GitLab. Source: GitLab docs, api/members. */
export const LEVEL = {
  none: 0,
  guest: 10,
  planner: 15,
  reporter: 20,
  developer: 30,
  maintainer: 40,
  owner: 50,
} as const;

export type Account = {
  id: number;
  username: string;
  name: string;
  token: string;
  state: 'active' | 'blocked';
  bot: boolean;
};

export type Label = { id: number; name: string; color: string; description: string | null };

/** A project's webhook. `urlVariables` are the masked portions of its address. Source: GitLab docs, api/project_webhooks. */
export type Hook = {
  id: number;
  url: string;
  urlVariables: Record<string, string>;
  template: string | undefined;
  events: Record<HookEvent, boolean>;
  failures: number;
};
export type HookEvent = 'issues' | 'confidential_issues' | 'note' | 'confidential_note' | 'emoji';

export type Project = {
  id: number;
  /** Full path, `group/project`. */
  path: string;
  groupId: number;
  members: Map<number, number>;
  labels: Map<string, Label>;
  hooks: Hook[];
  triggerTokens: string[];
  nextIid: number;
};

export type Group = { id: number; path: string };

export type StoredIssue = {
  /** The global id, never the iid. */
  id: number;
  iid: number;
  projectId: number;
  title: string;
  description: string | null;
  authorId: number;
  assigneeIds: number[];
  labels: string[];
  type: 'issue' | 'incident' | 'task';
  severity: 'UNKNOWN' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
  state: 'opened' | 'closed';
  confidential: boolean;
  locked: boolean;
  dueDate: string | null;
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedById: number | null;
  movedToId: number | null;
  duplicatedToId: number | null;
};

export type StoredNote = {
  id: number;
  issueId: number;
  body: string;
  authorId: number;
  system: boolean;
  internal: boolean;
  createdAt: string;
  updatedAt: string;
};

export type StateChange = {
  id: number;
  issueId: number;
  userId: number;
  state: 'closed' | 'reopened';
  createdAt: string;
};
export type LabelChange = {
  id: number;
  issueId: number;
  userId: number;
  action: 'add' | 'remove';
  label: string;
  createdAt: string;
};

/** What happened to an issue, for those who deliver webhooks. */
export type Happening =
  | {
      kind: 'issue';
      issue: StoredIssue;
      actorId: number;
      action: 'open' | 'update' | 'close' | 'reopen';
      before: StoredIssue | undefined;
    }
  | { kind: 'note'; issue: StoredIssue; actorId: number; action: 'create' | 'update'; note: StoredNote };

/** Everything that the embedded GitLab knows. Its clock is a parameter; nothing here is written to disk. */
export class World {
  readonly users: Account[] = [];
  readonly groups: Group[] = [];
  readonly projects: Project[] = [];
  readonly issues: StoredIssue[] = [];
  readonly notes: StoredNote[] = [];
  readonly stateChanges: StateChange[] = [];
  readonly labelChanges: LabelChange[] = [];
  readonly listeners: ((happening: Happening) => void)[] = [];
  readonly clock: () => Date;
  private lastId = 1000;

  constructor(clock: () => Date) {
    this.clock = clock;
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
      id,
      username,
      name: username,
      token: `glpat-${username}-${id}`,
      state: 'active',
      bot: false,
      ...more,
    };
    this.users.push(user);
    return user;
  }

  /** A private project in the group that its path names; both get ids of their own. */
  addProject(path: string, members: Record<string, number>, id = this.nextId()): Project {
    const groupPath = path.split('/').slice(0, -1).join('/');
    let group = this.groups.find((known) => known.path === groupPath);
    if (!group) this.groups.push((group = { id: this.nextId(), path: groupPath }));
    const levels = Object.entries(members).map(([username, level]) => [this.userNamed(username).id, level] as const);
    const project: Project = {
      ...{ id, path, groupId: group.id, members: new Map(levels), labels: new Map<string, Label>(), hooks: [] },
      ...{ triggerTokens: [], nextIid: 1 },
    };
    this.projects.push(project);
    return project;
  }

  userNamed(username: string): Account {
    const user = this.users.find((known) => known.username === username);
    if (!user) throw new Error(`the embedded GitLab has no user ${username}`);
    return user;
  }

  userById(id: number | null): Account | undefined {
    return this.users.find((user) => user.id === id);
  }

  projectOf(issue: { projectId: number }): Project {
    const project = this.projects.find(({ id }) => id === issue.projectId);
    if (!project) throw new Error(`the embedded GitLab has no project ${issue.projectId}`);
    return project;
  }

  issue(projectId: number, iid: number): StoredIssue | undefined {
    return this.issues.find((issue) => issue.projectId === projectId && issue.iid === iid);
  }

  tell(happening: Happening): void {
    for (const listener of this.listeners) listener(happening);
  }
}
