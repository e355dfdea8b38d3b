import { createRng } from '../core/rng.ts';
import { serve } from './day.ts';
import { type DayLoad, type DrawnDay, drawArrivals, draws, steadyArrivals } from './drawn-day.ts';

/** Requests from which a mean wait is taken. */
const PEAK_REQUESTS = 100_000;

/** Values under keys, of which only those of the latest key are kept: a what-if's days would only take room. */
class Latest<T> {
  #key = '';
  #values = new Map<number, T>();

  get(key: string, number: number, make: () => T): T {
    if (key !== this.#key) [this.#key, this.#values] = [key, new Map()];
    const known = this.#values.get(number);
    if (known !== undefined) return known;
    const made = make();
    this.#values.set(number, made);
    return made;
  }
}

const peakKey = ({ burstiness, latencyMs, latencyCv, tokensCv }: DayLoad, perSecond: number): string =>
  JSON.stringify([perSecond, burstiness, latencyMs, latencyCv, tokensCv]);

/** Days drawn for one plan: tiers that see the same load see the same days, so that they differ by nothing but their limits. */
export class DrawnDays {
  readonly #seed: number;
  readonly #days = new Latest<DrawnDay>();
  readonly #latencies = new Latest<Float64Array>();
  readonly #sizes = new Latest<Float64Array>();
  readonly #peaks = new Latest<DrawnDay>();
  readonly #waits = new Latest<Float64Array>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** The day of this number under a load. */
  day(load: DayLoad, number: number): DrawnDay {
    const { requestsPerDay, curve, burstiness } = load;
    const key = JSON.stringify([
      requestsPerDay,
      curve,
      burstiness,
      load.latencyMs,
      load.latencyCv,
      load.tokensCv,
    ]);
    return this.#days.get(key, number, () => {
      const arrivals = drawArrivals(load, createRng(this.#seed).fork(number).fork('arrivals'));
      return { arrivals, ...this.#calls(load, arrivals.length, number) };
    });
  }

  /** Arrivals as at the busiest instant for as long as it takes to tell how long a request waits. */
  peak(load: DayLoad, perSecond: number): DrawnDay {
    const { burstiness, latencyMs, latencyCv, tokensCv } = load;
    return this.#peaks.get(peakKey(load, perSecond), 0, () => {
      const rng = createRng(this.#seed).fork('peak');
      return {
        arrivals: steadyArrivals(PEAK_REQUESTS, perSecond, burstiness, rng.fork('arrivals')),
        latencies: draws(PEAK_REQUESTS, latencyMs, latencyCv, rng.fork('latency')),
        sizes: draws(PEAK_REQUESTS, 1, tokensCv, rng.fork('tokens')),
      };
    });
  }

  /** How long each request of such a peak waits for one of so many slots, where no limit holds it up. */
  slotWaits(load: DayLoad, perSecond: number, slots: number): Float64Array {
    const make = () => serve({ buckets: [], slots }, this.peak(load, perSecond)).waits;
    return this.#waits.get(peakKey(load, perSecond), slots, make);
  }

  /** A batch: all of its requests are there at the start. */
  batch(
    load: Pick<DayLoad, 'latencyMs' | 'latencyCv' | 'tokensCv'>,
    requests: number,
    number: number,
  ): DrawnDay {
    return { arrivals: new Float64Array(requests), ...this.#calls(load, requests, number) };
  }

  /** Times and sizes by number of the request: a load that differs only in how many come, and when, has the same. */
  #calls(
    { latencyMs, latencyCv, tokensCv }: Pick<DayLoad, 'latencyMs' | 'latencyCv' | 'tokensCv'>,
    count: number,
    number: number,
  ): Pick<DrawnDay, 'latencies' | 'sizes'> {
    const rng = createRng(this.#seed).fork(number);
    const longer = (known: Latest<Float64Array>, mean: number, cv: number, name: string) => {
      const key = `${mean} ${cv}`;
      const draw = () => draws(count, mean, cv, rng.fork(name));
      const found = known.get(key, number, draw);
      if (found.length >= count) return found.subarray(0, count);
      return draw();
    };
    return {
      latencies: longer(this.#latencies, latencyMs, latencyCv, 'latency'),
      sizes: longer(this.#sizes, 1, tokensCv, 'tokens'),
    };
  }
}
