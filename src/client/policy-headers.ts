import type { RateLimitDimension } from '../core/rate-limit.ts';
import type { HeaderView } from './header-view.ts';

const ONE_MINUTE_S = 60;

const numberIn = (text: string | null, pattern: RegExp): number | undefined => {
  const found = pattern.exec(text ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
};

/** Quota and window of a policy, `100;w=60` or `"default";q=100;w=60`; the first that has both. */
const policyOf = (text: string): { readonly quota: number; readonly seconds: number } | undefined => {
  for (const item of text.split(',')) {
    const seconds = numberIn(item, /;\s*w=(\d+)/);
    const quota = numberIn(item, /;\s*q=(\d+)/) ?? numberIn(item, /^\s*(\d+)/);
    if (seconds && quota) return { quota, seconds };
  }
  return undefined;
};

/**
 * A limit of requests as the IETF's drafts word it (draft-ietf-httpapi-ratelimit-headers), which gateways send: a window's quota in `RateLimit-Policy`, what is
 * left of it and the seconds until the next in `RateLimit-Remaining` and `-Reset`, or both in `RateLimit`. Quotas of other windows than a minute are told per
 * minute. `undefined` without a policy: a quota alone does not say for how long it is.
 */
export const readPolicy = (headers: HeaderView): RateLimitDimension | undefined => {
  const policy = policyOf(headers.get('ratelimit-policy') ?? '');
  if (!policy) return undefined;
  const both = headers.get('ratelimit');
  const remaining =
    numberIn(headers.get('ratelimit-remaining'), /^\s*(\d+)/) ??
    numberIn(both, /(?:;\s*r|\bremaining)=(\d+)/);
  const reset =
    numberIn(headers.get('ratelimit-reset'), /^\s*(\d+)/) ?? numberIn(both, /(?:;\s*t|\breset)=(\d+)/);
  return {
    limit: (policy.quota * ONE_MINUTE_S) / policy.seconds,
    ...(remaining === undefined ? {} : { remaining }),
    ...(reset === undefined ? {} : { reset: reset * 1000 }),
  };
};
