import { inverseNormal } from '../core/rng.ts';
import { mean } from '../stats/moments.ts';
import { quantile } from '../stats/quantile.ts';
import { burstOf } from './burst-of.ts';
import { fitSpread } from './fit-spread.ts';
import type { ChargeFit, LimitFit } from './limit-fit.ts';
import { agreement } from './limit-replay.ts';
import type { Knock, ObservedRun } from './observations.ts';
import { toldCharges } from './told-charges.ts';

/** Fewest refusals whose sizes a spread is fitted to. */
const ENOUGH_REFUSALS = 20;

/** A limit on tokens whose refusals say what each call counts for. */
export const weighedLimit = (
  runs: readonly ObservedRun[],
  words: readonly { readonly limit: number; readonly requested: number; readonly call: number }[],
): LimitFit | undefined => {
  const [first] = words;
  if (!first || words.length < ENOUGH_REFUSALS) return undefined;
  const worded = new Map(words.map(({ call, requested }) => [call, requested]));
  const headers = new Set(worded.values()).size > 1 ? toldCharges(runs) : undefined;
  // Words are exact, and tell of large calls; headers tell of all, to within what flows in while an answer travels.
  const charges = headers ? new Map([...headers, ...worded]) : worded;
  const calls = new Set(runs.flatMap(({ knocks }) => knocks.map(({ call }) => call))).size;
  const values = [...charges.values()];
  const charge = (headers && toldSpread(values)) ?? chargeSpread(values, calls);
  const small = Math.max(
    1,
    (charge.mean.value * calls - values.reduce((a, b) => a + b, 0)) / Math.max(calls - charges.size, 1),
  );
  const chargeOf = ({ call }: Knock) => charges.get(call) ?? small;
  const perSecond = first.limit / 60;
  const largest = Math.max(...charges.values());
  const burst = Math.min(first.limit, Math.max(largest, burstOf(runs, perSecond, chargeOf)));
  const { wrong, attempts } = agreement(
    runs.map(({ knocks }) => knocks),
    { unitsPerSecond: perSecond, capacity: burst, drains: false },
    chargeOf,
  );
  return {
    dimension: 'tokens',
    perMinute: { value: first.limit, low: first.limit, high: first.limit },
    burst: { value: burst, low: largest, high: burst * 1.2 },
    source: 'messages',
    drains: undefined,
    charge,
    explains: 1 - wrong / Math.max(attempts, 1),
  };
};

/**
 * What calls count for when only refused ones say so. Large calls are refused at some time, nearly all of them, so that the upper
 * quantiles over all calls are those of the known ones; a lognormal through them gives the rest.
 */
const chargeSpread = (known: readonly number[], calls: number): ChargeFit => {
  const sorted = Float64Array.from(known).sort();
  const missing = Math.max(0, calls - sorted.length) / calls;
  const points = [0.7, 0.75, 0.8, 0.85, 0.9, 0.95]
    .filter((p) => p > missing)
    .map((p) => [inverseNormal(p), Math.log(quantile(sorted, (p - missing) / (1 - missing)))] as const);
  const how = 'by what refusals of large calls requested';
  if (points.length < 2 || sorted[0] === sorted.at(-1)) {
    const value = mean(sorted);
    return { spread: { mean: value, cv: 0 }, mean: { value, low: value, high: value }, how };
  }
  const [x, y] = [mean(points.map(([z]) => z)), mean(points.map(([, log]) => log))];
  const sigma =
    points.reduce((sum, [z, log]) => sum + (z - x) * (log - y), 0) /
    points.reduce((sum, [z]) => sum + (z - x) ** 2, 0);
  const mu = y - sigma * x;
  const value = Math.exp(mu + sigma ** 2 / 2);
  const cv = Math.sqrt(Math.exp(sigma ** 2) - 1);
  const half = (1.96 * cv * value) / Math.sqrt(sorted.length);
  return {
    spread: { mean: rounded(value), cv: rounded(cv) },
    mean: { value, low: value - half, high: value + half },
    how,
  };
};

const rounded = (value: number): number => Number(value.toPrecision(6));

/** All calls by their own charges: the shape that is close to them, or their quantiles. */
const toldSpread = (charges: readonly number[]): ChargeFit | undefined => {
  const fit = fitSpread(charges);
  return fit && { spread: fit.spread, mean: fit.mean, how: `by response headers, ${fit.count} calls` };
};
