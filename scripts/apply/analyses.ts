import { analysisInstallation, isOverdue } from '../decide/analysis-issue.ts';
import { gateSince, wasClosedLately } from '../decide/situation.ts';
import { NotFound } from '../gitlab/errors.ts';
import type { Issue, Source, User } from '../gitlab/port.ts';
import { analysisPlaces, isAnalysisIssue } from '../read/analyses.ts';
import { issueKey, SETTLED } from '../read/candidates.ts';
import { placeNotThere } from '../read/config.ts';
import type { Config } from '../schema/types.gen.ts';
import { examine, type Examined, type Look } from './examine.ts';
import { reconcile, type Reconciled, type Tools } from './reconcile.ts';
import { analysisRules } from './rules.ts';

const WEEK_MS = 7 * 86_400_000;

/** Looks at one root cause analysis: its closing, its commands, its time. One that lost its label gets it back first. */
export async function tendAnalysis(issue: Issue, me: User, tools: Tools): Promise<Reconciled> {
  const { gitlab, config, dryRun } = tools;
  const { label } = config.rca;
  const isLabelled = issue.labels.includes(label) || dryRun;
  const change = { addLabels: [label], removeLabels: [] };
  const labelled = isLabelled ? issue : await gitlab.changeIssue(issue, change, () => Promise.resolve(false));
  return reconcile(labelled, me, { ...tools, config: analysisInstallation(config), rules: analysisRules });
}

/**
 * Looks at the analyses that may need it, whatever events told of them: those that were closed in the last 7 days (and since
 * `gate.since`) and are not settled, those that are open and were touched since, and those past their time. It costs two
 * lists a source.
 */
export async function tendAnalyses(me: User, tools: Tools, progress: (line: string) => void): Promise<Examined> {
  const { config, now } = tools;
  if (config.rca.mode === 'off') return { incidents: [], leftOver: [] };
  const botIds = [me.id, ...config.bot.former_ids];
  const found = new Map<string, Issue>();
  for (const source of analysisPlaces(config))
    for (const issue of await listAnalyses(source, tools)) found.set(issueKey(issue), issue);
  const since = lookBack(config, now);
  const isToSee = (issue: Issue): boolean =>
    issue.state === 'closed'
      ? wasClosedLately(issue, config, now) && (issue.closedAt ?? '') >= since
      : issue.updatedAt >= since || isOverdue(issue, config, now);
  const due = [...found.values()].filter((issue) => isToSee(issue) && isAnalysisIssue(issue, botIds, config));
  const looks = due.map((issue): Look => {
    return { reference: issue.reference, look: () => tendAnalysis(issue, me, tools) };
  });
  return examine(looks, progress);
}

/** A week at the most: analyses that a team wrote long before are history, though the gate goes back further. */
function lookBack(config: Config, now: Date): string {
  const weekAgo = new Date(now.getTime() - WEEK_MS).toISOString();
  const since = gateSince(config, now);
  return since > weekAgo ? since : weekAgo;
}

/** All that are open, and those closed since whose labels do not say that they are settled. */
async function listAnalyses(source: Source, { gitlab, config, now }: Tools): Promise<Issue[]> {
  const labels = [config.rca.label];
  try {
    return [
      ...(await gitlab.issues(source, { state: 'opened', labels })),
      ...(await gitlab.issues(source, {
        ...{ state: 'closed', labels, withoutLabels: SETTLED, updatedAfter: lookBack(config, now) },
      })),
    ];
  } catch (cause) {
    if (!(cause instanceof NotFound)) throw cause;
    throw placeNotThere(source, 'rca.project', config, cause);
  }
}
