import { canReadInternal, canSee, levelOf } from '../world/access.ts';
import {
  LEVEL,
  type Account,
  type Project,
  type StoredIssue,
  type StoredNote,
  type TimelineEvent,
} from '../world/records.ts';
import type { World } from '../world/world.ts';

/** Who asks, of what. */
export type Caller = { world: World; user: Account; base: string };

/** Clients may say null where they want nothing, as for the first page. */
type PageArguments = { first?: number | null; after?: string | null };
type IssuesArguments = PageArguments & {
  iids?: string[];
  state?: string;
  types?: string[];
  labelName?: string[];
  updatedAfter?: string;
};

const PAGE = 100;

/** What may be asked. What the caller may not see is null, as if it were not there. */
export function queries(caller: Caller): object {
  const { world, user } = caller;
  return {
    currentUser: showUser(user),
    project: ({ fullPath }: { fullPath: string }) => {
      const project = world.projectAt(fullPath);
      return project && levelOf(user, project) >= LEVEL.guest ? showProject(caller, project) : null;
    },
  };
}

function showProject(caller: Caller, project: Project): object {
  const { world, user } = caller;
  const isVisible = (issue: StoredIssue | undefined): issue is StoredIssue =>
    issue?.projectId === project.id && canSee(world, user, issue);
  const numbered = (iid = ''): StoredIssue[] =>
    [world.issue(project.id, Number(iid))].filter(isVisible).filter((issue) => String(issue.iid) === iid);
  return {
    ...{ id: `gid://gitlab/Project/${project.id}`, name: project.path.split('/').at(-1), fullPath: project.path },
    issue: ({ iid }: { iid?: string }) => {
      const [issue] = numbered(iid);
      return issue ? showIssue(caller, issue) : null;
    },
    issues: ({ iids, state, types, labelName, updatedAfter, ...paging }: IssuesArguments) => {
      const asked = iids ? [...new Set(iids)].flatMap(numbered).sort((a, b) => a.id - b.id) : world.issues;
      const found = asked.filter(
        (issue) =>
          isVisible(issue) &&
          (state === undefined || state === 'all' || issue.state === state) &&
          (types?.includes(issue.type.toUpperCase()) ?? true) &&
          (labelName ?? []).every((label) => issue.labels.includes(label)) &&
          Date.parse(issue.updatedAt) >= Date.parse(updatedAfter ?? '1970-01-01T00:00:00Z'),
      );
      return connection([...found].reverse(), paging, (issue) => showIssue(caller, issue));
    },
    incidentManagementTimelineEvents: ({ incidentId, ...paging }: { incidentId: string } & PageArguments) => {
      const issue = world.issueById(Number(/^gid:\/\/gitlab\/Issue\/(\d+)$/.exec(incidentId)?.[1]));
      const events = isVisible(issue) ? inOrder([...world.timelineEvents.of(issue)]) : [];
      return connection(events, paging, (event) => showTimelineEvent(caller, event));
    },
  };
}

/** Source: app/finders/incident_management/timeline_events_finder.rb, order_occurred_at_asc_id_asc. */
function inOrder(events: TimelineEvent[]): TimelineEvent[] {
  return events.sort((a, b) => Date.parse(a.occurredAt) - Date.parse(b.occurredAt) || a.id - b.id);
}

export function showIssue(caller: Caller, issue: StoredIssue): object {
  const { world, user, base } = caller;
  const project = world.projectOf(issue);
  const { iid, title, description, state, severity, confidential, createdAt, updatedAt, closedAt } = issue;
  const notes = world.notes.of(issue).filter(({ internal }) => !internal || canReadInternal(world, user, issue));
  const people = issue.assigneeIds.flatMap((id) => world.userById(id) ?? []);
  const labels = issue.labels.flatMap((name) => world.labelOf(project, name) ?? []);
  return {
    ...{
      id: `gid://gitlab/Issue/${issue.id}`,
      iid,
      title,
      description,
      state,
      type: issue.type.toUpperCase(),
      severity,
    },
    escalationStatus: issue.type === 'incident' ? issue.escalationStatus : null,
    ...{ confidential, createdAt, updatedAt, closedAt, webUrl: `${base}/${project.path}/-/issues/${iid}` },
    author: showUser(world.userById(issue.authorId)),
    assignees: (paging: PageArguments) => connection(people, paging, showUser),
    labels: (paging: PageArguments) =>
      connection(labels, paging, (label) => ({
        ...label,
        id: `gid://gitlab/ProjectLabel/${label.id}`,
        title: label.name,
      })),
    notes: (paging: PageArguments) => connection([...notes].reverse(), paging, (note) => showNote(caller, note)),
  };
}

export function showNote({ world }: Caller, note: StoredNote): object {
  const { id, body, system, internal, createdAt, updatedAt } = note;
  const author = showUser(world.userById(note.authorId));
  return { id: `gid://gitlab/Note/${id}`, body, system, internal, createdAt, updatedAt, author };
}

export function showTimelineEvent(caller: Caller, event: TimelineEvent): object {
  const { world } = caller;
  const { id, note, action, editable, occurredAt, createdAt, tags } = event;
  const incident = world.issueById(event.issueId);
  return {
    ...{ id: `gid://gitlab/IncidentManagement::TimelineEvent/${id}`, note, action, editable, occurredAt, createdAt },
    ...{ author: showUser(world.userById(event.authorId)), incident: incident && showIssue(caller, incident) },
    timelineEventTags: (paging: PageArguments) =>
      connection(tags, paging, (name) => ({ id: `gid://gitlab/Tag/${name}`, name })),
  };
}

function showUser(user: Account | undefined): object | null {
  if (!user) return null;
  const { id, username, name, bot } = user;
  return { id: `gid://gitlab/User/${id}`, username, name, bot };
}

/** A page of a connection; the cursor is the place of its last item. */
function connection<T>(items: T[], { first, after }: PageArguments, show: (item: T) => unknown): object {
  const from = after ? Number(Buffer.from(after, 'base64url').toString()) : 0;
  const to = from + Math.min(first ?? PAGE, PAGE);
  const cursor = (place: number): string => Buffer.from(String(place)).toString('base64url');
  return {
    nodes: items.slice(from, to).map(show),
    count: items.length,
    pageInfo: {
      ...{ endCursor: cursor(Math.min(to, items.length)), startCursor: cursor(from) },
      ...{ hasNextPage: to < items.length, hasPreviousPage: from > 0 },
    },
  };
}
