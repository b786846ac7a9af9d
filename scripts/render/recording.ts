import type { Issue, Note } from '../gitlab/port.ts';
import { FILES } from '../read/recorded-files.ts';
import type { Recording } from '../read/recording.ts';

const HOST = 'https://gitlab.example.com';
const SEVERITIES = ['UNKNOWN', 'CRITICAL', 'HIGH', 'MEDIUM', 'LOW'];

/** The files of a recording, in the form in which GitLab's API answers, and its configuration as `oncall.yml` (JSON is YAML). */
export function renderRecording(recording: Recording, config: object): Record<string, string> {
  const { at, me, issue, notes, stateEvents, labelEvents, emojis, members, others, isAnalysis } = recording;
  const files: Record<string, unknown> = {
    [FILES.issue]: toRaw(issue),
    [FILES.notes]: notes.map(toRawNote),
    [FILES.stateEvents]: stateEvents.map(({ id, state, user, createdAt }) => ({
      id,
      state,
      user,
      created_at: createdAt,
    })),
    [FILES.labelEvents]: labelEvents.map(({ id, action, label, user, createdAt }) => ({
      ...{ id, action, user, created_at: createdAt },
      label: label === undefined ? null : { name: label },
    })),
    [FILES.emojis]: emojis.map(({ id, name, user, createdAt }) => ({ id, name, user, created_at: createdAt })),
    [FILES.members]: members.map(({ level, ...user }) => ({ ...user, access_level: level })),
    [FILES.others]: others.map((other) => ({ ...toRaw(other.issue), notes: other.notes.map(toRawNote) })),
    [FILES.rehearsal]: { at, bot: me, ...(isAnalysis ? { kind: 'analysis' } : {}) },
    [FILES.config]: config,
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, value]) => [name, `${JSON.stringify(value, null, 2)}\n`]),
  );
}

function toRaw(issue: Issue): object {
  const { duplicateOf, severity = 0 } = issue;
  const target = duplicateOf ? `${HOST}/api/v4/projects/${duplicateOf.projectId}/issues/${duplicateOf.iid}` : null;
  const hidden = issue.isDuplicate ? `${HOST}/api/v4/hidden` : null;
  return {
    ...{ iid: issue.iid, project_id: issue.projectId, title: issue.title, description: issue.description },
    ...{ state: issue.state, issue_type: issue.isIncidentType ? 'incident' : 'issue', labels: issue.labels },
    ...{ assignees: issue.assignees, author: issue.author, severity: SEVERITIES[severity] },
    ...{ confidential: issue.confidential, discussion_locked: issue.locked },
    ...{ created_at: issue.createdAt, updated_at: issue.updatedAt, closed_at: issue.closedAt ?? null },
    ...{ closed_by: issue.closedBy ?? null, due_date: issue.dueOn ?? null, moved_to_id: issue.movedToId ?? null },
    ...{ web_url: issue.webUrl, references: { full: issue.reference } },
    _links: { closed_as_duplicate_of: target ?? hidden },
  };
}

function toRawNote({ id, body, author, system, createdAt }: Note): object {
  return { id, body, author, system, created_at: createdAt };
}
