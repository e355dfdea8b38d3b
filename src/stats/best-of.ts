/** A value and its standard error. */
export interface Uncertain {
  readonly value: number;
  readonly error: number;
}

/** Standard errors of a difference within which two values may be the same: 90 %, both sides. */
const SAME = 1.645;

/**
 * What the best of several values is worth: the highest, together with all that chance alone may have put below it, each by its
 * weight 1 ÷ error². The highest of many equal values owes its place to luck, and would make the others look worse than they are.
 * −∞ of none.
 */
export const bestOf = (values: readonly Uncertain[]): number => {
  const top = values.reduce<Uncertain | undefined>(
    (best, each) => (best && best.value >= each.value ? best : each),
    undefined,
  );
  if (!top) return Number.NEGATIVE_INFINITY;
  if (!(top.error > 0)) return top.value;
  let sum = 0;
  let weights = 0;
  for (const { value, error } of values) {
    if (!(error > 0) || top.value - value > SAME * Math.hypot(top.error, error)) continue;
    sum += value / error ** 2;
    weights += 1 / error ** 2;
  }
  return sum / weights;
};
