import { readFile, stat } from 'node:fs/promises';
import { SetupError } from '../ci/errors.ts';
import type { MergeRequestRef } from '../gitlab/merge-request-port.ts';
import type { IssueRef } from '../gitlab/port.ts';
import { isPagerDutyPayload, readPageEvent, type PageEvent } from './pagerduty-event.ts';
import type { IdsEvent } from '../schema/types.gen.ts';
import { demandPayload } from './payload.ts';

/** What an event names: an issue to look at and who caused the event, a merge request, a page and what happened to it, that a token comes to its end, or why there is nothing to look at. */
export type Event =
  | { kind: 'issue'; ref: IssueRef; userId: number | undefined }
  | { kind: 'merge_request'; ref: MergeRequestRef }
  | { kind: 'page'; page: PageEvent }
  | { kind: 'token' }
  | { kind: 'nothing'; reason: string };

const LONGEST_BYTES = 10 * 1024 * 1024;
const CURE = 'See docs/install-by-hand.md, "The webhook".';

/**
 * Reads the webhook payload that started the pipeline: `TRIGGER_PAYLOAD` is the path of a file (GitLab's file-type
 * variable) or the JSON itself. Of GitLab's only ids are taken, and they are hints, as is what PagerDuty's say. Throws a SetupError for what is no JSON.
 */
export async function readEvent(payload: string | undefined): Promise<Event> {
  if (!payload?.trim()) {
    throw new SetupError(`TRIGGER_PAYLOAD is not set: this door runs in a pipeline that a webhook triggers. ${CURE}`);
  }
  return toEvent(parse(payload.trimStart().startsWith('{') ? payload : await readPayloadFile(payload)));
}

/** The merge request that a pipeline runs for, else that of the hook that started it. Throws as `readEvent` does. */
export async function readMergeRequestEvent({
  mergeRequest,
  payload,
}: {
  mergeRequest?: MergeRequestRef;
  payload: string | undefined;
}): Promise<Extract<Event, { kind: 'merge_request' | 'nothing' }>> {
  if (mergeRequest) return { kind: 'merge_request', ref: mergeRequest };
  if (!payload?.trim())
    throw new SetupError(
      'No merge request is named: set CI_MERGE_REQUEST_PROJECT_ID and CI_MERGE_REQUEST_IID, as a merge request pipeline has them, or TRIGGER_PAYLOAD.',
    );
  const event = await readEvent(payload);
  return event.kind === 'merge_request' || event.kind === 'nothing'
    ? event
    : nothing('not an event of a merge request');
}

async function readPayloadFile(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size <= LONGEST_BYTES) return await readFile(path, 'utf8');
    const megabytes = (size / 1024 / 1024).toFixed(1);
    throw new SetupError(
      `The payload has ${megabytes} MiB, more than 10: give the webhook its custom template of ids. ${CURE}`,
    );
  } catch (cause) {
    if (cause instanceof SetupError) throw cause;
    throw new SetupError(`TRIGGER_PAYLOAD names no readable file. ${CURE}`, { cause });
  }
}

function parse(text: string): unknown {
  if (text.trim() === '') throw new SetupError(`The payload is empty. ${CURE}`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const hint = 'before GitLab 18.6 a custom template breaks on quotes: send ids only';
    throw new SetupError(`The payload is no JSON (${hint}). ${CURE}`, { cause });
  }
}

function toEvent(payload: unknown): Event {
  if (payload === null || typeof payload !== 'object') return nothing('the payload is not one of GitLab or PagerDuty');
  if (!('object_kind' in payload)) {
    return isPagerDutyPayload(payload)
      ? readPageEvent(payload)
      : nothing('the payload is not one of GitLab or PagerDuty');
  }
  const kind = payload.object_kind;
  if (kind === 'issue' || kind === 'work_item')
    return 'object_attributes' in payload ? issueEvent(payload) : idsEvent(payload);
  if (kind === 'timer') return timerEvent(payload);
  if (kind === 'merge_request') return mergeRequestEvent(payload);
  if (kind === 'access_token') return { kind: 'token' };
  if (kind !== 'note' && kind !== 'emoji') return nothing('not an event of an issue');
  return 'issue' in payload || !('project_id' in payload && 'issue_iid' in payload)
    ? onIssue(kind, payload)
    : idsEvent(payload);
}

function issueEvent(payload: object): Event {
  const { user, project, object_attributes: issue } = demandPayload('event-issue', payload, CURE);
  if (!issue.action) return nothing("a test delivery: the webhook's test button works");
  return project ? found(project.id, issue.iid, user?.id) : nothing('not about an issue of a project');
}

function onIssue(kind: 'note' | 'emoji', payload: object): Event {
  const { user, project_id, issue } = demandPayload(`event-${kind}`, payload, CURE);
  return issue ? found(project_id, issue.iid, user?.id) : nothing('not about an issue');
}

function idsEvent(payload: object): Event {
  const { object_kind, action, project_id, iid, issue_iid, user_id } = demandPayload('event-ids', payload, CURE);
  const isIssue = object_kind === 'issue' || object_kind === 'work_item';
  if (isIssue && !action) return nothing("a test delivery: the webhook's test button works");
  const number = isIssue ? iid : issue_iid || iid;
  return number && project_id
    ? found(project_id, number, user_id || undefined)
    : nothing('not about an issue of a project');
}

/** Its project is the one that it would be merged into. Source: GitLab docs, user/project/integrations/webhook_events. */
function mergeRequestEvent(payload: object): Event {
  const named = 'object_attributes' in payload ? whole(payload) : demandPayload('event-ids', payload, CURE);
  const { action, project_id: projectId, iid } = named;
  if (!action) return nothing("a test delivery: the webhook's test button works");
  if (!projectId || !iid) return nothing('not about a merge request of a project');
  return { kind: 'merge_request', ref: { projectId: Number(projectId), iid: Number(iid) } };
}

function whole(payload: object): Pick<IdsEvent, 'action' | 'project_id' | 'iid'> {
  const { project, object_attributes: attributes } = demandPayload('event-merge-request', payload, CURE);
  return { project_id: project?.id ?? null, iid: attributes.iid, action: attributes.action ?? null };
}

/** What `.gitlab-ci.yml` gives the job `timer`: an issue to look at again, which nobody asked for now. */
function timerEvent(payload: object): Event {
  const { project_id, iid } = demandPayload('event-ids', payload, CURE);
  return project_id && iid ? found(project_id, iid, undefined) : nothing('not about an issue of a project');
}

function found(projectId: number | string, iid: number | string, userId: number | string | undefined): Event {
  const ref = { projectId: Number(projectId), iid: Number(iid) };
  return { kind: 'issue', ref, userId: userId === undefined ? undefined : Number(userId) };
}

function nothing(reason: string): Extract<Event, { kind: 'nothing' }> {
  return { kind: 'nothing', reason };
}
