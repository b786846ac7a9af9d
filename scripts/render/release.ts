import { render, tidy } from './engine.ts';

/** What the notes of a release say beside the changes: whose package it is, and the digest of the bundle (hexadecimal). */
export type Published = { changes: string; tag: string; project: string; projectId: string; sha256: string };

/** The notes of a release: what changed, and what to write to include it. Source of the address: GitLab docs, user/packages/generic_packages. */
export function renderReleaseNotes({ changes, tag, project, projectId, sha256 }: Published): string {
  const bundle_url = `$CI_API_V4_URL/projects/${projectId}/packages/generic/watchkeeper/${tag}/watchkeeper.cjs`;
  return tidy(render('setup/release-notes', { changes, tag, project, bundle_url, sha256 }));
}
