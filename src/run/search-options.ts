import type { Millis } from '../core/clock.ts';
import type { Usd } from '../core/price.ts';
import type { RateLimitName, Refusals } from '../core/rate-limit.ts';

/** What a probe that has ended showed; the judging is not done here. */
export interface Finding {
  readonly level: number;
  readonly admissible: boolean;
  /** Some attempts were answered with 429. */
  readonly refused: boolean;
  /** The worst of its latencies as a share of what is allowed: above 1 it is too slow. */
  readonly lateness: number;
  readonly perSecond: number;
  /** Standard error of it. */
  readonly error: number;
  /** Mean time that a request holds its slot. */
  readonly cycleMs: Millis;
  /** Mean time of the attempts that succeeded. */
  readonly callMs: Millis;
  readonly calls: number;
  /** Mean time of a call by all levels, where they differ by no more than chance; else that of this one. */
  readonly perCallMs: Millis;
  /** Requests per second that the endpoint says it allows; `undefined` if it does not. */
  readonly allowedPerSecond: number | undefined;
  /** What it counts there. */
  readonly limitedBy: RateLimitName | undefined;
  /** What refused calls do to that limit, as far as the level shows it. */
  readonly refusals: Refusals;
  /** Requests per second that it lets last, told or seen. */
  readonly lastingPerSecond: number | undefined;
}

/** What a search may cost, all phases together. */
export interface Budget {
  readonly requests?: number;
  readonly duration?: Millis;
  readonly usd?: Usd;
  /** The most that one call can cost, which is held back for each that is under way; with `usd`. */
  readonly worst?: Usd;
}

/** What a search needs to know. */
export interface SearchOptions {
  readonly maxLevel: number;
  /** Goodput that a smaller level may give up, as a share: the verdict's own. */
  readonly tolerance: number;
  /** Latency is judged against that of an idle endpoint, so that one has to be known. */
  readonly needsUnloaded: boolean;
  readonly budget: Budget;
  /** What the levels so far show, each by what is known now; ascending. */
  look(): readonly Finding[];
  /** Requests sent, model time gone by, and money spent, so far. */
  spent(): { readonly requests: number; readonly duration: Millis; readonly usd?: Usd };
}
