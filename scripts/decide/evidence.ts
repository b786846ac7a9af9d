import type { Installation } from '../read/config.ts';
import type { History } from '../schema/types.gen.ts';
import { isIn, round, type Period } from './clocks.ts';
import { handoffEvidence, reviewEvidence, type HandoffEvidence, type ReviewEvidence } from './evidence-duty.ts';
import { CLASSES, lineOf, type EvidenceClass, type EvidenceLine } from './evidence-incidents.ts';
import { toIso } from './roster.ts';

/**
 * What the history does not have: how many incidents GitLab says were created in the period, when sweeps ran (ISO 8601, in any
 * order), and the commit of the configuration in force; each undefined where it could not be learned.
 */
export type Asked = { created: number | undefined; runs: readonly string[] | undefined; commit: string | undefined };

/** By which closure schema and which commit of the configuration so many incidents were verified; null where that is not on record. */
export type VerifiedBy = { schema: string | null; config: string | null; count: number };

/** How often sweeps ran in the period, and the longest time in which none did, its ends being runs or edges of the period. */
export type Sweeps = { runs: number; longest: { from: string; to: string; minutes: number } };

/**
 * The evidence of a period, for auditors: ids, names, codes and times alone. Each incident that was created in it is in one
 * class, so that `classes` add up to `total`. `reconciled.difference` is what GitLab counts beyond that; it is null, as is
 * `sweeps`, where nobody could tell.
 */
export type Evidence = {
  from: string;
  to: string;
  made_at: string;
  total: number;
  classes: Record<EvidenceClass, number>;
  reconciled: { ours: number; gitlab: number | null; difference: number | null };
  in_force: { schema: string; config: string | null };
  verified_by: VerifiedBy[];
  sweeps: Sweeps | null;
  incidents: EvidenceLine[];
  reviews: ReviewEvidence[];
  handoffs: HandoffEvidence[];
};

const MINUTE_MS = 60_000;

/** Makes the evidence of a period. What is not over by `now` counts until now. */
export function decideEvidence(
  history: History,
  period: Period,
  config: Installation,
  asked: Asked,
  now: Date,
): Evidence {
  const incidents = history.incidents
    .filter(({ created_at: at }) => isIn(at, period))
    .sort((a, b) => a.project - b.project || a.iid - b.iid)
    .map((life) => lineOf(life, history, config));
  const total = incidents.length;
  return {
    ...{ from: toIso(period.from.getTime()), to: toIso(period.to.getTime()), made_at: now.toISOString() },
    ...{ total, classes: countClasses(incidents), reconciled: reconcile(total, asked.created) },
    in_force: { schema: config.form.hash, config: asked.commit ?? null },
    verified_by: verifiedBy(incidents),
    sweeps: asked.runs === undefined ? null : sweepsOf(asked.runs, period, now),
    incidents,
    reviews: reviewEvidence(history, period),
    handoffs: handoffEvidence(history, period),
  };
}

function countClasses(lines: readonly EvidenceLine[]): Record<EvidenceClass, number> {
  const count = (name: EvidenceClass): number => lines.filter((line) => line.class === name).length;
  return Object.fromEntries(CLASSES.map((name) => [name, count(name)])) as Record<EvidenceClass, number>;
}

function reconcile(ours: number, created: number | undefined): Evidence['reconciled'] {
  return created === undefined
    ? { ours, gitlab: null, difference: null }
    : { ours, gitlab: created, difference: created - ours };
}

/** The schemas and commits by which incidents were verified, the most frequent first. */
function verifiedBy(lines: readonly EvidenceLine[]): VerifiedBy[] {
  const counts = new Map<string, VerifiedBy>();
  for (const { verified } of lines.filter((line) => line.class === 'verified')) {
    const { schema = null, config = null } = verified ?? {};
    const key = JSON.stringify([schema, config]);
    counts.set(key, { schema, config, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts]
    .sort(([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1))
    .map(([, each]) => each);
}

function sweepsOf(runs: readonly string[], period: Period, now: Date): Sweeps {
  const [from, to] = [
    period.from.getTime(),
    Math.max(period.from.getTime(), Math.min(period.to.getTime(), now.getTime())),
  ];
  const inside = runs.map((run) => Date.parse(run)).filter((ms) => ms >= from && ms < to);
  const edges = [from, ...inside.sort((a, b) => a - b), to];
  let longest = { from, to: from };
  for (const [index, end] of edges.slice(1).entries()) {
    const start = edges[index] ?? from;
    if (end - start > longest.to - longest.from) longest = { from: start, to: end };
  }
  const minutes = round((longest.to - longest.from) / MINUTE_MS, 2);
  return { runs: inside.length, longest: { from: toIso(longest.from), to: toIso(longest.to), minutes } };
}
