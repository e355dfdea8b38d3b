import { createRng, exponential, lognormalMean } from '../core/rng.ts';
import { type Day, type DrawnDay, drawDay } from './day.ts';

/** Requests from which a mean wait is taken. */
const PEAK_REQUESTS = 50_000;

/** Days drawn for one plan: tiers that see the same load see the same days, so that they differ by nothing but their limits. */
export class DrawnDays {
  readonly #seed: number;
  #key = '';
  #days: DrawnDay[] = [];
  #peakKey = '';
  #peak: DrawnDay | undefined;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** The day of this number under a load. Of one load at a time: a what-if's days would only take room. */
  day({ requestsPerDay, curve, latencyMs, latencyCv, tokensCv }: Day, number: number): DrawnDay {
    const load = { requestsPerDay, curve, latencyMs, latencyCv, tokensCv };
    const key = JSON.stringify(load);
    if (key !== this.#key) [this.#key, this.#days] = [key, []];
    let found = this.#days[number];
    if (!found) {
      found = drawDay(load, createRng(this.#seed).fork(number));
      this.#days[number] = found;
    }
    return found;
  }

  /** Arrivals as at the busiest instant for as long as it takes to tell how long a request waits. */
  peak({ latencyMs, latencyCv }: Day, perSecond: number): DrawnDay {
    const key = JSON.stringify([latencyMs, latencyCv, perSecond]);
    if (!this.#peak || key !== this.#peakKey) {
      const rng = createRng(this.#seed).fork('peak');
      const [gaps, latencies] = [rng.fork('gaps'), rng.fork('latencies')];
      let at = 0;
      const arrivals = new Float64Array(PEAK_REQUESTS).map(() => (at += exponential(gaps, 1000 / perSecond)));
      this.#peak = {
        arrivals,
        latencies: arrivals.map(() => lognormalMean(latencies, latencyMs, latencyCv)),
        sizes: arrivals.map(() => 1),
      };
      this.#peakKey = key;
    }
    return this.#peak;
  }
}
