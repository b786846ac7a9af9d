import { canSee } from '../world/access.ts';
import { badParameter } from '../world/errors.ts';
import type { Account, StoredIssue } from '../world/records.ts';
import type { World } from '../world/world.ts';
import type { Ordered } from './paging.ts';
import type { Params } from './params.ts';

/** By what issues may be paged by key; elsewhere it is refused. Source: GitLab docs, api/rest, keyset-based pagination (18.3). */
const KEYSET_ORDERS = ['created_at', 'updated_at', 'title', 'id', 'weight', 'due_date', 'relative_position'];

const ORDERS = [...KEYSET_ORDERS, 'priority', 'label_priority', 'milestone_due', 'popularity'];

/** What grows with time, and in which issues therefore mostly stand already. */
const TIMES = ['created_at', 'updated_at'];

/** The issues that a list shows a reader, in its order. Source: GitLab docs, api/issues, list project issues. */
export function selectIssues(
  world: World,
  user: Account,
  params: Params,
  inside: (issue: StoredIssue) => boolean,
): Ordered<StoredIssue> {
  const orderBy = params.text('order_by') ?? 'created_at';
  if (!ORDERS.includes(orderBy)) throw badParameter('order_by does not have a valid value');
  const descending = params.text('sort') !== 'asc';
  const value = valueOf(orderBy);
  const key = (issue: StoredIssue): string => `${value(issue)} ${String(issue.id).padStart(12, '0')}`;
  const matches = filterOf(world, params);
  const isShown = (issue: StoredIssue): boolean => inside(issue) && matches(issue) && canSee(world, user, issue);
  const { issues } = world;
  const isPageOfMany = orderBy === 'created_at' && params.text('cursor') !== undefined;
  const isKnown = isPageOfMany && found.get(world) === issues.length;
  const isSorted = isKnown || (TIMES.includes(orderBy) && isAscending(issues, value));
  if (orderBy === 'created_at') found.set(world, isSorted ? issues.length : -1);
  const line = isSorted ? issues : sortedBy(issues.filter(isShown), key);
  const after = (last: string | undefined): Iterable<StoredIssue> => walk(line, key, descending, last);
  return {
    all: () => [...after(undefined)].filter(isShown),
    after: (last) => only(after(last), isShown),
    ...{ key, isSupported: KEYSET_ORDERS.includes(orderBy) },
  };
}

/** What issues are ordered by. */
function valueOf(orderBy: string): (issue: StoredIssue) => string {
  if (orderBy === 'updated_at') return ({ updatedAt }) => updatedAt;
  if (orderBy === 'title') return ({ title }) => title;
  return orderBy === 'due_date' ? ({ dueDate }) => dueDate ?? '9999' : ({ createdAt }) => createdAt;
}

/** How many issues stood by creation, which never changes: the pages behind the first of a list need not look at all again. */
const found = new WeakMap<World, number>();

/** Whether things stand in order already: looking along them takes a fraction of the time that sorting takes. */
function isAscending(issues: readonly StoredIssue[], value: (issue: StoredIssue) => string): boolean {
  let [before, idBefore] = ['', 0];
  return issues.every((issue) => {
    const now = value(issue);
    const isBehind = now === before ? issue.id > idBefore : now > before;
    [before, idBefore] = [now, issue.id];
    return isBehind;
  });
}

function sortedBy(issues: readonly StoredIssue[], key: (issue: StoredIssue) => string): StoredIssue[] {
  const keyed = issues.map((issue) => ({ issue, key: key(issue) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ issue }) => issue);
}

/** What is beyond a key in an ascending line, forwards or backwards; without a key all of it. */
function* walk<T>(line: readonly T[], key: (item: T) => string, descending: boolean, last?: string): Generator<T> {
  const step = descending ? -1 : 1;
  let [low, high] = [0, line.length];
  while (last !== undefined && low < high) {
    const middle = (low + high) >> 1;
    const item = line[middle];
    if (item !== undefined && (descending ? key(item) < last : key(item) <= last)) low = middle + 1;
    else high = middle;
  }
  const from = last === undefined ? (descending ? line.length - 1 : 0) : descending ? low - 1 : low;
  for (let at = from; at >= 0 && at < line.length; at += step) yield line[at] as T;
}

function* only<T>(items: Iterable<T>, isWanted: (item: T) => boolean): Generator<T> {
  for (const item of items) if (isWanted(item)) yield item;
}

/** Each filter that a request names must hold. */
function filterOf(world: World, params: Params): (issue: StoredIssue) => boolean {
  const filters: ((issue: StoredIssue) => boolean)[] = [];
  const add = <T>(given: T | undefined, holds: (issue: StoredIssue, given: T) => boolean): void => {
    if (given !== undefined) filters.push((issue) => holds(issue, given));
  };
  const state = params.text('state') ?? 'all';
  add(state === 'all' ? undefined : state, (issue, wanted) => issue.state === wanted);
  add(params.text('issue_type'), ({ type }, wanted) => type === wanted);
  add(params.list('labels'), (issue, wanted) => hasLabels(issue, wanted));
  add(params.list('not[labels]'), ({ labels }, unwanted) => !unwanted.some((label) => labels.includes(label)));
  add(params.list('iids'), ({ iid }, wanted) => wanted.includes(String(iid)));
  add(params.flag('confidential'), ({ confidential }, wanted) => confidential === wanted);
  add(params.text('search')?.toLowerCase(), ({ title, description }, words) =>
    `${title}\n${description ?? ''}`.toLowerCase().includes(words),
  );
  // Times last: to read one takes longer than all else.
  filters.push(...peopleFilters(world, params), ...timeFilters(params));
  return (issue) => filters.every((holds) => holds(issue));
}

/** `None` and `Any` are words of their own. */
function hasLabels({ labels }: StoredIssue, wanted: string[]): boolean {
  if (wanted.includes('None')) return labels.length === 0;
  return wanted.every((label) => (label === 'Any' ? labels.length > 0 : labels.includes(label)));
}

function timeFilters(params: Params): ((issue: StoredIssue) => boolean)[] {
  const bounds = [
    { name: 'updated_after', holds: ({ updatedAt }: StoredIssue, at: number) => Date.parse(updatedAt) >= at },
    { name: 'updated_before', holds: ({ updatedAt }: StoredIssue, at: number) => Date.parse(updatedAt) <= at },
    { name: 'created_after', holds: ({ createdAt }: StoredIssue, at: number) => Date.parse(createdAt) >= at },
    { name: 'created_before', holds: ({ createdAt }: StoredIssue, at: number) => Date.parse(createdAt) <= at },
  ];
  return bounds.flatMap(({ name, holds }) => {
    const given = params.text(name);
    const at = Date.parse(given ?? '');
    return given === undefined ? [] : [(issue: StoredIssue) => holds(issue, at)];
  });
}

function peopleFilters(world: World, params: Params): ((issue: StoredIssue) => boolean)[] {
  const assignee = params.text('assignee_id');
  const author = params.text('author_id');
  const named = params
    .list('assignee_username')
    ?.map((name) => world.users.find(({ username }) => username === name)?.id);
  return [
    ...(assignee === undefined ? [] : [({ assigneeIds: ids }: StoredIssue) => isAssigned(ids, assignee)]),
    ...(author === undefined ? [] : [({ authorId }: StoredIssue) => String(authorId) === author]),
    ...(named === undefined
      ? []
      : [({ assigneeIds }: StoredIssue) => named.every((id) => assigneeIds.includes(id ?? 0))]),
  ];
}

function isAssigned(ids: number[], wanted: string): boolean {
  if (wanted === 'None') return ids.length === 0;
  return wanted === 'Any' ? ids.length > 0 : ids.includes(Number(wanted));
}
