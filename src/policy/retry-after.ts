import type { Millis } from '../core/clock.ts';
import { backoff, doubled } from './backoff.ts';
import type { RetryPolicy, RetrySettings } from './retry.ts';

const LONGEST: Millis = 60_000;

/** Exactly what the response asks for, each request for itself; the doubling delay where it asks for nothing. */
export const retryAfter = (settings: RetrySettings): RetryPolicy => {
  const own = backoff(
    'retry-after',
    settings,
    (base, cap) => `exactly the Retry-After, else ${base} doubling to ${cap}`,
    ({ attempt }) => doubled(settings, attempt),
  );
  return {
    ...own,
    decide(failure, context) {
      const decision = own.decide(failure, context);
      const { retryAfter: asked } = failure;
      return decision.retry && asked !== undefined && asked <= LONGEST
        ? { retry: true, delay: asked }
        : decision;
    },
  };
};
