import type { User } from '../gitlab/port.ts';
import type { Installation } from '../read/config.ts';
import { HISTORY_FILE, readKnownHistory } from '../read/known-history.ts';
import { readOwnAccount, type OwnAccount } from '../read/own-account.ts';
import type { Period } from '../read/period.ts';
import type { History } from '../schema/types.gen.ts';
import { takeHistory, type TakenHistory } from './history.ts';
import type { Left } from './left.ts';
import type { Tools } from './reconcile.ts';

/** Files by their names. */
type Files = Record<string, string>;

/** What files are made of. */
type Given = { history: History; config: Installation; now: Date };

/** What is made of a history, each a file or several. */
const FILES: readonly ((given: Given) => Files | Promise<Files>)[] = [
  ({ history }) => ({ [HISTORY_FILE]: `${JSON.stringify(history)}\n` }),
];

/** What is made of the evidence of a period. */
const EVIDENCE: readonly ((given: Given & { period: Period; account: OwnAccount }) => Files | Promise<Files>)[] = [
  ({ period, account: { incidents, sweeps } }) => ({
    'evidence.json': `${JSON.stringify({ ...period, gitlab: { incidents, sweeps: sweeps ?? 'unknown' } }, null, 2)}\n`,
  }),
];

/** What was done on account of a history beside its files, in words, and what was left. */
type Done = { also: string[]; leftOver: Left[] };

/**
 * What else is due whenever reports are made, such as the weekly review: each is given the history and all open issues, and
 * whether it is a dry run by its tools.
 */
const DUTIES: readonly ((taken: TakenHistory, me: User, tools: Tools) => Promise<Done>)[] = [];

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
  for (const duty of DUTIES) done.push(await duty(taken, me, tools));
  const files = await madeOf(FILES, { history: taken.history, config, now });
  return {
    ...{ also: done.flatMap(({ also }) => also), leftOver: done.flatMap(({ leftOver }) => leftOver) },
    ...ending(files, taken.history, dryRun),
  };
}

/** Makes the evidence of a period, and nothing else. */
export async function reportEvidence(period: Period, tools: Tools, job: ReportJob): Promise<Reported> {
  const { gitlab, config, now, dryRun } = tools;
  const me = await gitlab.me();
  const options = { now, since: period.from, known: await knownTo(job), progress: job.log };
  const { history } = await takeHistory(gitlab, me, config, options);
  const account = await readOwnAccount(gitlab, config, period, job.ownProjectId);
  const files = await madeOf(EVIDENCE, { history, config, now, period, account });
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

function ending(files: Files, history: History, dryRun: boolean): Pick<Reported, 'files' | 'told'> {
  const { incidents, shifts, follow_ups: followUps, analyses } = history;
  const counts = [many(incidents, 'incident'), many(shifts, 'shift'), many(followUps, 'follow-up')];
  const made = many(Object.keys(files), 'file');
  return { files: dryRun ? {} : files, told: `${[...counts, many(analyses, 'analysis')].join(', ')}: ${made}` };
}

function many({ length }: readonly unknown[], what: string): string {
  return `${length} ${length === 1 ? what : what.replace(/is$/, 'e') + 's'}`;
}
