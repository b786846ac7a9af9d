import type { StoredNote } from './records.ts';

/** The states that a commit status may be set to. Source: lib/api/commit_statuses.rb. */
export const STATES = ['pending', 'running', 'success', 'failed', 'canceled', 'skipped'] as const;

export type Commit = { id: string; message: string; authorId: number; createdAt: string; parentIds: string[] };

/** The default branch with its files as text, other branches by name, and commits. */
export type Repository = {
  defaultBranch: string;
  branches: Map<string, { head: string; files: Map<string, string> }>;
  commits: Commit[];
};

/**
 * A status that somebody set from outside, as a job of a pipeline. One that is over is replaced, not changed: `isReplaced`.
 * Source: GitLab docs, api/commits, commit status; app/services/ci/create_commit_status_service.rb.
 */
export type CommitStatus = {
  id: number;
  sha: string;
  ref: string;
  name: string;
  status: (typeof STATES)[number];
  description: string | null;
  targetUrl: string | null;
  authorId: number;
  createdAt: string;
  isReplaced: boolean;
};

export type MergeRequest = {
  id: number;
  iid: number;
  projectId: number;
  /** Another project where it comes from a fork. */
  sourceProjectId: number;
  title: string;
  description: string | null;
  sourceBranch: string;
  targetBranch: string;
  state: 'opened' | 'closed' | 'merged';
  authorId: number;
  sha: string;
  createdAt: string;
  updatedAt: string;
  mergedAt: string | null;
  mergedById: number | null;
  notes: Omit<StoredNote, 'issueId'>[];
};
