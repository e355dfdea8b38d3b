import { bestOf, type Uncertain } from './best-of.ts';
import { dot, nonNegativeLeastSquares, solve } from './least-squares.ts';

/** A value known at some place, with its error. */
export interface Placed extends Uncertain {
  readonly at: number;
}

/** Values by the curve through all of them. */
export interface Curve {
  /** At each place. */
  readonly values: readonly number[];
  /** What the best of them is worth: the highest, together with all that chance alone may have put below it. −∞ of none. */
  readonly best: number;
}

/** Standard errors by which a value may miss the curve before the curve is none. */
const MISS = 3;

/**
 * Standard errors of a lead up to which those behind it count to the best. With 1.645, as among values that share nothing, answers are too low where
 * throughput still grows; with none, too high where it no longer does.
 */
const BEHIND = 0.8;

/** Places at which the curve may bend; more levels than that are close to each other, and would only make it slow. */
const MOST_BENDS = 16;

const asTheyAre = (points: readonly Placed[]): Curve => ({
  values: points.map(({ value }) => value),
  best: bestOf(points),
});

/** Variance of a sum of the free terms, by their normal equations; `undefined` where terms are too alike to tell apart. */
type Variance = (row: readonly number[]) => number | undefined;

const varianceOf = (
  rows: readonly (readonly number[])[],
  weights: readonly number[],
  coefficients: readonly number[],
): Variance => {
  const free = coefficients.flatMap((value, k) => (value > 0 ? [k] : []));
  const parts = rows.map((row) => free.map((k) => row[k] ?? 0));
  const normal = free.map((_, a) =>
    free.map((_, b) =>
      parts.reduce((sum, row, i) => sum + (row[a] ?? 0) * (row[b] ?? 0) * (weights[i] ?? 0), 0),
    ),
  );
  const inverse = free.flatMap((_, a) => {
    const column = solve(
      normal,
      free.map((_, b) => (a === b ? 1 : 0)),
    );
    return column ? [column] : [];
  });
  return (row) => {
    if (inverse.length < free.length) return undefined;
    const part = free.map((k) => row[k] ?? 0);
    return Math.max(
      0,
      dot(
        part,
        inverse.map((column) => dot(column, part)),
      ),
    );
  };
};

/**
 * The concave curve through the origin that fits best: it grows by ever less, and may fall. Least squares with weights 1 ÷ error² over
 * b·x − Σ c·(x − k)⁺, bends k at the places (evenly chosen ones of many), all b, c ≥ 0. Whether one place is better than another by more than chance is asked of the terms that
 * are not 0: where all lie on one line, their differences are known as well as its slope. The values themselves where errors are unknown, or one
 * is off the curve by more than chance. Places ascend.
 */
export const concaveThrough = (points: readonly Placed[]): Curve => {
  if (points.length < 2 || points.some(({ error }) => !(error > 0))) return asTheyAre(points);
  const weights = points.map(({ error }) => 1 / error ** 2);
  const every = Math.ceil((points.length - 1) / MOST_BENDS);
  const bends = points.slice(0, -1).filter((_, i) => i % every === 0);
  const rows = points.map(({ at }) => [at, ...bends.map((bend) => -Math.max(0, at - bend.at))]);
  const fit = nonNegativeLeastSquares(
    rows,
    points.map(({ value }) => value),
    weights,
  );
  if (!fit) return asTheyAre(points);
  const values = rows.map((row) => dot(row, fit.coefficients));
  if (points.some(({ value, error }, i) => Math.abs(value - (values[i] ?? 0)) > MISS * error))
    return asTheyAre(points);
  const variance = varianceOf(rows, weights, fit.coefficients);
  const top = values.indexOf(Math.max(...values));
  let [sum, total] = [0, 0];
  for (const [i, value] of values.entries()) {
    const apart = (rows[top] ?? []).map((x, k) => x - (rows[i]?.[k] ?? 0));
    const [ofLead, own] = [variance(apart), variance(rows[i] ?? [])];
    if (ofLead === undefined || own === undefined || own === 0) return asTheyAre(points);
    if ((values[top] ?? 0) - value > BEHIND * Math.sqrt(ofLead)) continue;
    sum += value / own;
    total += 1 / own;
  }
  return { values, best: sum / total };
};
