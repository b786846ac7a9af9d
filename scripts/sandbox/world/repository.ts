import type { StoredNote } from './records.ts';

export type Commit = { id: string; message: string; authorId: number; createdAt: string; parentIds: string[] };

/** The default branch with its files as text, other branches by name, and commits with their statuses. */
export type Repository = {
  defaultBranch: string;
  branches: Map<string, { head: string; files: Map<string, string> }>;
  commits: Commit[];
  statuses: CommitStatus[];
};

/** Source: GitLab docs, api/commits, commit status. */
export type CommitStatus = {
  id: number;
  sha: string;
  ref: string;
  name: string;
  status: 'pending' | 'running' | 'success' | 'failed' | 'canceled' | 'skipped';
  description: string | null;
  targetUrl: string | null;
  authorId: number;
  createdAt: string;
};

export type MergeRequest = {
  id: number;
  iid: number;
  projectId: number;
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
