import type { RetryPolicy } from './retry.ts';

const status = (code: number | undefined, from: number, to = from): boolean =>
  code !== undefined && code >= from && code <= to;

/** The loop of guide G1: `tries` attempts; on 429 2ⁿ s and up to one more, on 5xx 2ⁿ s, n from 0; anything else fails at once. */
export const guideG1 = (tries = 4): RetryPolicy => ({
  name: 'guide-g1',
  description: `${tries} tries: 2ⁿ s + U(0, 1) s after a 429, 2ⁿ s after a 5xx, other failures at once`,
  decide(failure, { attempt, rng }) {
    const isLimited = status(failure.status, 429);
    if (attempt >= tries || !(isLimited || status(failure.status, 500, 599))) return { retry: false };
    return { retry: true, delay: (2 ** (attempt - 1) + (isLimited ? rng.next() : 0)) * 1000 };
  },
});

/** The loop of guide G2: `tries` attempts, 2ⁿ s after a 429, n from 0, without jitter; anything else is the result. */
export const guideG2 = (tries = 3): RetryPolicy => ({
  name: 'guide-g2',
  description: `${tries} tries: 2ⁿ s after a 429, other failures at once`,
  decide: (failure, { attempt }) =>
    attempt >= tries || !status(failure.status, 429)
      ? { retry: false }
      : { retry: true, delay: 2 ** (attempt - 1) * 1000 },
});
