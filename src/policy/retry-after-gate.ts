import { backoff, doubled } from './backoff.ts';
import type { RetryPolicy, RetrySettings } from './retry.ts';

/**
 * For use behind the shared gate, which keeps the Retry-After for all: a refusal waits at the gate and not here, from the second
 * on with full jitter as well, so that requests that meet again and again move apart. Other failures wait with full jitter.
 */
export const retryAfterGate = (settings: RetrySettings): RetryPolicy => {
  const own = backoff(
    'retry-after-gate',
    settings,
    (base, cap) =>
      `at the shared gate, from the second retry on with jitter up to ${base}, doubling to ${cap}`,
    ({ attempt, rng }) => rng.next() * doubled(settings, attempt),
  );
  return {
    ...own,
    decide(failure, context) {
      const decision = own.decide(failure, context);
      const isFirstRefusal = failure.kind === 'rate-limited' && context.attempt === 1;
      return decision.retry && isFirstRefusal ? { retry: true, delay: 0 } : decision;
    },
  };
};
