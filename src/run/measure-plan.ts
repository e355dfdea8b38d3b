import type { Millis } from '../core/clock.ts';
import type { Visit } from './block-order.ts';

/** What a level may turn out to be worth, if it does not live on a full bucket. */
export interface Hope {
  readonly perSecond: number;
  /** Whether it is as fast as that, shows after so many requests. */
  readonly shownAfter: number;
  /** That no bucket pays for it, is taken as proven after so many; if one did, the limit behind it is to show. */
  readonly provenAfter: number;
  /** What a call takes. */
  readonly callMs: Millis;
}

/** How long the measured part of a level is to be. */
export interface MeasurePlan {
  readonly requests?: number;
  readonly duration?: Millis;
  /** Raise the number to what keeps the drain of the batch below 5 %, by the spread of the stretch before. */
  readonly adapted?: boolean;
  /** Stop as soon as the throughput is known to within ± this share (0–1) of itself. */
  readonly precision?: number;
  /** Stop soon if the level is not as fast as is hoped for. */
  readonly hoped?: Hope;
  /** Stop after so many requests if the level has shown the limit that refuses it by then, else as soon as it has. */
  readonly limitShownAfter?: number;
}

/** One level to measure next, and how long. */
export interface Probe extends Visit {
  readonly measure: MeasurePlan;
}
