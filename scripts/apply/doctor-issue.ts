import type { Finding } from '../decide/findings.ts';
import { levelOf } from '../decide/findings.ts';
import { call } from '../decide/merge.ts';
import { managersOnCall } from '../decide/on-call.ts';
import type { Issue, NewIssue, User } from '../gitlab/port.ts';
import { projectOr } from '../read/config.ts';
import { keyOf } from '../read/keys.ts';
import { dayOf } from '../read/time.ts';
import { render } from '../render/engine.ts';
import { wordsOf } from '../render/setup.ts';
import { keepBoard } from './board.ts';
import { closeDuplicates, createOnce, keeperIn, type Keeper } from './keyed.ts';
import type { Tools } from './reconcile.ts';

/**
 * Keeps an issue while something is wrong with the installation: a failed job that nobody sees tells nobody. It is confidential,
 * calls the managers once, has what is wrong in one comment, and is closed once nothing is. Where sources are groups alone, it is in
 * the project that Watchkeeper runs in. Gives what was done, in words.
 */
export async function tellFindings(findings: readonly Finding[], homeId: number, tools: Tools): Promise<string> {
  const { gitlab, config, now, dryRun } = tools;
  const project = projectOr(undefined, config) ?? { kind: 'project', id: homeId };
  const me = await gitlab.me();
  const keeper = keeperIn(project, me, tools);
  const wrong = findings.filter((finding) => levelOf(finding) !== 'note');
  const open = await gitlab.issues(project, { state: 'opened', search: 'watchkeeper:doctor' });
  const ours = [me.id, ...config.bot.former_ids];
  const [known] = open
    .filter(({ author, description }) => ours.includes(author.id) && keyOf(description)?.startsWith('doctor '))
    .sort((a, b) => a.iid - b.iid);
  if (!known && wrong.length === 0) return 'nothing to tell';
  if (dryRun) return 'would keep an issue that tells what is wrong';
  const issue = known ?? (await openIssue(`doctor ${dayOf(now, config.time_zone)}`, keeper, tools));
  await keepComment(issue, wrong, me, tools);
  if (wrong.length > 0) return `told in ${issue.reference}`;
  await setState(issue, 'close', gitlab);
  return `${issue.reference} is closed: all is in order again`;
}

async function openIssue(key: string, keeper: Keeper, { config, now }: Tools): Promise<Issue> {
  const describe = (): NewIssue => ({
    title: 'Watchkeeper is not in order',
    description: render('issues/doctor', { managers: managersOnCall(config, now) }),
    ...{ labels: [], confidential: true, assigneeIds: [], isIncident: false },
  });
  const issues = await createOnce(key, describe, keeper);
  await closeDuplicates(issues, keeper);
  const [issue] = issues;
  if (issue.state === 'closed') await setState(issue, 'reopen', keeper.gitlab);
  return issue;
}

async function setState(issue: Issue, state: 'close' | 'reopen', gitlab: Tools['gitlab']): Promise<void> {
  await gitlab.changeIssue(issue, { addLabels: [], removeLabels: [], state }, () => Promise.resolve(false));
}

async function keepComment(issue: Issue, wrong: readonly Finding[], me: User, tools: Tools): Promise<void> {
  const rows = wrong.map((finding) => ({ code: finding.code, where: finding.where, ...wordsOf(finding) }));
  await keepBoard(issue, call('doctor', 'board', {}, { words: 'doctor', rows }), me, tools);
}
