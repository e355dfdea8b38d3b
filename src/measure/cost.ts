import type { RequestRecord } from '../core/record.ts';
import { ExactSum } from '../stats/exact-sum.ts';
import type { LevelCost } from './level-summary.ts';

/** What a level's attempts cost, folded from its requests. */
export class CostAccumulator {
  readonly #total = new ExactSum();
  readonly #waste = new ExactSum();
  #known = false;

  /** Adds a request's attempts. */
  add({ attempts }: RequestRecord): void {
    for (const { costUsd, failure } of attempts) {
      if (costUsd === undefined) continue;
      this.#known = true;
      this.#total.add(costUsd);
      if (failure) this.#waste.add(costUsd);
    }
  }

  /** The split over `ok` successes; `undefined` where no attempt had a price. */
  split(ok: number): LevelCost | undefined {
    if (!this.#known) return undefined;
    const total = this.#total.value;
    return { total, perSuccess: ok > 0 ? total / ok : null, waste: this.#waste.value };
  }
}
