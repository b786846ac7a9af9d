import type { CommitStatus } from './repository.ts';

/** The classes of events that a hook may hear of. Source: GitLab docs, api/project_webhooks. */
export const HOOK_EVENTS = [
  ...['push', 'issues', 'confidential_issues', 'merge_requests', 'tag_push', 'note', 'confidential_note'],
  ...['job', 'pipeline', 'wiki_page', 'deployment', 'releases', 'milestone', 'feature_flag', 'emoji'],
  'resource_access_token',
] as const;
export type HookEvent = (typeof HOOK_EVENTS)[number];

/** A project's webhook. `urlVariables` are the masked portions of its address. Source: GitLab docs, api/project_webhooks. */
export type Hook = {
  id: number;
  name: string | null;
  description: string | null;
  url: string;
  createdAt: string;
  urlVariables: Record<string, string>;
  customHeaders: Record<string, string>;
  /** The secret token that goes with each delivery; it is never shown. */
  token: string | null;
  template: string | null;
  events: Partial<Record<HookEvent, boolean>>;
  /** Failures in a row, and until when they keep it switched off. */
  failures: number;
  disabledUntil: string | null;
  deliveries: Delivery[];
};

/** How a delivery went. Source: GitLab docs, api/project_webhooks, list of events. */
export type Delivery = {
  id: number;
  hookId: number;
  /** The address as it is shown, with its portions masked. */
  url: string;
  /** `issue_hooks`, `note_hooks`, ... */
  trigger: string;
  requestHeaders: Record<string, string>;
  requestBody: string;
  responseHeaders: Record<string, string>;
  responseBody: string;
  /** An HTTP status, or 0 where there was no answer. */
  status: number;
  seconds: number;
  at: string;
};

/** A pipeline trigger token. Source: GitLab docs, api/pipeline_triggers. */
export type Trigger = {
  id: number;
  token: string;
  description: string;
  ownerId: number;
  createdAt: string;
  updatedAt: string;
  lastUsed: string | null;
};

/** A pipeline schedule. Source: GitLab docs, api/pipeline_schedules. */
export type Schedule = {
  id: number;
  description: string;
  /** In full, `refs/heads/main`. */
  ref: string;
  cron: string;
  cronTimezone: string;
  active: boolean;
  ownerId: number;
  createdAt: string;
  updatedAt: string;
  variables: { key: string; value: string; variable_type: 'env_var' | 'file'; raw: boolean }[];
  inputs: { name: string; value: unknown }[];
  lastPipelineId: number | null;
  lastPlayedAt: string | null;
};

/** A pipeline, as far as who started it and how matters. */
export type Pipeline = {
  id: number;
  iid: number;
  projectId: number;
  ref: string;
  sha: string;
  source: 'trigger' | 'pipeline' | 'schedule' | 'push' | 'merge_request_event' | 'api' | 'external';
  status: 'created' | 'pending' | 'scheduled' | 'running' | 'success' | 'failed';
  userId: number;
  createdAt: string;
  jobs: Job[];
  /** What others than its jobs say of its commit. */
  statuses: CommitStatus[];
};

/**
 * A job of a pipeline. Its token is good while it runs; a delayed one is `scheduled` until its time.
 * Source: GitLab docs, ci/jobs/ci_job_token, ci/jobs/job_control.
 */
export type Job = {
  name: string;
  status: 'created' | 'scheduled' | 'running' | 'success' | 'failed';
  token: string;
  /** When a delayed job is due; null for others. */
  scheduledAt: string | null;
};
