/** Coefficients of a fit, and what they leave: the weighted sum of squares. */
export interface LinearFit {
  readonly coefficients: readonly number[];
  readonly residual: number;
}

/** Solves a small linear system by elimination with pivoting; `undefined` if it has no single solution. */
const solve = (matrix: readonly (readonly number[])[], right: readonly number[]): number[] | undefined => {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0]);
  const n = rows.length;
  for (let column = 0; column < n; column++) {
    const pivot = rows
      .slice(column)
      .toSorted((a, b) => Math.abs(b[column] ?? 0) - Math.abs(a[column] ?? 0))[0];
    const lead = pivot?.[column] ?? 0;
    if (!pivot || Math.abs(lead) < 1e-12) return undefined;
    rows.splice(rows.indexOf(pivot), 1);
    rows.splice(column, 0, pivot);
    for (const row of rows) {
      if (row === pivot) continue;
      const share = (row[column] ?? 0) / lead;
      for (let k = column; k <= n; k++) row[k] = (row[k] ?? 0) - share * (pivot[k] ?? 0);
    }
  }
  return rows.map((row, i) => (row[n] ?? 0) / (row[i] ?? 1));
};

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

/**
 * Weighted least squares with coefficients that are not negative. Every set of free columns is tried, which is exact and
 * quick for the handful of columns that a curve has; `undefined` if not even one column can be fitted.
 */
export const nonNegativeLeastSquares = (
  rows: readonly (readonly number[])[],
  values: readonly number[],
  weights: readonly number[] = values.map(() => 1),
): LinearFit | undefined => {
  const columns = rows[0]?.length ?? 0;
  // Scaled columns keep the elimination's notion of zero the same for every unit.
  const scale = Array.from(
    { length: columns },
    (_, k) => Math.max(...rows.map((row) => Math.abs(row[k] ?? 0)), 0) || 1,
  );
  const roots = weights.map(Math.sqrt);
  const design = rows.map((row, i) => row.map((value, k) => (value / (scale[k] ?? 1)) * (roots[i] ?? 0)));
  const target = values.map((value, i) => value * (roots[i] ?? 0));
  let best: LinearFit | undefined;
  for (let free = 1; free < 1 << columns; free++) {
    const picked = scale.flatMap((_, k) => (free & (1 << k) ? [k] : []));
    const part = picked.map((k) => design.map((row) => row[k] ?? 0));
    const found = solve(
      part.map((a) => part.map((b) => dot(a, b))),
      part.map((a) => dot(a, target)),
    );
    if (!found || found.some((value) => value < 0)) continue;
    const scaled = scale.map((_, k) => (picked.includes(k) ? (found[picked.indexOf(k)] ?? 0) : 0));
    const residual = design.reduce((sum, row, i) => sum + (dot(row, scaled) - (target[i] ?? 0)) ** 2, 0);
    if (!best || residual < best.residual)
      best = { coefficients: scaled.map((value, k) => value / (scale[k] ?? 1)), residual };
  }
  return best;
};
