import type { Standing } from '../../mock-server/engine/bucket.ts';
import { cutMillis } from '../../mock-server/wire/reset-format.ts';
import type { ClientEvent } from '../client/client.ts';
import type { RateLimitDimension, RateLimitName, RateLimitReading } from '../core/rate-limit.ts';

/**
 * What a client would have read in the rate-limit headers of this response, every kind of token by its own name as Anthropic tells it; `undefined` where
 * there are none. Of limits that share a name, requests by the minute and by the day, the one with least left.
 */
export const readingOf = (standings: readonly Standing[]): RateLimitReading | undefined => {
  if (standings.length === 0) return undefined;
  const reading: Partial<Record<RateLimitName, RateLimitDimension>> = {};
  for (const { name, limit, level, fullIn } of standings) {
    const shown = name === 'requests-per-day' ? 'requests' : name;
    const remaining = Math.max(0, Math.floor(level + 1e-9));
    const known = reading[shown]?.remaining;
    if (known === undefined || remaining < known)
      reading[shown] = { limit, remaining, reset: cutMillis(fullIn) };
  }
  return reading;
};

/** The headers of an answer that began, as an event. */
export const headersOf = (standings: readonly Standing[]): ClientEvent => ({
  type: 'headers',
  status: 200,
  rateLimit: readingOf(standings),
});
