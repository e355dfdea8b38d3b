import type { Millis } from '../core/clock.ts';
import { exponential, gamma, lognormal, type Rng } from '../core/rng.ts';
import type { LoadCurve } from './load-curve.ts';

/** What comes in on a day. */
export interface DayLoad {
  readonly requestsPerDay: number;
  readonly curve: LoadCurve;
  /** Shape of the gamma-distributed gaps between arrivals: 1 is Poisson, less comes in bursts. Their squared CV is its inverse. */
  readonly burstiness: number;
  readonly latencyMs: Millis;
  readonly latencyCv: number;
  /** Coefficient of variation of what a request takes from a token limit. */
  readonly tokensCv: number;
}

/** The chance of a day, drawn once and served by as many tiers as there are. */
export interface DrawnDay {
  /** Instants, ascending. */
  readonly arrivals: Float64Array;
  readonly latencies: Float64Array;
  /** What each request takes relative to the mean. */
  readonly sizes: Float64Array;
}

const HOUR: Millis = 3_600_000;

/** Gaps of mean 1. */
const gapsOf = (burstiness: number, rng: Rng): (() => number) =>
  burstiness === 1 ? () => exponential(rng, 1) : () => gamma(rng, burstiness) / burstiness;

/** Arrival instants of a day: gaps of mean 1 stretched over the rising load, so that the rate follows the curve. */
export const drawArrivals = ({ requestsPerDay, curve, burstiness }: DayLoad, rng: Rng): Float64Array => {
  const gap = gapsOf(burstiness, rng);
  let instants = new Float64Array(Math.ceil(requestsPerDay * 1.05) + 1000);
  let count = 0;
  let before = 0; // requests' worth of the hours that have passed
  let due = gap();
  for (const [hour, weight] of curve.entries()) {
    const perHour = (weight * requestsPerDay) / curve.length;
    for (; due < before + perHour; due += gap()) {
      if (count === instants.length) {
        const larger = new Float64Array(2 * count);
        larger.set(instants);
        instants = larger;
      }
      instants[count++] = (hour + (due - before) / perHour) * HOUR;
    }
    before += perHour;
  }
  return instants.subarray(0, count);
};

/** Arrivals at a steady rate, from 0 on. */
export const steadyArrivals = (
  count: number,
  perSecond: number,
  burstiness: number,
  rng: Rng,
): Float64Array => {
  const gap = gapsOf(burstiness, rng);
  let at = 0;
  return new Float64Array(count).map(() => {
    at += (gap() * 1000) / perSecond;
    return at;
  });
};

/** So many lognormal draws; of more, the first are the same. */
export const draws = (count: number, mean: number, cv: number, rng: Rng): Float64Array => {
  const values = new Float64Array(count).fill(mean);
  if (cv <= 0) return values;
  const sigma = Math.sqrt(Math.log(1 + cv * cv));
  const median = mean / Math.sqrt(1 + cv * cv);
  return values.map(() => lognormal(rng, median, sigma));
};

/** Draws a day; the same `rng` gives the same one. */
export const drawDay = (load: DayLoad, rng: Rng): DrawnDay => {
  const arrivals = drawArrivals(load, rng.fork('arrivals'));
  return {
    arrivals,
    latencies: draws(arrivals.length, load.latencyMs, load.latencyCv, rng.fork('latency')),
    sizes: draws(arrivals.length, 1, load.tokensCv, rng.fork('tokens')),
  };
};
