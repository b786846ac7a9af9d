import { demand, may } from './access.ts';
import { createIssue, editIssue, type IssueChanges } from './changes.ts';
import { badParameter } from './errors.ts';
import { interpret } from './quick-actions.ts';
import type { Account, Project, StoredIssue } from './records.ts';
import { crossReference } from './relations.ts';
import type { World } from './world.ts';

/**
 * Opens an issue as a user does: quick actions of its description run, parameters add to what they did, and one event tells
 * of it. Who may not create incidents gets an issue. Source: GitLab docs, api/issues, create; platform sheet, section 4.
 */
export function openIssue(world: World, author: Account, project: Project, given: IssueChanges): StoredIssue {
  demand(author, project, 'create an issue');
  const { title, description, type, ...rest } = given;
  if (title === undefined) throw badParameter('title is missing');
  const isIncident = type === 'incident' && may(author, project, 'create an incident');
  const issue = createIssue(world, author, project, title, isIncident ? 'incident' : 'issue');
  const asked = interpret(world, author, issue, description ?? '');
  const isBare = description === undefined || description === '';
  issue.description = isBare ? null : asked.text;
  // Whoever may open an issue may say all of it. Source: app/policies/issue_policy.rb, not persisted and guest_access.
  const fields: IssueChanges = { ...asked.changes, ...rest };
  const labels = [...(asked.changes.addLabels ?? []), ...(rest.labels ?? [])];
  delete fields.labels;
  delete fields.removeLabels;
  issue.confidential = rest.confidential === true || asked.changes.confidential === true;
  delete fields.confidential;
  editIssue(world, author, issue, { ...fields, addLabels: labels });
  for (const effect of asked.effects) effect();
  crossReference(world, author, issue, `${title}\n${issue.description ?? ''}`);
  world.tell({ kind: 'issue', issue, actorId: author.id, action: 'open', before: undefined });
  return issue;
}
