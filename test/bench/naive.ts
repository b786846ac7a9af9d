import { IssueNotes, Issues } from '@gitbeaker/rest';
import type { Access } from './triage-model.ts';

type Listed = { iid: number; description: string | null };

/** What a script on gitbeaker does that a person writes in an afternoon: which issues it looks at, which it acts upon, and how. */
export type Script = { state: 'opened' | 'closed'; isWrong: (issue: Listed) => boolean; label: string; comment: string };

/**
 * Lists the incidents, then goes one issue at a time: shows it, lists its comments, and where it is wrong and nobody said so,
 * labels it, reopens it and comments. Gives how many issues were acted upon.
 */
export async function runNaively({ state, isWrong, label, comment }: Script, { address, token }: Access, projectId: number): Promise<number> {
  // Without its own limits per minute, as all that is compared here.
  const service = { host: address, token, rateLimits: {} };
  const [issues, notes] = [new Issues(service), new IssueNotes(service)];
  const listed = (await issues.all({ projectId, state, issueType: 'incident', perPage: 100 })) as unknown as Listed[];
  let acted = 0;
  for (const { iid } of listed) {
    const issue = (await issues.show(iid, { projectId })) as unknown as Listed;
    const said = await notes.all(projectId, iid, { perPage: 100 });
    if (!isWrong(issue) || said.some(({ body }) => body === comment)) continue;
    await issues.edit(projectId, iid, { addLabels: label, stateEvent: 'reopen' });
    await notes.create(projectId, iid, comment);
    acted += 1;
  }
  return acted;
}
