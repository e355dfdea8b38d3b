/** Moves values so that the one of rank `k` stands at its place, smaller ones before it and larger ones behind (Hoare's quickselect). */
const select = (values: Float64Array, k: number): void => {
  let left = 0;
  let right = values.length - 1;
  while (left < right) {
    const pivot = values[(left + right) >>> 1] ?? 0;
    let i = left;
    let j = right;
    while (i <= j) {
      while ((values[i] ?? 0) < pivot) i++;
      while ((values[j] ?? 0) > pivot) j--;
      if (i > j) break;
      const swapped = values[i] ?? 0;
      values[i++] = values[j] ?? 0;
      values[j--] = swapped;
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else return;
  }
};

/**
 * The same quantile as of sorted values, of values in any order and in linear time; reorders them. `NaN` for no values, which must
 * be numbers.
 */
export const quantileInPlace = (values: Float64Array, p: number): number => {
  const last = values.length - 1;
  if (last < 0) return Number.NaN;
  const position = Math.min(Math.max(p, 0), 1) * last;
  const below = Math.floor(position);
  select(values, below);
  const low = values[below] ?? Number.NaN;
  if (below === position) return low;
  let high = Number.POSITIVE_INFINITY;
  for (let i = below + 1; i <= last; i++) {
    const value = values[i] ?? 0;
    if (value < high) high = value;
  }
  return low + (high - low) * (position - below);
};
