import type { RequestRecord } from '../core/record.ts';
import { BlockAccumulator } from '../measure/block.ts';
import type { LoadModel } from '../measure/load-model.ts';
import { leastOf } from './probe-size.ts';

/** Requests after the warm-up before a level may stop: the interval's formula needs them, and each slot 1.5 latencies. */
const fewest = (level: number): number => Math.max(30, Math.ceil(1.5 * level));

/** How much more must be known before it is worth another look; keeps the work in proportion to the requests. */
const GROWTH = 1.05;

/** Tells when a level's steady throughput is known to within ± `precision` (0–1) of itself, at 95 % confidence. */
export class PrecisionStop {
  readonly #block: BlockAccumulator;
  readonly #level: number;
  readonly #load: LoadModel;
  readonly #precision: number;
  #requests = 0;
  #lookAt: number;
  #reached = false;

  constructor(level: number, precision: number, load: LoadModel) {
    this.#block = new BlockAccumulator(0, level, load);
    this.#level = level;
    this.#load = load;
    this.#precision = precision;
    // As many requests are under way as there are slots. A line in front of a few workers has not formed before: the level looks faster than it is.
    this.#lookAt = Math.max(fewest(level), load === 'closed' ? leastOf(level) - level : 0);
  }

  /** Whether enough is known; once reached it stays. */
  get reached(): boolean {
    return this.#reached;
  }

  /** Takes a completed request into account. */
  add(record: RequestRecord): void {
    if (this.#reached) return;
    this.#block.add(record);
    if (++this.#requests < this.#lookAt) return;
    this.#lookAt = Math.ceil(this.#requests * GROWTH) + 1;
    const steady = this.#block.steady().summary(this.#level, this.#load);
    if (!steady || steady.requests < fewest(this.#level) || steady.perSecond === 0) return;
    const { low, high } = steady.interval;
    this.#reached = (high - low) / 2 <= this.#precision * steady.perSecond;
  }
}
