import type { Installation } from '../../scripts/read/config.ts';
import { COMPLETE } from '../../scripts/sandbox/story/descriptions.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { linksOf } from '../../scripts/sandbox/world/relations.ts';
import type { Scene } from './gitlab.ts';
import { config } from './snapshot.ts';

/** A configuration with follow-ups, and what a test wants different of them. */
export function withFollowUps(more: object = {}, others: object = {}): Installation {
  return config({ follow_ups: more, ...others });
}

/** A complete incident with these improvement notes. */
export function noting(...notes: string[]): string {
  return COMPLETE.replace(/## Improvement notes[^]*$/, `## Improvement notes\n\n${notes.map((note) => `- ${note}`).join('\n')}\n`);
}

/** The follow-ups that there are of an incident, by when they were created. */
export function followUpsIn(scene: Scene, { projectId, iid }: StoredIssue): StoredIssue[] {
  const key = `<!-- watchkeeper:follow-up ${projectId}-${iid}-`;
  return scene.gitlab.world.issues.filter(({ description }) => description?.startsWith(key));
}

/** The titles of what an issue is linked with; a duplicate, which GitLab links with what it duplicates, is none. */
export function linkedWith(scene: Scene, issue: StoredIssue): string[] {
  return linksOf(scene.gitlab.world, issue)
    .filter(({ other }) => other.duplicatedToId === null)
    .map(({ other }) => other.title)
    .sort();
}
