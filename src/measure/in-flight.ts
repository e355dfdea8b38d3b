import type { Millis } from '../core/clock.ts';
import type { RequestRecord } from '../core/record.ts';
import { Column } from '../stats/column.ts';

/** Intervals held before those that are long past are counted off, so that memory stays constant. */
const HELD = 100_000;

const ascending = (column: Column): Float64Array => column.values.slice().sort();

/**
 * Largest number of requests open at once. A request that starts at the very instant another ends has taken its slot over,
 * so ends are counted before starts. Exact, but for a run of more than 100,000 requests in which one request lasts more than
 * twice as long as any before it: there the result may be one too many.
 */
export class InFlight {
  #starts = new Column();
  #ends = new Column();
  /** Open at `#countedUpTo`, of the intervals that were counted off. */
  #open = 0;
  #max = 0;
  #countedUpTo: Millis = Number.NEGATIVE_INFINITY;
  #longest: Millis = 0;
  #latestEnd: Millis = Number.NEGATIVE_INFINITY;

  /** Adds one interval; intervals come in about the order in which they end. */
  add(startedAt: Millis, endedAt: Millis): void {
    if (startedAt < this.#countedUpTo) {
      // It was open when others were counted off: it counts from there on, and once more before.
      this.#open++;
      this.#max++;
    } else this.#starts.push(startedAt);
    this.#ends.push(endedAt);
    this.#longest = Math.max(this.#longest, endedAt - startedAt);
    this.#latestEnd = Math.max(this.#latestEnd, endedAt);
    if (this.#ends.length >= HELD) this.#countOff(this.#latestEnd - 2 * this.#longest);
  }

  /** The largest number open at once so far. */
  get max(): number {
    return this.#sweep(Number.POSITIVE_INFINITY).max;
  }

  #sweep(upTo: Millis) {
    const starts = ascending(this.#starts);
    const ends = ascending(this.#ends);
    let open = this.#open;
    let max = this.#max;
    let ended = 0;
    let started = 0;
    for (; started < starts.length; started++) {
      const start = starts[started] ?? 0;
      if (start >= upTo) break;
      for (; (ends[ended] ?? Number.POSITIVE_INFINITY) <= start; ended++) open--;
      if (++open > max) max = open;
    }
    for (; (ends[ended] ?? Number.POSITIVE_INFINITY) < upTo; ended++) open--;
    return { open, max, starts: starts.subarray(started), ends: ends.subarray(ended) };
  }

  #countOff(upTo: Millis): void {
    const { open, max, starts, ends } = this.#sweep(upTo);
    if (ends.length > HELD / 2) return; // too little is past: hold more for now
    this.#open = open;
    this.#max = max;
    this.#countedUpTo = upTo;
    this.#starts = new Column();
    this.#ends = new Column();
    for (const start of starts) this.#starts.push(start);
    for (const end of ends) this.#ends.push(end);
  }
}

/** Time average of the number of open intervals over a window that holds them all: their summed length ÷ its length. */
export const meanInFlight = (summedDuration: Millis, window: Millis): number =>
  window > 0 ? summedDuration / window : 0;

/** When a request was in flight: from its start to its end, or attempt by attempt where it gave its slot back in between. */
export const stretchesInFlight = ({
  startedAt,
  endedAt,
  attempts,
  released,
}: Pick<RequestRecord, 'startedAt' | 'endedAt' | 'attempts' | 'released'>): readonly (readonly [
  Millis,
  Millis,
])[] => {
  if (attempts.length === 0) return [];
  if (!released) return [[startedAt, endedAt]];
  return attempts.map((attempt, index) => [
    index === 0 ? startedAt : (attempt.readyAt ?? attempt.startedAt),
    attempt.endedAt,
  ]);
};
