import type { RateLimitDimension } from '../core/rate-limit.ts';
import { ChargeMeter } from '../measure/charge.ts';
import { median } from '../stats/quantile.ts';
import type { Knock, ObservedRun } from './observations.ts';

/** Share of the calls whose charge must be known. */
const MOST_CALLS = 0.5;

/** Below so many tokens a charge was read off answers that had overtaken each other. */
const LEAST = 1;

interface Answered {
  readonly knock: Knock;
  readonly tokens: RateLimitDimension;
}

/** Attempts whose headers tell the whole of the limit on tokens. */
const answered = ({ knocks }: ObservedRun): readonly Answered[] =>
  knocks.flatMap((knock) => {
    const tokens = knock.told?.tokens;
    const isWhole = tokens?.limit && tokens.remaining !== undefined && tokens.reset !== undefined;
    return isWhole ? [{ knock, tokens }] : [];
  });

/**
 * What calls count against the limit on tokens, by the endpoint's own headers: the middle one of the levels that sent the call.
 * `undefined` where headers do not tell it of most.
 */
export const toldCharges = (runs: readonly ObservedRun[]): ReadonlyMap<number, number> | undefined => {
  const read = new Map<number, number[]>();
  for (const run of runs) {
    const answers = answered(run);
    const meter = new ChargeMeter();
    for (const { knock, tokens } of answers) meter.add(knock.at, tokens, !knock.admitted);
    for (const [index, charge] of (meter.charges() ?? []).entries()) {
      const call = answers[index]?.knock.call;
      if (call !== undefined && charge !== undefined && charge >= LEAST)
        read.set(call, [...(read.get(call) ?? []), charge]);
    }
  }
  const calls = new Set(runs.flatMap(({ knocks }) => knocks.map(({ call }) => call))).size;
  if (read.size < MOST_CALLS * calls) return undefined;
  return new Map([...read].map(([call, charges]) => [call, median(charges)]));
};
