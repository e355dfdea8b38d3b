/**
 * Quantile of ascending values by linear interpolation (Hyndman & Fan 1996, type 7): the one definition in the whole
 * program, so that a percentile means the same in a table, a chart and a comparison. `NaN` for no values.
 */
export const quantile = (ascending: ArrayLike<number>, p: number): number => {
  const last = ascending.length - 1;
  if (last < 0) return Number.NaN;
  const position = Math.min(Math.max(p, 0), 1) * last;
  const below = Math.floor(position);
  const low = ascending[below] ?? Number.NaN;
  const high = ascending[Math.min(below + 1, last)] ?? low;
  return low + (high - low) * (position - below);
};

/** The middle of values in any order. */
export const median = (values: ArrayLike<number>): number => quantile(Float64Array.from(values).sort(), 0.5);

/** Fewest samples for which a tail quantile is more than the maximum under another name: one sample beyond it. */
export const samplesNeeded = (p: number): number => Math.ceil(1 / Math.min(p, 1 - p) - 1e-9);
