import { canSee } from '../world/access.ts';
import { badParameter } from '../world/errors.ts';
import type { Account, StoredIssue } from '../world/records.ts';
import type { World } from '../world/world.ts';
import type { Keyset } from './paging.ts';
import type { Params } from './params.ts';

/** By what issues may be paged by key; elsewhere it is refused. Source: GitLab docs, api/rest, keyset-based pagination (18.3). */
const KEYSET_ORDERS = ['created_at', 'updated_at', 'title', 'id', 'weight', 'due_date', 'relative_position'];

const ORDERS = [...KEYSET_ORDERS, 'priority', 'label_priority', 'milestone_due', 'popularity'];

/** The issues that a list shows a reader, in its order. Source: GitLab docs, api/issues, list project issues. */
export function selectIssues(
  world: World,
  user: Account,
  params: Params,
  inside: (issue: StoredIssue) => boolean,
): { items: StoredIssue[]; keyset: Keyset<StoredIssue> } {
  const orderBy = params.text('order_by') ?? 'created_at';
  if (!ORDERS.includes(orderBy)) throw badParameter('order_by does not have a valid value');
  const descending = params.text('sort') !== 'asc';
  const value = (issue: StoredIssue): string => {
    if (orderBy === 'updated_at') return issue.updatedAt;
    if (orderBy === 'title') return issue.title;
    return orderBy === 'due_date' ? (issue.dueDate ?? '9999') : issue.createdAt;
  };
  const key = (issue: StoredIssue): string => `${value(issue)} ${String(issue.id).padStart(12, '0')}`;
  const matches = filterOf(world, params);
  const visible = world.issues.filter((issue) => inside(issue) && canSee(world, user, issue) && matches(issue));
  const keyed = visible.map((issue) => ({ issue, key: key(issue) }));
  const sorted = keyed.sort((a, b) => (a.key < b.key ? -1 : 1) * (descending ? -1 : 1));
  const isSupported = KEYSET_ORDERS.includes(orderBy);
  return { items: sorted.map(({ issue }) => issue), keyset: { isSupported, descending, key } };
}

/** Each filter that a request names must hold. */
function filterOf(world: World, params: Params): (issue: StoredIssue) => boolean {
  const filters: ((issue: StoredIssue) => boolean)[] = [...timeFilters(params), ...peopleFilters(world, params)];
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
    return given === undefined ? [] : [(issue: StoredIssue) => holds(issue, Date.parse(given))];
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
