/** Ranks of numbers, in their order, and how many share each rank. */
export interface Ranking {
  /** Ties share the mean of their ranks, counted from 1. */
  readonly ranks: readonly number[];
  /** Sizes of the groups of equal values; a value of its own counts as a group of one. */
  readonly ties: readonly number[];
}

/** Mid-ranks of a sample. */
export const ranking = (values: readonly number[]): Ranking => {
  const order = values.map((_, index) => index).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Array<number>(values.length).fill(0);
  const ties: number[] = [];
  for (let from = 0; from < order.length; ) {
    const value = values[order[from] ?? 0];
    let to = from + 1;
    while (to < order.length && values[order[to] ?? 0] === value) to++;
    for (let i = from; i < to; i++) ranks[order[i] ?? 0] = (from + 1 + to) / 2;
    ties.push(to - from);
    from = to;
  }
  return { ranks, ties };
};
