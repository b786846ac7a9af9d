import { isForgiven } from '../ci/errors.ts';
import type { Period } from '../decide/clocks.ts';
import { decideEvidence, type Evidence } from '../decide/evidence.ts';
import { measureAll } from '../decide/metrics.ts';
import { weeksBefore } from '../decide/weekly-review.ts';
import type { User } from '../gitlab/port.ts';
import type { Installation } from '../read/config.ts';
import { HISTORY_FILE, readKnownHistory } from '../read/known-history.ts';
import { readOwnAccount } from '../read/own-account.ts';
import type { Period as AskedPeriod } from '../read/period.ts';
import { renderMetricsCsv, renderIncidentsCsv } from '../render/metrics.ts';
import { renderDashboard } from '../render/dashboard.ts';
import type { Also } from '../render/steps.ts';
import { renderEvidence, renderEvidenceCsv } from '../render/evidence.ts';
import type { History, Metrics } from '../schema/types.gen.ts';
import { tendAnalyses } from './analyses.ts';
import type { Examined } from './examine.ts';
import { tendFollowUps } from './follow-ups.ts';
import { takeHistory, type TakenHistory } from './history.ts';
import { toLeft, type Left } from './left.ts';
import type { Tools } from './reconcile.ts';
import { keepWeeklyReview } from './weekly-review.ts';

/** Whole weeks that are measured beside the one that runs. */
const WEEKS = 12;

/** Files by their names. */
type Files = Record<string, string>;

/** What files are made of. */
type Given = { history: History; config: Installation; now: Date };

/** What is made of a history, each a file or several. */
const FILES: readonly ((given: Given & { metrics: Metrics; period: Period }) => Files | Promise<Files>)[] = [
  ({ history }) => ({ [HISTORY_FILE]: `${JSON.stringify(history)}\n` }),
  ({ metrics }) => ({ 'metrics.json': inLines(metrics), 'metrics.csv': renderMetricsCsv(metrics) }),
  ({ history, period, config, now }) => ({ 'incidents.csv': renderIncidentsCsv(history, period, config, now) }),
  async (given) => within('public', await renderDashboard(given)),
];

/** What is made of the evidence of a period. */
const EVIDENCE: readonly ((evidence: Evidence) => Files)[] = [
  (evidence) => ({ 'evidence.json': inLines(evidence) }),
  (evidence) => ({ 'evidence.md': renderEvidence(evidence), 'evidence.csv': renderEvidenceCsv(evidence) }),
];

/** What was done on account of a history beside its files, in words, and what was left. */
type Done = { also: Also[]; leftOver: Left[] };

/**
 * What else is due whenever reports are made, such as the weekly review: each is given the history and all open issues, and
 * whether it is a dry run by its tools.
 */
const DUTIES: readonly ((taken: TakenHistory, me: User, tools: Tools, log: ReportJob['log']) => Promise<Done>)[] = [
  async (taken, me, tools, log) => told(await tendFollowUps(taken, me, tools, log), tools),
  async (_taken, me, tools, log) => told(await tendAnalyses(me, tools, log), tools),
  keepWeeklyReview,
];

/** One duty that cannot be done stops no other, and none of the files. */
async function forgiving(duty: () => Promise<Done>): Promise<Done> {
  try {
    return await duty();
  } catch (error) {
    if (!isForgiven(error)) throw error;
    return { also: [], leftOver: [toLeft('report', error)] };
  }
}

/** What was done to single issues, in words, or would be. */
function told({ incidents, leftOver }: Examined, { dryRun }: Tools): Done {
  if (dryRun) return { also: incidents.flatMap(({ planned }) => planned), leftOver };
  const also = incidents.flatMap(({ issue, actions }) => actions.map((action) => `${issue.reference}: ${action}`));
  return { also, leftOver };
}

/** What the run of a report needs beside its tools: where files of the run before lie, Watchkeeper's own project, and a log. */
export type ReportJob = { outFolder: string; ownProjectId?: number; log: (line: string) => void };

/** What a run came to: its files, what it has to say, and what it left. */
export type Reported = Done & { files: Files; told: string };

/** Takes the history, does what is due by it, and makes all files of it; in a dry run it says how many, and writes none. */
export async function report(tools: Tools, job: ReportJob): Promise<Reported> {
  const { gitlab, config, now, dryRun } = tools;
  const me = await gitlab.me();
  const known = await knownTo(job);
  const taken = await takeHistory(gitlab, me, config, { now, known, progress: job.log });
  const done: Done[] = [];
  for (const duty of DUTIES) done.push(await forgiving(() => duty(taken, me, tools, job.log)));
  const { history } = taken;
  const period = { from: weeksBefore(WEEKS, now, config.time_zone), to: now };
  const files = await madeOf(FILES, {
    history,
    config,
    now,
    period,
    metrics: measureAll(history, period, config, now),
  });
  return {
    ...{ also: done.flatMap(({ also }) => also), leftOver: done.flatMap(({ leftOver }) => leftOver) },
    ...ending(files, taken.history, dryRun),
  };
}

/** Makes the evidence of a period, and nothing else. */
export async function reportEvidence(period: AskedPeriod, tools: Tools, job: ReportJob): Promise<Reported> {
  const { gitlab, config, now, dryRun, commit } = tools;
  const me = await gitlab.me();
  // All is read anew: evidence rests on GitLab's record alone, and on no file.
  const options = { now, since: period.from, progress: job.log };
  const { history } = await takeHistory(gitlab, me, config, options);
  const account = await readOwnAccount(gitlab, config, period, job.ownProjectId);
  const asked = { created: account.incidents, runs: account.sweeps?.map(({ createdAt }) => createdAt), commit };
  const evidence = decideEvidence(
    history,
    { from: new Date(period.from), to: new Date(period.to) },
    config,
    asked,
    now,
  );
  const files = await madeOf(EVIDENCE, evidence);
  return { also: [], leftOver: [], ...ending(files, history, dryRun) };
}

async function knownTo({ outFolder, log }: ReportJob): Promise<History | undefined> {
  const { known, warning } = await readKnownHistory(outFolder);
  if (warning !== undefined) log(`warning: ${warning}`);
  return known;
}

async function madeOf<G>(makers: readonly ((given: G) => Files | Promise<Files>)[], given: G): Promise<Files> {
  const made = await Promise.all(makers.map(async (make) => make(given)));
  return Object.assign({}, ...made) as Files;
}

function within(folder: string, files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));
}

function inLines(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function ending(files: Files, history: History, dryRun: boolean): Pick<Reported, 'files' | 'told'> {
  const { incidents, shifts, follow_ups: followUps, analyses } = history;
  const counts = [many(incidents, 'incident'), many(shifts, 'shift'), many(followUps, 'follow-up')];
  const made = many(Object.keys(files), 'file');
  return { files: dryRun ? {} : files, told: `${[...counts, many(analyses, 'analysis')].join(', ')}: ${made}` };
}

function many({ length }: readonly unknown[], what: string): string {
  return `${length} ${length === 1 ? what : what.replace(/is$/, 'e') + 's'}`;
}
