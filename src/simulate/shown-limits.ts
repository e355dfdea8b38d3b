import type { Standing } from '../../mock-server/engine/bucket.ts';
import { shownLimits } from '../../mock-server/wire/openai-dialect.ts';
import type { ClientEvent } from '../client/client.ts';
import type { RateLimitDimension, RateLimitName, RateLimitReading } from '../core/rate-limit.ts';

/** What a client would have read in the rate-limit headers of this response; `undefined` where there are none. */
export const readingOf = (standings: readonly Standing[]): RateLimitReading | undefined => {
  const shown = shownLimits(standings);
  if (shown.length === 0) return undefined;
  const reading: Partial<Record<RateLimitName, RateLimitDimension>> = {};
  for (const { shown: name, limit, remaining, resetMs: reset } of shown) {
    reading[name] = { limit, remaining, reset };
  }
  return reading;
};

/** The headers of an answer that began, as an event. */
export const headersOf = (standings: readonly Standing[]): ClientEvent => ({
  type: 'headers',
  status: 200,
  rateLimit: readingOf(standings),
});
