import type { Millis } from '../core/clock.ts';
import { inverseNormal } from '../core/rng.ts';
import { ExactSum } from '../stats/exact-sum.ts';
import { CONFIDENCE, type ConfidenceInterval } from '../stats/interval.ts';
import { Ratio } from '../stats/ratio.ts';
import type { SteadySummary } from './level-summary.ts';
import type { LoadModel } from './load-model.ts';

/** Fewer requests than this after the warm-up say nothing. */
const FEWEST = 10;

/** Little's throughput may exceed the counted one by this share of it, and by so many errors of a Poisson count, which is twice a full loop's or more. */
const APART = 0.04;
const ERRORS_APART = 1;

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

/** One request that started after the warm-up. */
export interface Cycle {
  readonly ok: boolean;
  /** From its slot's being free (or its intended start) to its end. */
  readonly cycleMs: Millis;
  readonly attempts: number;
  /** In failed attempts and backoff. */
  readonly lostMs: Millis;
}

/** What the steady part of one or several blocks comes to; sums only, so that blocks can be pooled. */
export class SteadySums {
  readonly #cycles = new Ratio();
  readonly #busy = new ExactSum();
  readonly #lost = new ExactSum();
  readonly #open = new ExactSum();
  readonly #lostInWindow = new ExactSum();
  readonly #window = new ExactSum();
  readonly #full = new ExactSum();
  #attempts = 0;
  #ok = 0;
  #completed = 0;
  #refused = 0;
  #rampMs = 0;
  #warmupMs = 0;
  #blocks = 0;

  add({ ok, cycleMs, attempts, lostMs }: Cycle): void {
    this.#cycles.add(ok ? 1 : 0, cycleMs);
    this.#busy.add(cycleMs);
    this.#lost.add(lostMs);
    this.#attempts += attempts;
    if (ok) this.#ok++;
  }

  /**
   * Closes a block: how long its steady window was, the summed time of requests open in it, the successes that ended in it,
   * and what came before.
   */
  close(block: {
    readonly windowMs: Millis;
    /** Mean cycle while the loop was full; the mean of the cycles added where that is not known. */
    readonly fullCycleMs?: Millis | undefined;
    readonly openMs: Millis;
    /** Of it, what went into failed attempts and backoff. */
    readonly lostMs: Millis;
    readonly completed: number;
    /** Attempts that failed in it, whenever their requests started. */
    readonly refused: number;
    readonly rampMs: Millis;
    readonly warmupMs: Millis;
  }): void {
    this.#window.add(block.windowMs);
    this.#full.add(this.#cycles.count * (block.fullCycleMs ?? this.#cycles.meanX));
    this.#open.add(block.openMs);
    this.#lostInWindow.add(block.lostMs);
    this.#completed += block.completed;
    this.#refused += block.refused;
    this.#rampMs += block.rampMs;
    this.#warmupMs += block.warmupMs;
    this.#blocks++;
  }

  /** Adds a closed block's sums. */
  merge(other: SteadySums): void {
    this.#cycles.merge(other.#cycles);
    this.#busy.add(other.#busy.value);
    this.#lost.add(other.#lost.value);
    this.#open.add(other.#open.value);
    this.#lostInWindow.add(other.#lostInWindow.value);
    this.#window.add(other.#window.value);
    this.#full.add(other.#full.value);
    this.#attempts += other.#attempts;
    this.#ok += other.#ok;
    this.#completed += other.#completed;
    this.#refused += other.#refused;
    this.#rampMs += other.#rampMs;
    this.#warmupMs += other.#warmupMs;
    this.#blocks += other.#blocks;
  }

  /** The figures; `null` where too little is left of the run after its warm-up. */
  summary(level: number, load: LoadModel): SteadySummary | null {
    const fewest = load === 'closed' ? Math.max(FEWEST, level) : FEWEST;
    const windowMs = this.#window.value;
    if (this.#cycles.count < fewest || windowMs <= 0) return null;
    const inFlight = this.#open.value / windowMs;
    const counted = this.#counted(windowMs);
    const little = load === 'closed' ? this.#little(inFlight) : undefined;
    if (load === 'closed' && !little) return null;
    const rate = little && this.#isStationary(little, counted) ? little : counted;
    const isOfCycles = rate === little || load === 'open';
    return {
      method: rate === little ? 'little' : 'window',
      requests: this.#cycles.count,
      ...rate,
      meanCycleMs: little ? this.#full.value / this.#cycles.count : this.#cycles.meanX,
      cycleCv: this.#cycles.cvX,
      inFlight,
      rampMs: this.#rampMs / this.#blocks,
      warmupMs: this.#warmupMs / this.#blocks,
      attemptsPerSuccess: isOfCycles ? ratio(this.#attempts, this.#ok) : this.#attemptsInWindow,
      retryOverhead: isOfCycles
        ? ratio(this.#lost.value, this.#busy.value)
        : ratio(this.#lostInWindow.value, this.#open.value),
    };
  }

  /**
   * Whether those that started after the warm-up are like those in flight. They are not where many of the start still come back
   * again and again: these hold their slots while the others pass by, and Little's law would credit the others with all slots.
   */
  #isStationary(little: Rate, { perSecond }: Rate): boolean {
    if (this.#refused === 0) return true;
    const excess = little.perSecond / perSecond - 1;
    return !(excess > Math.max(APART, ERRORS_APART / Math.sqrt(this.#completed)));
  }

  get #attemptsInWindow(): number | null {
    return ratio(this.#completed + this.#refused, this.#completed);
  }

  /**
   * Little's law: requests in flight ÷ mean cycle of a full loop, times the share that succeeds; the delta method's interval over the cycles
   * that started after the warm-up, some of which end in the drain, with fewer beside them.
   */
  #little(inFlight: number): Rate | undefined {
    const estimate = this.#cycles.estimate();
    if (!estimate) return undefined;
    const full = this.#full.value;
    const stretched = full > 0 ? this.#busy.value / full : 1;
    const perSecond = (ratio: number) => inFlight * ratio * stretched * 1000;
    const { low, high, confidence } = estimate.interval;
    return {
      perSecond: perSecond(estimate.ratio),
      interval: { low: perSecond(low), high: perSecond(high), confidence },
    };
  }

  /** Successes that ended in the window ÷ its length; the interval of a Poisson count, which is wide for even arrivals. */
  #counted(windowMs: Millis): Rate {
    const half = -inverseNormal((1 - CONFIDENCE) / 2) * Math.sqrt(this.#completed);
    const perSecond = (count: number) => (count / windowMs) * 1000;
    return {
      perSecond: perSecond(this.#completed),
      interval: {
        low: perSecond(Math.max(0, this.#completed - half)),
        high: perSecond(this.#completed + half),
        confidence: CONFIDENCE,
      },
    };
  }
}

interface Rate {
  readonly perSecond: number;
  readonly interval: ConfidenceInterval;
}
