import type { Source } from '../gitlab/port.ts';

/** One of the jobs that share a sweep, from 1. Source: GitLab docs, ci/variables/predefined_variables, CI_NODE_INDEX. */
export type Shard = { index: number; total: number };

/** A source that a shard looks at, and which part of it, by iid. */
export type Share = { source: Source; part: Shard };

const WHOLE: Shard = { index: 1, total: 1 };

/**
 * What one shard looks at. Projects are shared first, so that each is listed once; only where there are fewer of them than
 * shards are the incidents of one project shared too. Of a group nobody knows beforehand which projects it has, and whether
 * one of them is named besides; nor whether an id and a path are of one project. Where that is so every shard lists all, and
 * each incident has one shard.
 */
export function sharesOf(sources: readonly Source[], { index, total }: Shard): Share[] {
  if (total === 1) return sources.map((source) => ({ source, part: WHOLE }));
  if (!areApart(sources)) return sources.map((source) => ({ source, part: { index, total } }));
  const place = index - 1;
  if (sources.length >= total) {
    return sources.filter((_source, each) => each % total === place).map((source) => ({ source, part: WHOLE }));
  }
  const mine = place % sources.length;
  const sharing = Array.from({ length: total }, (_none, each) => each).filter((each) => each % sources.length === mine);
  return sources
    .slice(mine, mine + 1)
    .map((source) => ({ source, part: { index: sharing.indexOf(place) + 1, total: sharing.length } }));
}

/** Whether no two sources can be of one project: all are projects, named in one way, and each once. */
function areApart(sources: readonly Source[]): boolean {
  const ways = new Set(sources.map(({ id }) => typeof id));
  const names = new Set(sources.map(({ id }) => String(id).toLowerCase()));
  return sources.every(({ kind }) => kind === 'project') && ways.size === 1 && names.size === sources.length;
}
