import { estimatedTokens, promptText } from '../client/prompt-size.ts';
import type { Call } from '../core/call.ts';
import type { Millis } from '../core/clock.ts';
import { costOf, type Usd } from '../core/price.ts';
import { mean } from '../stats/moments.ts';
import type { StopCondition } from './level.ts';
import type { PriceOf } from './spending.ts';

/** What one stretch of a run would send, at most: every answer as long as it may be, no retry. */
export interface Forecast {
  /** `undefined` where only a time ends it. */
  readonly requests: number | undefined;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  /** `undefined` where there is no price, or no number of requests. */
  readonly costUsd: Usd | undefined;
  readonly time: Millis;
}

/** What an answer takes, assumed since nothing has been measured: a first token after that long, then tokens at that pace. */
export const ASSUMED = { firstToken: 1000 as Millis, tokensPerSecond: 60 } as const;

const latencyOf = ({ maxTokens }: Call): Millis =>
  ASSUMED.firstToken + (maxTokens / ASSUMED.tokensPerSecond) * 1000;

/** Foretells a stretch of `level` at once from the first calls of its scenario. */
export const forecast = (
  calls: readonly Call[],
  { requests, duration = Number.POSITIVE_INFINITY }: StopCondition,
  level: number,
  priceOf: PriceOf,
): Forecast => {
  const inputTokens = mean(calls.map((call) => estimatedTokens(promptText(call).length)));
  const outputTokens = mean(calls.map(({ maxTokens }) => maxTokens));
  const costs = calls.map((call) => {
    const price = priceOf(call.model);
    const usage = { inputTokens: estimatedTokens(promptText(call).length), outputTokens: call.maxTokens };
    return price ? costOf(usage, price) : Number.NaN;
  });
  const cost = mean(costs);
  const latency = mean(calls.map(latencyOf));
  const times = (value: number) => (requests === undefined ? undefined : value * requests);
  return {
    requests,
    inputTokens: times(inputTokens),
    outputTokens: times(outputTokens),
    costUsd: Number.isNaN(cost) ? undefined : times(cost),
    time: Math.min(duration, requests === undefined ? duration : Math.ceil(requests / level) * latency),
  };
};
