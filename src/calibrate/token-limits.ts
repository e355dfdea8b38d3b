import { mean } from '../stats/moments.ts';
import { burstOf } from './burst-of.ts';
import type { LimitFit } from './limit-fit.ts';
import { agreement } from './limit-replay.ts';
import type { ObservedRun, Stay } from './observations.ts';

/** Share of a call's time before its first token, where it is not streamed: what is taken, and what it may be. */
const FIRST_SHARE = { value: 0.4, low: 0.1, high: 0.7 };

/** Something that changes how fast tokens are produced, or a call that asks to be let in. */
type Instant = readonly [at: number, tokensPerMs: number, admitted: boolean | undefined];

/** Production of a stay as two changes of pace: even from its first token to its end. */
const production = (
  { startedAt, endedAt, firstTokenAt, outputTokens }: Stay,
  firstShare: number,
): readonly Instant[] => {
  const from = firstTokenAt ?? startedAt + firstShare * (endedAt - startedAt);
  if (outputTokens === undefined || endedAt <= from) return [];
  const pace = outputTokens / (endedAt - from);
  return [
    [from, pace, undefined],
    [endedAt, -pace, undefined],
  ];
};

/** Instants of each level of each run, by time. */
const levelsOf = (runs: readonly ObservedRun[], firstShare: number): readonly (readonly Instant[])[] =>
  runs.flatMap(({ levels, stays, knocks }) =>
    levels.map((level) =>
      [
        ...stays.filter((stay) => stay.level === level).flatMap((stay) => production(stay, firstShare)),
        ...knocks
          .filter((knock) => knock.level === level)
          .map(({ at, admitted }): Instant => [at, 0, admitted]),
      ].toSorted((a, b) => a[0] - b[0]),
    ),
  );

/** Walks through a level and tells, at each call that asks, how much of the bucket is used. */
const walk = (
  instants: readonly Instant[],
  perMs: number,
  capacity: number,
  ask: (used: number, admitted: boolean) => boolean | undefined,
): void => {
  let pace = 0;
  let used = 0;
  let before = instants[0]?.[0] ?? 0;
  for (const [at, change, admitted] of instants) {
    used = Math.min(capacity, Math.max(0, used + (pace - perMs) * (at - before)));
    before = at;
    pace += change;
    if (admitted !== undefined && ask(used, admitted) === false) return;
  }
};

/** What had been used beyond the refill at the first refusal of a level: the middle one of the levels. */
const usedAtRefusal = (levels: readonly (readonly Instant[])[], perMs: number): number => {
  const bursts = levels.flatMap((instants) => {
    let first: number | undefined;
    walk(instants, perMs, Number.POSITIVE_INFINITY, (used, admitted) => {
      if (!admitted) first = used;
      return admitted;
    });
    return first === undefined ? [] : [first];
  });
  const sorted = bursts.toSorted((a, b) => a - b);
  return Math.max(1, sorted[Math.floor(sorted.length / 2)] ?? 1);
};

/**
 * A limit on output tokens, charged as they are produced: a call is let in while anything is left.
 */
export const flowLimit = (runs: readonly ObservedRun[], perMinute: number): LimitFit => {
  const perMs = perMinute / 60_000;
  const levels = levelsOf(runs, FIRST_SHARE.value);
  const burst = usedAtRefusal(levels, perMs);
  const others = [FIRST_SHARE.low, FIRST_SHARE.high].map((share) =>
    usedAtRefusal(levelsOf(runs, share), perMs),
  );
  let [wrong, attempts] = [0, 0];
  for (const instants of levels) {
    walk(instants, perMs, burst * 2, (used, admitted) => {
      attempts++;
      if (used < burst !== admitted) wrong++;
      return undefined;
    });
  }
  return {
    dimension: 'output-tokens',
    perMinute: { value: perMinute, low: perMinute, high: perMinute },
    burst: { value: burst, low: Math.min(burst, ...others), high: Math.max(burst, ...others) },
    source: 'messages',
    drains: undefined,
    charge: undefined,
    explains: 1 - wrong / Math.max(attempts, 1),
  };
};

/** A limit on input tokens: each call counts what its prompt holds. */
export const promptLimit = (runs: readonly ObservedRun[], perMinute: number): LimitFit => {
  const known = runs.flatMap(({ knocks }) => knocks.flatMap(({ inputTokens }) => inputTokens ?? []));
  const usual = known.length > 0 ? mean(known) : 0;
  const chargeOf = ({ inputTokens = usual }: { readonly inputTokens: number | undefined }) => inputTokens;
  const largest = known.reduce((most, tokens) => Math.max(most, tokens), 1);
  const burst = Math.min(perMinute, Math.max(largest, burstOf(runs, perMinute / 60, chargeOf)));
  const { wrong, attempts } = agreement(
    runs.map(({ knocks }) => knocks),
    { unitsPerSecond: perMinute / 60, capacity: burst, drains: false },
    chargeOf,
  );
  return {
    dimension: 'input-tokens',
    perMinute: { value: perMinute, low: perMinute, high: perMinute },
    burst: { value: burst, low: largest, high: burst + largest },
    source: 'messages',
    drains: undefined,
    charge: undefined,
    explains: 1 - wrong / Math.max(attempts, 1),
  };
};
