import { backoff } from './backoff.ts';
import type { RetryPolicy, RetrySettings } from './retry.ts';

/** The same delay every time. */
export const fixed = (settings: RetrySettings): RetryPolicy =>
  backoff(
    'fixed',
    settings,
    (base) => `${base} after each failure`,
    () => settings.base,
  );
