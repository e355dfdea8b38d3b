import type { Knock } from './observations.ts';

/** A rate limit as a bucket, in units of what is charged. */
export interface BucketModel {
  readonly unitsPerSecond: number;
  readonly capacity: number;
  /** Refused attempts use the limit up too, but never below an empty bucket. */
  readonly drains: boolean;
}

/** How well a bucket explains who was let in. */
export interface Agreement {
  /** Attempts that the bucket would have decided otherwise. */
  readonly wrong: number;
  readonly attempts: number;
}

/**
 * Asks a bucket about every attempt in order of time and counts where it disagrees with what happened; after each it is charged
 * for what did happen, so that one error does not make the next.
 */
export const agreement = (
  runs: readonly (readonly Knock[])[],
  { unitsPerSecond, capacity, drains }: BucketModel,
  chargeOf: (knock: Knock) => number = () => 1,
): Agreement => {
  let wrong = 0;
  let attempts = 0;
  for (const knocks of runs) {
    let level = capacity;
    let at = knocks[0]?.at ?? 0;
    for (const knock of knocks) {
      level = Math.min(capacity, level + ((knock.at - at) / 1000) * unitsPerSecond);
      at = knock.at;
      const charge = Math.min(chargeOf(knock), capacity);
      attempts++;
      if (level >= charge - SLACK * charge !== knock.admitted) wrong++;
      if (knock.admitted) level = Math.max(level - charge, 0);
      else if (drains) level = Math.max(0, level - 1);
      else level = Math.min(level, charge);
    }
  }
  return { wrong, attempts };
};

/** What the network may shift an attempt by, as a share of a charge. */
const SLACK = 0.01;
