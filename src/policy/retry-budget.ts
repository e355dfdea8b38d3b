import { formatPercent } from '../core/units.ts';
import type { RetryPolicy } from './retry.ts';

/** Allows retries only as a share of first attempts, all requests together: in an outage most fail fast, and load does not multiply. */
export const withBudget = (inner: RetryPolicy, share: number): RetryPolicy => {
  let balance = 0;
  return {
    ...inner,
    description: `${inner.description}; retries at most ${formatPercent(share)} of requests`,
    observe(attempt) {
      inner.observe?.(attempt);
      if (attempt.number === 0) balance += share;
    },
    decide(failure, context) {
      const decision = inner.decide(failure, context);
      if (!decision.retry) return decision;
      if (balance < 1 - 1e-9) return { retry: false };
      balance--;
      return decision;
    },
    fresh: () => withBudget(inner.fresh?.() ?? inner, share),
  };
};
