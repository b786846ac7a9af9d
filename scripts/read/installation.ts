import { isForgiven, SetupError } from '../ci/errors.ts';
import type { Account, InstallationQuestions, ProjectState } from '../gitlab/installation-port.ts';
import { LEVELS, mayPush } from '../gitlab/levels.ts';
import type { IssueRef, Source } from '../gitlab/port.ts';
import type { Config } from '../schema/types.gen.ts';
import { placesOf, sourceNotThere, sourcesOf } from './config.ts';
import { isMarked } from './markers.ts';
import { readPeople } from './named-people.ts';
import { readTriggers, withOwners } from './owners.ts';
import {
  lookInto,
  readFiles,
  type HomeStanding,
  type Look,
  type PlaceStanding,
  type Standing,
  type Unseen,
  type WatchedHook,
} from './standing.ts';

/** Who is asked: as the bot, and as whoever sets up; and what of files is of interest, by path. */
export type Inquiry = {
  address: string;
  asBot: InstallationQuestions;
  asOwn: InstallationQuestions;
  config: Config;
  home: number | string;
  homeFiles: readonly string[];
  templates: readonly string[];
  /** The branch from which a merge request brings templates. */
  branch: string;
};

/** Looks at all that an installation is made of. Throws a SetupError where a project of the configuration is not there. */
export async function readInstallation(inquiry: Inquiry): Promise<Standing> {
  const { asBot, asOwn, config, address } = inquiry;
  const unseen: Unseen[] = [];
  const look = lookInto(unseen);
  const [bot, own] = [await asBot.account(), await asOwn.account()];
  const home = await readHome(inquiry, look, bot, own);
  const lastEventAt = await look('pipelines', home.project.path, () => asOwn.lastTriggeredAt(home.project.id));
  const places: PlaceStanding[] = [];
  for (const place of allPlaces(config)) places.push(await readPlace(inquiry, look, place, { bot, own }));
  return {
    ...{ address, bot, own, home, places, unseen },
    ...(lastEventAt === undefined ? {} : { lastEventAt }),
    version: await look('the version', 'GitLab', () => asOwn.version()),
    botToken: await look("the bot's token", 'GitLab', () => asBot.accessToken()),
    people: await readPeople(asOwn, config),
    strangers: await readStrangers(
      inquiry,
      bot,
      places.flatMap(({ recent }) => recent),
    ),
  };
}

/** The sources, and the projects beside them in which something is kept. */
function allPlaces(config: Config): Source[] {
  const { follow_ups: followUps, rca, shift_log: log, weekly_review: review, pagerduty } = config;
  const named = [followUps.project, ...Object.values(followUps.projects), rca.project, log.project, review.project];
  return placesOf([...named, pagerduty.project], config);
}

async function readHome(inquiry: Inquiry, look: Look, bot: Account, own: Account): Promise<HomeStanding> {
  const { asOwn, home, config, homeFiles, branch } = inquiry;
  const project = await asOwn.project(home);
  if (!project) {
    const cure = 'Create it, empty, or correct installation.project; whoever sets up must be a Maintainer there.';
    throw new SetupError(`The project ${home} of installation.project does not exist, or you may not see it. ${cure}`);
  }
  const place: Source = { kind: 'project', id: project.id };
  const ref = config.installation.ref ?? project.defaultBranch ?? 'main';
  const at = <T>(what: string, ask: () => Promise<T>): Promise<T | undefined> => look(what, project.path, ask);
  const [protection, schedules, variables, packages] = [
    await at('protected branches', () => asOwn.protection(project.id, ref)),
    await at('schedules', () => asOwn.schedules(project.id)),
    await at('variables', () => asOwn.variables(project.id)),
    await at('packages', () => asOwn.packages(project.id)),
  ];
  const botLevel = await asOwn.levelIn(place, bot.id);
  const triggers = await at('trigger tokens', () =>
    readTriggers(inquiry, project.id, bot.id !== own.id && botLevel >= LEVELS.maintainer),
  );
  return {
    ...{ project, ref, botLevel },
    ownLevel: await asOwn.levelIn(place, own.id),
    ...(protection && { protection }),
    ...(schedules && { schedules: await withOwners(asOwn, place, schedules) }),
    ...(triggers && { triggers: await withOwners(asOwn, place, triggers) }),
    ...(variables && { variables }),
    ...(packages && { packages }),
    ...(await readBranch(asOwn, look, project, branch)),
    files: await readFiles(asOwn, project.id, ref, homeFiles),
  };
}

async function readPlace(
  { asBot, asOwn, config, templates, branch }: Inquiry,
  look: Look,
  place: Source,
  { bot, own }: { bot: Account; own: Account },
): Promise<PlaceStanding> {
  const isSource = sourcesOf(config).some(({ kind, id }) => kind === place.kind && id === place.id);
  const project = place.kind === 'project' ? await asOwn.project(place.id) : undefined;
  if (place.kind === 'project' && !project) throw sourceNotThere(place);
  const at = <T>(what: string, ask: () => Promise<T>): Promise<T | undefined> => look(what, String(place.id), ask);
  const ownLevel = await asOwn.levelIn(place, own.id);
  const [labels, hooks] = [
    await at('labels', () => asOwn.labels(place)),
    isSource ? await at('webhooks', () => readHooks(asOwn, place)) : undefined,
  ];
  return {
    ...{ place, isSource, botLevel: await asOwn.levelIn(place, bot.id) },
    ...(project && { project }),
    ...(labels && { labels }),
    ...(hooks && { hooks }),
    recent: isSource ? await unlessHidden(() => asBot.recentIssues(place)) : [],
    ...(await readCode(asOwn, look, { project, isSource, ownLevel }, { templates, branch })),
  };
}

async function readHooks(asOwn: InstallationQuestions, place: Source): Promise<WatchedHook[]> {
  const hooks = await asOwn.hooks(place);
  return Promise.all(hooks.map(async (hook) => ({ ...hook, deliveries: await asOwn.deliveries(place, hook.id) })));
}

/** Boards and issue templates, which only projects have on every tier. */
async function readCode(
  asOwn: InstallationQuestions,
  look: Look,
  { project, isSource, ownLevel }: { project: ProjectState | undefined; isSource: boolean; ownLevel: number },
  { templates, branch }: Pick<Inquiry, 'templates' | 'branch'>,
): Promise<Pick<PlaceStanding, 'boards' | 'templates' | 'mayPush' | 'hasBranch' | 'mergeRequest'>> {
  if (!project || !isSource) return { templates: new Map(), mayPush: false, hasBranch: false };
  const main = project.defaultBranch ?? 'main';
  const boards = await look('boards', project.path, () => asOwn.boards(project.id));
  const protection = await look('protected branches', project.path, () => asOwn.protection(project.id, main));
  return {
    ...(boards && { boards }),
    ...(await readBranch(asOwn, look, project, branch)),
    templates: await readFiles(asOwn, project.id, main, templates),
    mayPush: mayPush(ownLevel, protection),
  };
}

/** What became of what could not be pushed: its branch, and its merge request as long as that is open. */
async function readBranch(
  asOwn: InstallationQuestions,
  look: Look,
  { id, path }: ProjectState,
  branch: string,
): Promise<{ hasBranch: boolean; mergeRequest?: string }> {
  const mergeRequest = await look('merge requests', path, () => asOwn.openMergeRequest(id, branch));
  const hasBranch = await look('branches', path, () => asOwn.hasBranch(id, branch));
  return { hasBranch: hasBranch === true, ...(mergeRequest === undefined ? {} : { mergeRequest }) };
}

/** Bots that wrote comments of ours on the issues that were changed last: the bot as it was before its token was recreated. */
async function readStrangers(
  { asBot, config }: Inquiry,
  bot: Account,
  recent: readonly IssueRef[],
): Promise<Account[]> {
  const known = [bot.id, ...config.bot.former_ids];
  const authors = new Set<number>();
  for (const ref of recent) {
    const notes = await unlessHidden(() => asBot.lastNotes(ref));
    for (const { author, body } of notes) if (isMarked(body) && !known.includes(author.id)) authors.add(author.id);
  }
  const accounts = await Promise.all([...authors].map((id) => asBot.accountOf(id)));
  return accounts.flatMap((account) => (account?.isBot ? account : []));
}

/** What the bot may not see is told by its role, and holds up nothing here. */
async function unlessHidden<T>(ask: () => Promise<T[]>): Promise<T[]> {
  try {
    return await ask();
  } catch (error) {
    if (isForgiven(error)) return [];
    throw error;
  }
}
