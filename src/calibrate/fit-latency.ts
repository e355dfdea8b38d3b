import { mean } from '../stats/moments.ts';
import { fitSpread, type Spread, type SpreadFit } from './fit-spread.ts';
import type { ObservedRun } from './observations.ts';
import { type LoadModel, replay } from './service-replay.ts';

/** How long answers take on an idle server, as a profile writes it. */
export type LatencyModel =
  | { readonly total: Spread; readonly tokens: number; readonly ttftShare: number }
  | { readonly ttft: Spread; readonly tokensPerSecond: number; readonly rateCv: number };

/** A fitted latency model. */
export interface LatencyFit {
  readonly model: LatencyModel;
  /** Length of the answers; `undefined` where the endpoint did not tell. */
  readonly tokens: Spread | undefined;
  /** What was fitted, by name. */
  readonly fits: Readonly<Record<string, SpreadFit>>;
  readonly streamed: boolean;
  readonly headShare: number | undefined;
}

interface Work {
  readonly total: number;
  readonly first: number;
  readonly tokens: number | undefined;
  readonly headShare: number;
}

const DEFAULT_TOKENS = 30;
const DEFAULT_TTFT_SHARE = 0.4;

/** Fits times on an idle server: what was observed, less what other requests cost it. `undefined` of too few. */
export const fitLatency = (runs: readonly ObservedRun[], load: LoadModel): LatencyFit | undefined => {
  const works = runs.flatMap(({ stays }): readonly Work[] => {
    const replayed = replay(stays, load);
    if (!replayed) return [];
    return stays.flatMap(({ whole, outputTokens, headersAt, firstTokenAt, startedAt }, index) =>
      whole
        ? [
            {
              total: replayed.work[index] ?? Number.NaN,
              first: replayed.firstWork[index] ?? Number.NaN,
              tokens: outputTokens,
              headShare: ((headersAt ?? Number.NaN) - startedAt) / ((firstTokenAt ?? Number.NaN) - startedAt),
            },
          ]
        : [],
    );
  });
  const lengths = works.flatMap(({ tokens }) => (tokens === undefined ? [] : [tokens]));
  const tokens = lengths.length === works.length ? fitSpread(lengths) : undefined;
  const spread = tokens?.spread;
  const streamed = works.filter(({ first }) => Number.isFinite(first)).length > works.length / 2;
  const fit = streamed
    ? fitStreams(works)
    : fitWholes(works, tokens ? Math.round(tokens.mean.value) : undefined);
  return fit && { ...fit, tokens: spread, streamed };
};

const fitStreams = (works: readonly Work[]): Pick<LatencyFit, 'model' | 'fits' | 'headShare'> | undefined => {
  const streams = works.filter(({ first }) => Number.isFinite(first));
  const ttft = fitSpread(streams.map(({ first }) => first));
  const gaps = fitSpread(
    streams.flatMap(({ total, first, tokens }) =>
      tokens !== undefined && tokens > 1 ? [(total - first) / (tokens - 1)] : [],
    ),
  );
  if (!ttft || !gaps) return undefined;
  const perToken = gaps.mean.value;
  const rateCv =
    typeof gaps.spread === 'object' && 'cv' in gaps.spread ? gaps.spread.cv : cvOf(streams, perToken);
  const shares = streams.map(({ headShare }) => headShare).filter((share) => share >= 0 && share <= 1);
  return {
    model: { ttft: ttft.spread, tokensPerSecond: Number((1000 / perToken).toPrecision(5)), rateCv },
    fits: { 'time to the first token': ttft, 'time per further token': gaps },
    headShare: shares.length > 0 ? Number(mean(shares).toFixed(3)) : undefined,
  };
};

const cvOf = (streams: readonly Work[], perToken: number): number => {
  const gaps = streams.flatMap(({ total, first, tokens = 0 }) =>
    tokens > 1 ? [(total - first) / (tokens - 1)] : [],
  );
  return Number((Math.sqrt(mean(gaps.map((gap) => (gap - perToken) ** 2))) / perToken).toPrecision(4));
};

/** The part of a whole answer's time that does not grow with its length, by least squares, where lengths differ. */
const fixedShare = (works: readonly Work[], tokens: number): number => {
  const told = works.flatMap(({ total, tokens: length }) =>
    length === undefined ? [] : [[length - 1, total] as const],
  );
  const [x, y] = [mean(told.map(([length]) => length)), mean(told.map(([, total]) => total))];
  const spread = mean(told.map(([length]) => (length - x) ** 2));
  if (Math.sqrt(spread) < 0.1 * (x + 1)) return DEFAULT_TTFT_SHARE;
  const slope = mean(told.map(([length, total]) => (length - x) * (total - y))) / spread;
  const fixed = y - slope * x;
  return Math.min(1, Math.max(0, fixed / (fixed + slope * (tokens - 1))));
};

const fitWholes = (
  works: readonly Work[],
  length: number | undefined,
): Pick<LatencyFit, 'model' | 'fits' | 'headShare'> | undefined => {
  const tokens = Math.max(2, length ?? DEFAULT_TOKENS);
  const share = length === undefined ? DEFAULT_TTFT_SHARE : fixedShare(works, tokens);
  // As the mock writes it: the time at `tokens`, of which all but the share grows with the tokens after the first.
  const scaled = works.map(({ total, tokens: own = tokens }) => {
    const scale = share + (1 - share) * (Math.max(own - 1, 0) / (tokens - 1));
    return total / Math.max(scale, 0.01);
  });
  const total = fitSpread(scaled);
  if (!total) return undefined;
  return {
    model: { total: total.spread, tokens, ttftShare: Number(share.toFixed(3)) },
    fits: { 'time of an answer': total },
    headShare: undefined,
  };
};
