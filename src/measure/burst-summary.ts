import type { Millis } from '../core/clock.ts';
import type { OnlyWindow } from './windows.ts';

/** What a block was let have before its bucket was empty: what it held when it was full, and what flowed in until then. */
export interface Onset {
  /** Attempts that were let in before the one that was refused first. */
  readonly attempts: number;
  /** From the block's start to the start of the one that was refused. */
  readonly afterMs: Millis;
}

/** What is known about a rate-limit bucket that may still have been full: whether the level's pace can be held. */
export interface BurstSummary {
  /**
   * Why `sustained` is what it is. True: `past-the-bucket` (it ran on for two latencies and more after its first 429),
   * `below-the-limit` (the headers' limit exceeds its throughput). False: `above-the-limit` (the headers' limit is lower),
   * `not-settled` (it ended soon after the first 429), `no-limit-seen` (neither a 429 nor a header).
   */
  readonly because:
    | 'past-the-bucket'
    | 'below-the-limit'
    | 'above-the-limit'
    | 'not-settled'
    | 'no-limit-seen';
  /** From the block's start to the end of the first attempt that was answered with 429; `null` if none was. */
  readonly first429AfterMs: Millis | null;
  /** Attempts per second that were let in up to then, or over the whole level: what a full bucket adds to. */
  readonly perSecond: number;
  /**
   * Attempts per second let in from two latencies after the first 429 to the last start, or if that is too short, between the first
   * and the last 429 from then on: the limit's own pace.
   */
  readonly limitedPerSecond: number | null;
  /**
   * Attempts per second let in between the first 429 and the last; left out where there were few. At both less than a call's worth was
   * left, so it is the pace at which a limit of requests flows in, less what refused calls take of it.
   */
  readonly betweenRefusalsPerSecond?: number;
  /**
   * Whether what was let in between any two refusals came at one pace, as it does from a bucket of requests that refused calls leave alone; left out
   * where too little was let in to tell. Where it did not, refused calls may count, calls weigh differently, slots became free, or the network delayed
   * some attempts by about a call's time at that pace.
   */
  readonly paceIsEven?: boolean;
  /** Of each block that went on to be refused; left out where none was. */
  readonly onsets?: readonly Onset[];
  /** Nothing was let in for seconds, though it was asked for, and then all that was: a limit that counts by windows of time. Left out otherwise. */
  readonly countsByWindows?: boolean;
  /** The same once, for so short that windows may be of ten seconds, or of another length that nothing shows. Left out otherwise. */
  readonly sawOneSilence?: boolean;
  /** The window that a single block used up; left out where it was none, or none alone. */
  readonly onlyWindow?: OnlyWindow;
  /** Attempts that the bucket held at the start: those let in until the first 429 less what the limit refilled; or those that a window holds. */
  readonly bucketAttempts: number | null;
  /** Requests per second that the response headers allow, the tightest dimension at this level's tokens per request. */
  readonly headerPerSecond: number | null;
}
