/** What a sweep finds, all shards of it together. Issues are spread evenly over projects, and over the shards that share a project. */
export type Estate = {
  /** Projects that are sources one by one, or those of the one group that is. */
  projects: number;
  isGroup: boolean;
  shards: number;
  /** With a roster one more list shows what is on call. */
  hasDuty: boolean;
  /** A deep sweep has two more lists of a source: what was blocked once. */
  isDeep: boolean;
  /** Incidents that the lists show: open ones touched within the horizon (all of them in a deep sweep), and closed ones that are not settled. */
  open: number;
  closed: number;
  /** Incidents whose comments are read, and those of them that need something. */
  examined: number;
  acted: number;
};

/** Calls of each kind, at the least and at the most where it depends on which answer comes first. */
export type Cost = { accounts: number; lists: number; comments: { least: number; most: number }; writes: number };

const PAGE = 100;
/** Issues that one query asks for, and how few of them are together in the worst case: those of answers that come at the same time. */
const [BATCH, TOGETHER] = [20, 8];
/** Incidents that are looked at at a time: where one such lot ends, those of one project may be torn apart. */
const POOL = 32;

/** What a sweep costs in calls. */
export function costOf(estate: Estate): Cost {
  const { examined, acted, shards } = estate;
  const [first, again] = [queriesFor(examined, estate), queriesFor(acted, estate)];
  return {
    accounts: shards,
    lists: listsOf(estate),
    // What is acted upon is looked at once more right before; what came too late for a query goes into one of its own.
    comments: { least: first.least + again.least, most: first.most + Math.min(acted, again.most + (acted > 0 ? placesOf(estate) : 0)) },
    writes: acted,
  };
}

/** All calls together, at the most. */
export function callsOf(estate: Estate): number {
  const { accounts, lists, comments, writes } = costOf(estate);
  return accounts + lists + comments.most + writes;
}

/** How often each list is made: by every shard for a group; else once a project, or by all that share one. */
function listsOf({ projects, isGroup, shards, hasDuty, isDeep, open, closed }: Estate): number {
  const sources = isGroup ? 1 : projects;
  const times = isGroup ? shards : Math.max(sources, shards);
  const others = 2 + (isDeep ? 2 : 0) + (hasDuty ? 1 : 0);
  return times * (pages(open / sources) + pages(closed / sources) + others);
}

function pages(count: number): number {
  return Math.max(1, Math.ceil(count / PAGE));
}

/** Where comments can be asked for together: a project, or the part of it that a shard looks at. */
function placesOf({ projects, isGroup, shards }: Estate): number {
  return isGroup ? projects * shards : Math.max(projects, shards);
}

function queriesFor(count: number, estate: Estate): { least: number; most: number } {
  const places = placesOf(estate);
  const by = (together: number): number => Math.min(count, places * Math.ceil(count / places / together));
  const torn = places > 1 ? Math.floor(count / POOL) : 0;
  return { least: by(BATCH), most: Math.min(count, by(TOGETHER) + torn) };
}

/** What gitlab.com allows a minute. Source: GitLab docs, user/gitlab_com, rate limits; of the calls a twentieth is left to others. */
export const GITLAB_COM = { calls: 2000 * 0.95, notes: 60, pipelines: 25, issueWrites: 15 };

/** Issue writes a minute that all shards may make together: each has a whole number, and one at the least. Source: scripts/gitlab/connect.ts. */
export function issueWritesOf(shards: number): number {
  return shards * Math.max(1, Math.floor(GITLAB_COM.issueWrites / shards));
}

/** Minutes that a sweep takes on gitlab.com at the least, where a call takes `callSeconds`: by what is allowed, and eight calls at once a shard. */
export function minutesOf(estate: Estate, callSeconds: number): number {
  const calls = callsOf(estate);
  const allowed = Math.max(calls / GITLAB_COM.calls, estate.acted / issueWritesOf(estate.shards));
  return Math.max(allowed, (calls * callSeconds) / (8 * estate.shards) / 60);
}

/** What docs/scale.md assumes: all of it is assumed but for the start of the program and the events of a block, which are measured. Hours, seconds, and counts. */
export const PLAN = {
  ...{ projects: 1_000, closedLongAgo: 950_000, open: 50_000, touchedAnHour: 2_000, listed: 20_000, closedInAWeek: 2_000 },
  ...{ eventsOfATouch: 2, eventsOfABlock: 3, acted: 200, callSeconds: 0.2, jobSeconds: 30, startSeconds: 0.22 },
};

const HOURLY = { projects: PLAN.projects, shards: 1, hasDuty: true, isDeep: false, open: PLAN.listed, closed: PLAN.acted, examined: 2 * PLAN.touchedAnHour, acted: PLAN.acted };
const DEEP = { ...HOURLY, isDeep: true, open: PLAN.open, closed: PLAN.closedInAWeek, examined: PLAN.open + PLAN.closedInAWeek, acted: 0 };
const QUIET = { ...HOURLY, open: 0, closed: 0, examined: 0, acted: 0 };

/** The sweeps of the plan, by the names of their rows. */
export const PLANNED: Record<string, Estate> = {
  'hourly, 1,000 projects': { ...HOURLY, isGroup: false },
  'hourly, 1,000 projects, 4 shards': { ...HOURLY, isGroup: false, shards: 4 },
  'hourly, one group': { ...HOURLY, isGroup: true },
  'hourly, one group, 4 shards': { ...HOURLY, isGroup: true, shards: 4 },
  'hourly, 1,000 projects, nothing touched': { ...QUIET, isGroup: false },
  'hourly, one group, nothing touched': { ...QUIET, isGroup: true },
  'daily, deep, 1,000 projects': { ...DEEP, isGroup: false },
  'daily, deep, one group': { ...DEEP, isGroup: true },
};

/** Pipelines that events start, and minutes of runners that these take. */
export function eventsOf({ touchedAnHour, eventsOfATouch, jobSeconds, startSeconds }: typeof PLAN): { pipelinesAMinute: number; pipelinesAnHour: number; runnerMinutesAnHour: number } {
  const pipelinesAnHour = touchedAnHour * eventsOfATouch;
  return { pipelinesAnHour, pipelinesAMinute: pipelinesAnHour / 60, runnerMinutesAnHour: runnerMinutes(pipelinesAnHour, { jobSeconds, startSeconds }) };
}

/** What so many jobs that look at one issue take of runners. */
export function runnerMinutes(jobs: number, { jobSeconds, startSeconds }: Pick<typeof PLAN, 'jobSeconds' | 'startSeconds'>): number {
  return (jobs * (jobSeconds + startSeconds)) / 60;
}

/** What the jobs of a sweep take of runners: each of them as long as the sweep, and its own start. */
export function runnerMinutesOf(estate: Estate): number {
  return estate.shards * (minutesOf(estate, PLAN.callSeconds) + PLAN.jobSeconds / 60);
}
