/** The middle of some figures; of an even number, the mean of the middle two. Throws where there are none. */
export function median(figures: readonly number[]): number {
  return percentile(figures, 50);
}

/** The figure below which so many per cent lie, by linear interpolation between neighbours. Throws where there are none. */
export function percentile(figures: readonly number[], percent: number): number {
  if (figures.length === 0) throw new RangeError('there are no figures');
  const sorted = figures.toSorted((a, b) => a - b);
  const at = ((sorted.length - 1) * percent) / 100;
  const [below = NaN, above = below] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at - Math.floor(at));
}

/** By how much a cost grows where the size doubles: 2 is linear, 4 is quadratic. */
export function growth(from: { size: number; cost: number }, to: { size: number; cost: number }): number {
  return (to.cost / from.cost) ** (1 / Math.log2(to.size / from.size));
}
