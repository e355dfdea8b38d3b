import type { Rng } from '../core/rng.ts';

/** One run of one level. */
export interface Visit {
  readonly level: number;
  /** Number of the repeat; absent where each level runs once. */
  readonly block?: number;
}

/**
 * In which order levels run. Once: as given. Repeated: in complete blocks, each in an order of its own, so that drift of the
 * endpoint falls on all levels alike; the sequential level would dominate every block and runs once, first.
 */
export const visits = (levels: readonly number[], repeat: number, rng: Rng): readonly Visit[] => {
  if (repeat <= 1) return levels.map((level) => ({ level }));
  const alone = levels.filter((level) => level === 1);
  const others = levels.filter((level) => level !== 1);
  return [
    ...alone.map((level) => ({ level, block: 0 })),
    ...Array.from({ length: repeat }, (_, block) =>
      shuffled(others, rng.fork('order').fork(block)).map((level) => ({ level, block })),
    ).flat(),
  ];
};

/** Fisher and Yates. */
const shuffled = (items: readonly number[], rng: Rng): readonly number[] => {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(rng.next() * (i + 1));
    const [a, b] = [order[i], order[j]];
    if (a !== undefined && b !== undefined) [order[i], order[j]] = [b, a];
  }
  return order;
};
