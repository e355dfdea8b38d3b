import type { Millis } from '../core/clock.ts';
import type { Usd } from '../core/price.ts';
import type { LevelFinding } from '../measure/level-finding.ts';

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
  look(): readonly LevelFinding[];
  /** Requests sent, model time gone by, and money spent, so far. */
  spent(): { readonly requests: number; readonly duration: Millis; readonly usd?: Usd };
}
