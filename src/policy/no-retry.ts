import type { RetryPolicy } from './retry.ts';

/** Every failure is final. */
export const noRetry = (): RetryPolicy => ({
  name: 'none',
  description: 'no retries',
  decide: () => ({ retry: false }),
});
