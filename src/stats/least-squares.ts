/** Coefficients of a fit, and what they leave: the weighted sum of squares. */
export interface LinearFit {
  readonly coefficients: readonly number[];
  readonly residual: number;
}

/** Solves a small linear system by elimination with pivoting; `undefined` if it has no single solution. */
export const solve = (
  matrix: readonly (readonly number[])[],
  right: readonly number[],
): number[] | undefined => {
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

/** Inner product; what the second lacks counts as 0. */
export const dot = (a: readonly number[], b: readonly number[]): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
};

/** Of the largest gradient at the start: below it, freeing a column more is worth nothing. */
const NOTHING = 1e-10;

/** Coefficients of the columns that are free, 0 for the others; by inner products of the columns with each other and with the target. */
const fitFree = (
  products: readonly (readonly number[])[],
  moments: readonly number[],
  free: ReadonlySet<number>,
): number[] | undefined => {
  const picked = [...free];
  const found = solve(
    picked.map((a) => picked.map((b) => products[a]?.[b] ?? 0)),
    picked.map((a) => moments[a] ?? 0),
  );
  return found && moments.map((_, k) => (free.has(k) ? (found[picked.indexOf(k)] ?? 0) : 0));
};

/**
 * Weighted least squares with coefficients that are not negative, by active sets (Lawson & Hanson, Solving Least Squares Problems, chapter 23):
 * the column that promises most is set free, and those that turn negative by it are bound again, until none promises anything.
 * `undefined` if not even one column can be fitted.
 */
export const nonNegativeLeastSquares = (
  rows: readonly (readonly number[])[],
  values: readonly number[],
  weights: readonly number[] = values.map(() => 1),
): LinearFit | undefined => {
  const roots = weights.map(Math.sqrt);
  const target = values.map((value, i) => value * (roots[i] ?? 0));
  const design = (rows[0] ?? []).map((_, k) => rows.map((row, i) => (row[k] ?? 0) * (roots[i] ?? 0)));
  // Scaled columns keep the elimination's notion of zero the same for every unit.
  const scale = design.map((column) => Math.max(...column.map(Math.abs), 0) || 1);
  const columns = design.map((column, k) => column.map((value) => value / (scale[k] ?? 1)));
  const left = (found: readonly number[]) =>
    target.map((value, i) => value - found.reduce((sum, x, k) => sum + x * (columns[k]?.[i] ?? 0), 0));
  const products = columns.map((a) => columns.map((b) => dot(a, b)));
  const moments = columns.map((column) => dot(column, target));
  const least = NOTHING * Math.max(...moments.map(Math.abs), 0);
  const free = new Set<number>();
  const refused = new Set<number>();
  let found = columns.map(() => 0);
  for (;;) {
    const promises = moments.map((moment, k) =>
      free.has(k) || refused.has(k) ? Number.NEGATIVE_INFINITY : moment - dot(products[k] ?? [], found),
    );
    const most = Math.max(...promises);
    if (!(most > least)) break;
    const next = promises.indexOf(most);
    free.add(next);
    let wanted = fitFree(products, moments, free);
    // Either it says nothing that the others do not, or rounding alone made it promise something.
    if (!wanted || !((wanted[next] ?? 0) > 0)) {
      free.delete(next);
      refused.add(next);
      continue;
    }
    refused.clear();
    while (wanted?.some((value, k) => free.has(k) && value <= 0)) {
      const from = found;
      const to = wanted;
      const negative = [...free].filter((k) => (to[k] ?? 0) <= 0);
      const step = Math.min(...negative.map((k) => (from[k] ?? 0) / ((from[k] ?? 0) - (to[k] ?? 0))));
      found = from.map((value, k) => value + step * ((to[k] ?? 0) - value));
      for (const k of negative) if (!((found[k] ?? 0) > 1e-12)) free.delete(k);
      wanted = fitFree(products, moments, free);
    }
    if (!wanted) break;
    found = wanted;
  }
  if (free.size === 0) return undefined;
  return {
    coefficients: found.map((value, k) => value / (scale[k] ?? 1)),
    residual: left(found).reduce((sum, value) => sum + value ** 2, 0),
  };
};
