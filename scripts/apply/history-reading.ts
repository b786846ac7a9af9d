import type { Scope } from '../decide/history.ts';
import type { GitLab, User } from '../gitlab/port.ts';
import type { Installation } from '../read/config.ts';
import type { PastLists } from '../read/past-lists.ts';
import type { History } from '../schema/types.gen.ts';

/** What a reading works with. `before` is the history that it goes on with, `people` all who were met so far. */
export type Reading = {
  gitlab: GitLab;
  config: Installation;
  scope: Scope;
  lists: PastLists;
  before: History | undefined;
  people: Map<number, User>;
  botIds: readonly number[];
};

/** How many issues are read at a time. */
export const CONCURRENCY = 8;
