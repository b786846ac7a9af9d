import { ApiError } from './errors.ts';
import type { Account, Award, StoredIssue } from './records.ts';
import type { World } from './world.ts';

/** Gives an issue, or a comment of it, an emoji; it moves no time of the issue. Source: GitLab docs, api/emoji_reactions. */
export function awardEmoji(
  world: World,
  user: Account,
  issue: StoredIssue,
  name: string,
  noteId: number | null = null,
): Award {
  const isGiven = world.awards
    .of(issue)
    .some((one) => one.userId === user.id && one.name === name && one.noteId === noteId);
  if (isGiven) throw new ApiError(404, { message: '404 Award Emoji Name has already been taken Not Found' });
  const given = { id: world.nextId(), issueId: issue.id, name, userId: user.id, noteId, createdAt: world.now() };
  const award = world.awards.add(given);
  world.tell({ kind: 'emoji', issue, actorId: user.id, action: 'award', award });
  return award;
}

export function revokeEmoji(world: World, user: Account, issue: StoredIssue, award: Award): void {
  world.awards.remove(award);
  world.tell({ kind: 'emoji', issue, actorId: user.id, action: 'revoke', award });
}
