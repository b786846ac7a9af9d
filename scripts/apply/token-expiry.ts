import { daysLeft, isEnding } from '../decide/token-expiry.ts';
import { managersOnCall } from '../decide/on-call.ts';
import { projectOr } from '../read/config.ts';
import { render } from '../render/engine.ts';
import { closeDuplicates, createOnce, findByKey, keeperIn } from './keyed.ts';
import type { Tools } from './reconcile.ts';

/**
 * Warns the managers that the bot's token comes to its end: by one confidential issue for each last day. That a hook says so is a
 * hint; GitLab is asked. Gives what was done, in words.
 */
export async function warnOfExpiry(tools: Tools): Promise<string> {
  const { gitlab, config, now, dryRun } = tools;
  const day = await gitlab.tokenEndsOn();
  if (day === undefined) return "the bot's token has no end";
  if (!isEnding(day, now)) return `the bot's token lasts until ${day}`;
  const project = projectOr(undefined, config);
  if (!project) return `the bot's token ends on ${day}, and no project is among the sources to tell it in`;
  const me = await gitlab.me();
  const keeper = keeperIn(project, me, tools);
  const key = `token-ends ${day}`;
  const found = await findByKey(key, keeper);
  if (found.length > 0 || dryRun)
    return `the bot's token ends on ${day}: ${found.length > 0 ? 'told' : 'would be told'} in an issue`;
  const managers = managersOnCall(config, now);
  const describe = (): Parameters<typeof keeper.gitlab.createIssue>[1] => ({
    title: `The token of Watchkeeper ends on ${day}`,
    description: render('issues/token-expiry', { day, days: daysLeft(day, now), managers, bot: me.username }),
    ...{ labels: [], confidential: true, assigneeIds: [], isIncident: false, dueOn: day },
  });
  const issues = await createOnce(key, describe, keeper, found);
  await closeDuplicates(issues, keeper);
  return `the bot's token ends on ${day}: told in ${issues[0].reference}`;
}
