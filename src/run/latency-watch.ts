import type { Millis } from '../core/clock.ts';
import type { AttemptRecord } from '../core/record.ts';
import { Ratio } from '../stats/ratio.ts';

/** Fewest answers from which a spread is known. */
const FEWEST = 20;

/** The usual spread of calls, until something is known: coefficient of variation. */
const USUAL_CV = 0.3;

/** How long successful attempts took in the stretch that ran last: what the next one plans with. */
export class LatencyWatch {
  #current = new Ratio();
  #last: Ratio | undefined;

  onAttempt({ failure, startedAt, endedAt }: AttemptRecord): void {
    if (!failure) this.#current.add(1, endedAt - startedAt);
  }

  /** A stretch has ended. */
  turn(): void {
    if (this.#current.count > 0) this.#last = this.#current;
    this.#current = new Ratio();
  }

  /** Mean latency of the stretch before; `undefined` before the first. */
  get mean(): Millis | undefined {
    return this.#last?.meanX;
  }

  /** Coefficient of variation of the stretch before; the usual one before the first. */
  get cv(): number {
    return this.#last && this.#last.count >= FEWEST ? this.#last.cvX : USUAL_CV;
  }
}
