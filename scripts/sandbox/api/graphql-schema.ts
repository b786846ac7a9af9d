/**
 * The part of GitLab's GraphQL schema that Watchkeeper speaks, in GitLab's own names.
 * Source: GitLab docs, api/graphql/reference; app/graphql/types; platform sheet, section 6.
 */
export const SCHEMA = `
  scalar Time
  scalar IssueID
  scalar NoteableID
  enum IssuableState { opened closed locked all }
  enum IssueType { ISSUE INCIDENT TASK }
  enum IssuableSeverity { UNKNOWN LOW MEDIUM HIGH CRITICAL }
  enum IssueEscalationStatus { TRIGGERED ACKNOWLEDGED RESOLVED IGNORED }

  type Query {
    currentUser: UserCore
    project(fullPath: ID!): Project
    queryComplexity: QueryComplexity
  }
  type QueryComplexity { score: Int limit: Int }
  type UserCore { id: ID! username: String! name: String! bot: Boolean! }
  type PageInfo { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String }
  type Project {
    id: ID!
    name: String!
    fullPath: ID!
    issue(iid: String): Issue
    issues(first: Int, after: String, iids: [String!], state: IssuableState, types: [IssueType!], labelName: [String], updatedAfter: Time): IssueConnection
    incidentManagementTimelineEvents(incidentId: IssueID!, first: Int, after: String): TimelineEventTypeConnection
  }
  type IssueConnection { nodes: [Issue] pageInfo: PageInfo! count: Int! }
  type Label { id: ID! title: String! color: String! description: String }
  type LabelConnection { nodes: [Label] pageInfo: PageInfo! count: Int! }
  type UserCoreConnection { nodes: [UserCore] pageInfo: PageInfo! count: Int! }
  type Note { id: ID! body: String! system: Boolean! internal: Boolean! author: UserCore createdAt: Time! updatedAt: Time! }
  type NoteConnection { nodes: [Note] pageInfo: PageInfo! count: Int! }
  type Issue {
    id: ID!
    iid: ID!
    title: String!
    description: String
    state: IssuableState!
    type: IssueType
    severity: IssuableSeverity
    escalationStatus: IssueEscalationStatus
    confidential: Boolean!
    createdAt: Time!
    updatedAt: Time!
    closedAt: Time
    author: UserCore!
    assignees(first: Int, after: String): UserCoreConnection
    labels(first: Int, after: String): LabelConnection
    notes(first: Int, after: String): NoteConnection!
    webUrl: String!
  }
  type TimelineEventTagType { id: ID! name: String! }
  type TimelineEventTagTypeConnection { nodes: [TimelineEventTagType] pageInfo: PageInfo! count: Int! }
  type TimelineEventType {
    id: ID!
    note: String
    action: String!
    editable: Boolean!
    occurredAt: Time!
    createdAt: Time!
    author: UserCore
    incident: Issue!
    timelineEventTags(first: Int, after: String): TimelineEventTagTypeConnection
  }
  type TimelineEventTypeConnection { nodes: [TimelineEventType] pageInfo: PageInfo! count: Int! }

  type Mutation {
    issueSetSeverity(input: IssueSetSeverityInput!): IssueSetSeverityPayload
    issueSetEscalationStatus(input: IssueSetEscalationStatusInput!): IssueSetEscalationStatusPayload
    timelineEventCreate(input: TimelineEventCreateInput!): TimelineEventCreatePayload
    createNote(input: CreateNoteInput!): CreateNotePayload
  }
  input IssueSetSeverityInput { clientMutationId: String projectPath: ID! iid: String! severity: IssuableSeverity! }
  input IssueSetEscalationStatusInput { clientMutationId: String projectPath: ID! iid: String! status: IssueEscalationStatus! }
  input TimelineEventCreateInput { clientMutationId: String incidentId: IssueID! note: String! occurredAt: Time! timelineEventTagNames: [String!] }
  input CreateNoteInput { clientMutationId: String noteableId: NoteableID! body: String! internal: Boolean }
  type IssueSetSeverityPayload { clientMutationId: String errors: [String!]! issue: Issue }
  type IssueSetEscalationStatusPayload { clientMutationId: String errors: [String!]! issue: Issue }
  type TimelineEventCreatePayload { clientMutationId: String errors: [String!]! timelineEvent: TimelineEventType }
  type CreateNotePayload { clientMutationId: String errors: [String!]! note: Note }
`;
