import { inverseNormal } from '../core/rng.ts';
import { mean } from '../stats/moments.ts';
import { quantile } from '../stats/quantile.ts';
import { burstOf } from './burst-of.ts';
import type { LimitFit } from './limit-fit.ts';
import { agreement } from './limit-replay.ts';
import type { Knock, ObservedRun } from './observations.ts';

/** Fewest refusals whose sizes a spread is fitted to. */
const ENOUGH_REFUSALS = 20;

/** A limit on tokens whose refusals say what each call counts for. */
export const weighedLimit = (
  runs: readonly ObservedRun[],
  words: readonly { readonly limit: number; readonly requested: number; readonly call: number }[],
): LimitFit | undefined => {
  const [first] = words;
  if (!first || words.length < ENOUGH_REFUSALS) return undefined;
  const charges = new Map(words.map(({ call, requested }) => [call, requested]));
  const calls = new Set(runs.flatMap(({ knocks }) => knocks.map(({ call }) => call))).size;
  const charge = chargeSpread([...charges.values()], calls);
  const small = Math.max(
    1,
    (charge.mean * calls - [...charges.values()].reduce((a, b) => a + b, 0)) /
      Math.max(calls - charges.size, 1),
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
const chargeSpread = (
  known: readonly number[],
  calls: number,
): { readonly mean: number; readonly cv: number } => {
  const sorted = Float64Array.from(known).sort();
  const missing = Math.max(0, calls - sorted.length) / calls;
  const points = [0.7, 0.75, 0.8, 0.85, 0.9, 0.95]
    .filter((p) => p > missing)
    .map((p) => [inverseNormal(p), Math.log(quantile(sorted, (p - missing) / (1 - missing)))] as const);
  if (points.length < 2 || sorted[0] === sorted.at(-1)) {
    return { mean: mean(sorted), cv: 0 };
  }
  const [x, y] = [mean(points.map(([z]) => z)), mean(points.map(([, log]) => log))];
  const sigma =
    points.reduce((sum, [z, log]) => sum + (z - x) * (log - y), 0) /
    points.reduce((sum, [z]) => sum + (z - x) ** 2, 0);
  const mu = y - sigma * x;
  return { mean: Math.exp(mu + sigma ** 2 / 2), cv: Math.sqrt(Math.exp(sigma ** 2) - 1) };
};
