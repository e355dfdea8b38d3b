import type { Millis } from '../core/clock.ts';
import type { AttemptRecord, RequestRecord } from '../core/record.ts';
import { BlockAccumulator } from '../measure/block.ts';
import type { Hope } from './measure-plan.ts';

/** How much more must be known before it is worth another look; keeps the work in proportion to the requests. */
const GROWTH = 1.02;

/** Calls' time from a bucket's end until the limit behind it has shown: two until waves of refusals have settled, two to count in, one that is under way. */
const SETTLED = 5;

/**
 * Tells when a level has been measured for long enough that may live on a full bucket: soon where it is slower than hoped for; else after all that proves
 * that it does not; and where it was refused, once the limit behind the bucket has shown.
 */
export class HopeStop {
  readonly #block: BlockAccumulator;
  readonly #level: number;
  readonly #hoped: Hope;
  #requests = 0;
  #lookAt: number;
  #reached = false;
  #first429At: Millis | undefined;

  constructor(level: number, hoped: Hope) {
    this.#block = new BlockAccumulator(0, level, 'closed');
    this.#level = level;
    this.#hoped = hoped;
    this.#lookAt = hoped.shownAfter - level;
  }

  /** Whether enough is known; once reached it stays. */
  get reached(): boolean {
    return this.#reached;
  }

  /** Takes an attempt into account that has ended: a request that was refused may take long to end. */
  attempt({ failure, endedAt }: AttemptRecord): void {
    if (failure?.kind === 'rate-limited') this.#first429At ??= endedAt;
  }

  /** Takes a completed request into account; as many are under way as there are slots. */
  add(record: RequestRecord): void {
    if (this.#reached) return;
    this.#block.add(record);
    if (++this.#requests < this.#lookAt) return;
    this.#lookAt = Math.ceil(this.#requests * GROWTH) + 1;
    const isProven = this.#requests + this.#level >= this.#hoped.provenAfter;
    if (this.#first429At !== undefined)
      this.#reached = record.endedAt - this.#first429At >= SETTLED * this.#hoped.callMs;
    else if (isProven) this.#reached = true;
    else this.#judgePace();
  }

  #judgePace(): void {
    const perSecond = this.#perSecond;
    // Too few cycles are over: soon there are enough.
    if (perSecond === undefined) return;
    if (perSecond < this.#hoped.perSecond) this.#reached = true;
    else this.#lookAt = this.#hoped.provenAfter - this.#level;
  }

  /** By the cycles that are over: those under way are missing from what was in flight. */
  get #perSecond(): number | undefined {
    const steady = this.#block.steady().summary(this.#level, 'closed');
    return steady ? (1000 * this.#level) / steady.meanCycleMs : undefined;
  }
}
