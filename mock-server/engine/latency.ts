import type { Millis } from '../../src/core/clock.ts';
import { lognormalMean, type Rng } from '../../src/core/rng.ts';
import { draw } from './distribution.ts';
import { type Output, tokensUntil } from './output.ts';
import type { LatencySpec, Profile } from './profile.ts';
import type { EngineRequest } from './request.ts';

/** When the parts of an answer are due, counted from the start of service. */
export interface TimePlan {
  /** When a stream's headers leave. */
  readonly headAt: Millis;
  /** When a chunk is due; never before the one before it. */
  chunkAt(chunk: number): Millis;
  readonly endAt: Millis;
}

type TokenLatency = Extract<LatencySpec, { readonly ttft: unknown }>;

/** Tokens one chunk carries under a latency model. */
export const chunkTokensOf = (latency: LatencySpec): number =>
  typeof latency === 'object' && 'ttft' in latency ? latency.chunkTokens : 1;

/** Token number with which a chunk is complete. */
const lastToken = (output: Output, chunk: number): number => tokensUntil(output, chunk + 1) - 1;

/** Evenly from `first` to `last`, in proportion to tokens; `last` is the time of token `tokens - 1`. */
const even = (output: Output, first: Millis, last: Millis, tokens: number): TimePlan['chunkAt'] => {
  const gap = tokens > 1 ? (last - first) / (tokens - 1) : 0;
  return (chunk) => first + gap * lastToken(output, chunk);
};

const gaps = (
  spec: TokenLatency,
  output: Output,
  ttft: Millis,
  chance: (purpose: string) => Rng,
): TimePlan['chunkAt'] => {
  const { rateCv, chunkCv, stalls, tokensPerSecond } = spec;
  const slowness = rateCv === 0 ? 1 : lognormalMean(chance('rate'), 1, rateCv);
  const perToken = (1000 / tokensPerSecond) * slowness;
  if (chunkCv === 0 && !stalls) {
    const tokens = output.thinkingTokens + output.visibleTokens;
    return even(output, ttft, ttft + perToken * (tokens - 1), tokens);
  }
  const jitter = chance('gaps');
  const stalling = chance('stalls');
  const chunkAt = new Float64Array(output.chunks);
  let at = ttft;
  for (let chunk = 0; chunk < chunkAt.length; chunk++) {
    if (chunk > 0) {
      const tokens = lastToken(output, chunk) - lastToken(output, chunk - 1);
      at += perToken * tokens * (chunkCv === 0 ? 1 : lognormalMean(jitter, 1, chunkCv));
      if (stalls && stalling.next() < stalls.share)
        at += stalls.shortest + (stalls.longest - stalls.shortest) * stalling.next();
    }
    chunkAt[chunk] = at;
  }
  return (chunk) => chunkAt[chunk] ?? at;
};

/** Draws when the parts of one answer are due; streamed or not makes no difference. */
export const planTimes = (
  profile: Profile,
  request: EngineRequest,
  output: Output,
  cachedTokens: number,
  chance: (purpose: string) => Rng,
): TimePlan => {
  const { override } = request;
  const spec = override.latencyMs ?? profile.latency;
  const tokens = output.thinkingTokens + output.visibleTokens;
  const finish = (
    ttft: Millis,
    chunkAt: TimePlan['chunkAt'],
    endAt = output.chunks > 0 ? chunkAt(output.chunks - 1) : ttft,
  ): TimePlan => ({ headAt: ttft * profile.headShare, chunkAt, endAt });
  if (typeof spec === 'number') return finish(spec / 2, even(output, spec / 2, spec, tokens), spec);
  if ('total' in spec) {
    const total = draw(spec.total, () => chance('total'));
    const ttft = override.ttftMs ?? total * spec.ttftShare;
    const last = ttft + total * (1 - spec.ttftShare) * (Math.max(tokens - 1, 0) / (spec.tokens - 1));
    return finish(ttft, even(output, ttft, last, tokens), last);
  }
  const uncached = request.reading.inputTokens - cachedTokens;
  const ttft = override.ttftMs ?? draw(spec.ttft, () => chance('ttft')) + spec.prefillPerToken * uncached;
  const pace =
    override.tokensPerSecond === undefined
      ? spec
      : { ...spec, tokensPerSecond: override.tokensPerSecond, rateCv: 0, chunkCv: 0, stalls: undefined };
  return finish(ttft, gaps(pace, output, ttft, chance));
};
