import type { Millis } from '../core/clock.ts';
import type { Visit } from './block-order.ts';

/** What a level may turn out to be worth. */
export interface Hope {
  readonly perSecond: number;
  /** Whether it is, is decided after so many requests; if it is, all of them are measured. */
  readonly shownAfter: number;
}

/** How long the measured part of a level is to be. */
export interface MeasurePlan {
  readonly requests?: number;
  readonly duration?: Millis;
  /** Raise the number to what keeps the drain of the batch below 5 %, by the spread of the stretch before. */
  readonly adapted?: boolean;
  /** Stop as soon as the throughput is known to within ± this share (0–1) of itself. */
  readonly precision?: number;
  /** With `precision`: only while it is slower than hoped for. One that is as fast may live on a full bucket, and goes on. */
  readonly hoped?: Hope;
  /** Stop after so many requests if the level has shown the limit that refuses it by then, else as soon as it has. */
  readonly limitShownAfter?: number;
}

/** One level to measure next, and how long. */
export interface Probe extends Visit {
  readonly measure: MeasurePlan;
}
