import { Forbidden, NotFound, Refused } from '../gitlab/errors.ts';
import type {
  AccessToken,
  Account,
  BoardState,
  DeliveryState,
  HookState,
  InstallationQuestions,
  LabelState,
  ProjectState,
  Protection,
  ScheduleState,
  TriggerState,
  VariableState,
} from '../gitlab/installation-port.ts';
import type { Issue, Source } from '../gitlab/port.ts';

/** What could not be looked at, and what GitLab said. */
export type Unseen = { what: string; where: string; why: string };

/** The project that Watchkeeper runs in. What is absent was not seen, or is not there. */
export type HomeStanding = {
  project: ProjectState;
  /** The branch that its pipelines run on. */
  ref: string;
  /** The levels there of the bot, and of whoever sets up. */
  botLevel: number;
  ownLevel: number;
  protection?: Protection;
  schedules?: ScheduleState[];
  triggers?: TriggerState[];
  variables?: VariableState[];
  /** The versions of our program in its package registry. */
  packages?: string[];
  /** Whether there is a branch of setup's, and the address of an open merge request from it. */
  hasBranch: boolean;
  mergeRequest?: string;
  /** The texts of the files that were asked for, by path; `undefined` where there is none. */
  files: ReadonlyMap<string, string | undefined>;
};

/** A webhook with its last deliveries, newest first. */
export type WatchedHook = HookState & { deliveries: DeliveryState[] };

/** A project or group that issues are in. */
export type PlaceStanding = {
  place: Source;
  project?: ProjectState;
  /** Whether its incidents are watched; else it takes what follows from them. */
  isSource: boolean;
  botLevel: number;
  labels?: LabelState[];
  hooks?: WatchedHook[];
  boards?: BoardState[];
  /** The issues that were changed last, the last first. */
  recent: Issue[];
  /** The texts of the issue templates that were asked for, by path. */
  templates: ReadonlyMap<string, string | undefined>;
  /** Whether whoever sets up may push to the default branch. */
  mayPush: boolean;
  /** Whether there is a branch of setup's. */
  hasBranch: boolean;
  /** The address of an open merge request that brings the templates. */
  mergeRequest?: string;
};

/** Somebody whom the configuration names; no account where GitLab knows none. */
export type PersonStanding = { username: string; account: Account | undefined; level: number };

/** All that an installation is made of, as it stands. */
export type Standing = {
  address: string;
  version: { version: string; isEnterprise: boolean | undefined } | undefined;
  bot: Account;
  botToken: AccessToken | undefined;
  /** Whoever sets up: a Maintainer, or the bot itself. */
  own: Account;
  home: HomeStanding;
  places: PlaceStanding[];
  people: PersonStanding[];
  /** When the last event started a pipeline. */
  lastEventAt?: string;
  /** Accounts of bots that wrote our comments, and are neither the bot nor known as its former ones. */
  strangers: Account[];
  unseen: Unseen[];
};

/** Looks at a thing that may be hidden: what may not be seen is noted, and is `undefined`. */
export type Look = <T>(what: string, where: string, ask: () => Promise<T>) => Promise<T | undefined>;

/** A way of looking that notes in `unseen` what was not shown. */
export function lookInto(unseen: Unseen[]): Look {
  return async (what, where, ask) => {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Forbidden || error instanceof NotFound || error instanceof Refused)) throw error;
      unseen.push({ what, where, why: error.message });
      return undefined;
    }
  };
}

/** The texts of files on a branch, by path. */
export async function readFiles(
  gitlab: InstallationQuestions,
  projectId: number,
  branch: string,
  paths: readonly string[],
): Promise<Map<string, string | undefined>> {
  const texts = await Promise.all(
    paths.map(async (path) => [path, await gitlab.file(projectId, branch, path)] as const),
  );
  return new Map(texts);
}
