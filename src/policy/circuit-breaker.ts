import type { RetryPolicy } from './retry.ts';

/**
 * After `failures` failed attempts in a row, whoever made them, nothing is retried until an attempt succeeds again: first
 * attempts are the probes. It ends retry storms against an endpoint that is down.
 */
export const withBreaker = (inner: RetryPolicy, failures: number): RetryPolicy => {
  let inARow = 0;
  return {
    ...inner,
    description: `${inner.description}; none after ${failures} failed attempts in a row`,
    observe(attempt) {
      inner.observe?.(attempt);
      if (attempt.failure?.kind === 'cancelled') return;
      inARow = attempt.failure ? inARow + 1 : 0;
    },
    decide: (failure, context) => (inARow >= failures ? { retry: false } : inner.decide(failure, context)),
    fresh: () => withBreaker(inner.fresh?.() ?? inner, failures),
  };
};
