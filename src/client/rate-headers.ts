import type { Millis } from '../core/clock.ts';
import { parseInstant } from '../core/instant.ts';
import type { RateLimitDimension, RateLimitName, RateLimitReading } from '../core/rate-limit.ts';
import type { HeaderView } from './header-view.ts';
import { readPolicy } from './policy-headers.ts';

const NAMES: readonly RateLimitName[] = ['requests', 'tokens', 'input-tokens', 'output-tokens'];

const GO_UNIT: Readonly<Record<string, Millis>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  µs: 1e-3,
  us: 1e-3,
  ns: 1e-6,
};

/** Reads Go's `time.Duration` as OpenAI prints it: `18ms`, `8.64s`, `6m0s`, `1h0m0s`, `0s`; a bare number is seconds (Azure). */
export const parseGoDuration = (text: string): Millis | undefined => {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!/^(\d+(\.\d+)?(h|ms|µs|us|ns|m|s))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|µs|us|ns|m|s)/g)) {
    total += Number(amount) * (GO_UNIT[unit ?? ''] ?? Number.NaN);
  }
  return Math.round(total * 1e6) / 1e6; // 8.64 s is 8,640 ms, and not a trifle more
};

const count = (text: string | null): number | undefined => {
  const value = text === null || text === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined; // Azure sends −1 for "unknown"
};

/** An absolute instant relative to the response's own `date`, so that neither clock need be right. */
const sinceDate = (headers: HeaderView, text: string | null): Millis | undefined => {
  const instant = parseInstant(text ?? '');
  const date = parseInstant(headers.get('date') ?? '');
  return instant === undefined || date === undefined ? undefined : Math.max(0, instant - date);
};

const defined = (dimension: { [K in keyof RateLimitDimension]: RateLimitDimension[K] | undefined }) =>
  Object.fromEntries(
    Object.entries(dimension).filter(([, value]) => value !== undefined),
  ) as RateLimitDimension;

/**
 * OpenAI's `x-ratelimit-*` and Anthropic's `anthropic-ratelimit-*` headers as numbers, or a gateway's `ratelimit-policy` where those say nothing of requests;
 * `undefined` if there are none.
 */
export const readRateLimit = (headers: HeaderView): RateLimitReading | undefined => {
  const reading: Partial<Record<RateLimitName, RateLimitDimension>> = {};
  for (const name of NAMES) {
    const openai = defined({
      limit: count(headers.get(`x-ratelimit-limit-${name}`)),
      remaining: count(headers.get(`x-ratelimit-remaining-${name}`)),
      reset: parseGoDuration(headers.get(`x-ratelimit-reset-${name}`) ?? ''),
    });
    const anthropic = defined({
      limit: count(headers.get(`anthropic-ratelimit-${name}-limit`)),
      remaining: count(headers.get(`anthropic-ratelimit-${name}-remaining`)),
      reset: sinceDate(headers, headers.get(`anthropic-ratelimit-${name}-reset`)),
    });
    const dimension = { ...openai, ...anthropic };
    if (Object.keys(dimension).length > 0) reading[name] = dimension;
  }
  const policy = reading.requests ? undefined : readPolicy(headers);
  if (policy) reading.requests = policy;
  return Object.keys(reading).length > 0 ? reading : undefined;
};

/** `retry-after-ms`, then `retry-after` in seconds or as an HTTP date: the order in which both SDKs look. */
export const readRetryAfter = (headers: HeaderView): Millis | undefined => {
  const millis = count(headers.get('retry-after-ms'));
  if (millis !== undefined) return millis;
  const text = headers.get('retry-after');
  const seconds = count(text);
  if (seconds !== undefined) return seconds * 1000;
  const wait = sinceDate(headers, text);
  return wait !== undefined && wait > 0 ? wait : undefined; // a date in the past asks for nothing
};

/** Length of an uncompressed body in bytes, if it was announced. */
export const readBodyBytes = (headers: HeaderView): number | undefined =>
  headers.has('content-encoding') ? undefined : count(headers.get('content-length'));

/** The endpoint's own word on whether to retry, if it gives one. */
export const readShouldRetry = (headers: HeaderView): boolean | undefined => {
  const text = headers.get('x-should-retry');
  return text === 'true' ? true : text === 'false' ? false : undefined;
};
