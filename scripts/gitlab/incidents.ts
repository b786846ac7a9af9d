import { NotFound } from './errors.ts';
import type { Graphql } from './graphql.ts';
import { demandShape, toList, toTimelineEvent, type RawTimelineEvent } from './map.ts';
import type { GitLab, NamedIssue, TimelineEvent, WritePace } from './port.ts';

type TimelinePage = { nodes?: RawTimelineEvent[]; pageInfo?: { hasNextPage: boolean; endCursor: string | null } };

const GLOBAL_ID = `query ($path: ID!, $iid: String!) { project(fullPath: $path) { issue(iid: $iid) { id } } }`;
const TIMELINE = `query ($path: ID!, $id: IssueID!, $after: String) {
  project(fullPath: $path) {
    incidentManagementTimelineEvents(incidentId: $id, first: 100, after: $after) {
      nodes { id occurredAt note author { id username } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;
const SET_STATUS = `mutation ($path: ID!, $iid: String!, $status: IssueEscalationStatus!) {
  issueSetEscalationStatus(input: { projectPath: $path, iid: $iid, status: $status }) { errors }
}`;
const ADD_EVENT = `mutation ($id: IssueID!, $occurredAt: Time!, $note: String!) {
  timelineEventCreate(input: { incidentId: $id, occurredAt: $occurredAt, note: $note }) { errors }
}`;

/** What incidents have beside issues, which REST does not show. Source: GitLab docs, api/graphql/reference. */
export function createIncidents(
  graphql: Graphql,
  writes: WritePace,
): Pick<GitLab, 'timeline' | 'setEscalationStatus' | 'addTimelineEvent'> {
  return {
    timeline: (issue) => readTimeline(graphql, issue),
    setEscalationStatus: (issue, status) =>
      writes.issue(() => graphql.change('issueSetEscalationStatus', SET_STATUS, { ...nameOf(issue), status }, true)),
    addTimelineEvent: async (issue, { occurredAt, note }) => {
      const id = await globalIdOf(graphql, issue);
      await writes.note(() => graphql.change('timelineEventCreate', ADD_EVENT, { id, occurredAt, note }, false));
    },
  };
}

async function readTimeline(graphql: Graphql, issue: NamedIssue): Promise<TimelineEvent[]> {
  const id = await globalIdOf(graphql, issue);
  const { path } = nameOf(issue);
  const events: TimelineEvent[] = [];
  for (let after: string | null = null; ;) {
    const project = await graphql.ask('project', TIMELINE, { path, id, after });
    const page = (project as { incidentManagementTimelineEvents?: TimelinePage | null } | null)
      ?.incidentManagementTimelineEvents;
    // Who may not see the timeline is given none.
    if (!page) return events;
    events.push(...toList(page.nodes, toTimelineEvent));
    demandShape(page.pageInfo !== undefined, 'a page');
    if (!page.pageInfo.hasNextPage) return events;
    after = page.pageInfo.endCursor;
  }
}

/** The mutations of timelines want the global id, which is not the number that people see. */
async function globalIdOf(graphql: Graphql, issue: NamedIssue): Promise<string> {
  const project = await graphql.ask('project', GLOBAL_ID, nameOf(issue));
  const id = (project as { issue?: { id?: string } | null } | null)?.issue?.id;
  if (id === undefined)
    throw new NotFound(
      `${issue.reference} is gone: deleted, or the bot may not see it any more; there is nothing left to do.`,
    );
  return id;
}

function nameOf({ reference, iid }: NamedIssue): { path: string; iid: string } {
  return { path: reference.slice(0, reference.lastIndexOf('#')), iid: String(iid) };
}
