import type { Millis } from '../core/clock.ts';
import { CONTRADICTION } from '../core/rate-limit.ts';
import type { LevelFinding } from '../measure/level-finding.ts';
import { bestOf } from '../stats/best-of.ts';
import type { MeasurePlan, Probe } from './measure-plan.ts';
import { FIRST, HOLDING, MOST, ON_THE_WAY, probeOf, UNLOADED } from './probe-size.ts';
import type { SearchOptions } from './search-options.ts';

/** A plan whose bounds may be infinite. */
type Bounded = MeasurePlan & Required<Pick<MeasurePlan, 'requests' | 'duration'>>;

/** A probe ends when its throughput is known this well. */
const PRECISION = 0.05;

/** Latency that has risen by more than this with the load is no longer that of an idle endpoint. */
const SLOWED_DOWN = 1.2;

/** Of the throughput that twice the calls would bring in proportion: a server that is merely slower under load brings more. */
const PROPORTION = 0.7;

/** It is latency that gives way. */
const isSlow = (finding: LevelFinding | undefined): boolean =>
  finding !== undefined && !finding.refused && finding.lateness > 1;

/** Its pace is taken for one that a full bucket paid for, though nothing of it was refused. */
const isBurst = ({ admissible, refused, lateness }: LevelFinding): boolean =>
  !admissible && !refused && lateness <= 1;

/** A search under way: what it has found out, and what it may still spend. */
export class Search {
  readonly #options: SearchOptions;
  #found: readonly LevelFinding[] = [];
  readonly #held = new Set<number>();
  readonly #doubted = new Set<number>();
  readonly #runs = new Map<number, number>();

  constructor(options: SearchOptions) {
    this.#options = options;
  }

  get maxLevel(): number {
    return this.#options.maxLevel;
  }

  get best(): number {
    const admissible = this.#found.filter((each) => each.admissible);
    return Math.max(0, bestOf(admissible.map(({ perSecond: value, error }) => ({ value, error }))));
  }

  /** The throughput that a hard limit lets through, as a level that is too much has it at most; 0 where none is known. */
  get saturated(): number {
    const lasting = this.#found[0]?.lastingPerSecond;
    if (lasting === undefined) return 0;
    const tooMuch = this.#found.filter((each) => !each.admissible);
    return Math.min(lasting, Math.max(0, ...tooMuch.map(({ perSecond }) => perSecond)));
  }

  /** The lowest level that is too much. */
  get lowestRefused(): LevelFinding | undefined {
    return this.#found.find((each) => !each.admissible);
  }

  /** The highest level below all that are too much. */
  get top(): LevelFinding | undefined {
    const refused = this.lowestRefused;
    return this.#found.findLast(({ level }) => !refused || level < refused.level);
  }

  /** The highest level measured below one. */
  highestBelow(level: number): LevelFinding | undefined {
    return this.#found.findLast((each) => each.level < level);
  }

  /** Whether the level was measured past a minute's bucket. */
  hasHeld(level: number): boolean {
    return this.#held.has(level);
  }

  /** Whether the higher of two is faster by no more than the tolerance. */
  gainsNothing(low: LevelFinding, high: LevelFinding): boolean {
    return high.perSecond < low.perSecond * (1 + this.#options.tolerance);
  }

  /** Just as fast as a lower level, and slow rather than refused: between the two there is nothing to gain. */
  isFlat(low: LevelFinding, high: LevelFinding): boolean {
    const ratio = high.perSecond / low.perSecond;
    return !high.refused && Math.abs(ratio - 1) <= this.#options.tolerance;
  }

  /** Far less than in proportion to what was added: somewhere between the two the server is full. */
  bends(low: LevelFinding, high: LevelFinding): boolean {
    return high.perSecond / low.perSecond < PROPORTION * (high.level / low.level);
  }

  /** So little worse than the best that chance may have made the difference, and not looked at for longer yet. */
  isDoubtful({ level, admissible, perSecond }: LevelFinding): boolean {
    return admissible && !this.#held.has(level) && perSecond >= (1 - 2 * this.#options.tolerance) * this.best;
  }

  /** Measures a level; `undefined` where the budget does not allow it, or nothing came back. */
  *probe(level: number, requests = probeOf(level, MOST)): Generator<Probe, LevelFinding | undefined> {
    const known = this.find(level);
    if (known) return known;
    const left = this.#left(level);
    const affordable = Math.min(requests, left.requests);
    if (affordable < Math.min(requests, 2 * level + FIRST.level) || left.duration <= 0) return undefined;
    return yield* this.#measure(level, {
      requests: affordable,
      precision: PRECISION,
      duration: left.duration,
    });
  }

  /** Measures a level with so many requests more, for what they tell of its calls or of the limit. */
  *more(
    level: number,
    requests: number,
    duration = this.#left(level).duration,
  ): Generator<Probe, LevelFinding | undefined> {
    if (requests > this.#left(level).requests || duration <= 0) return undefined;
    return yield* this.#measure(level, { requests, duration });
  }

  /** Measures a level on the way to higher ones. */
  *pass(level: number): Generator<Probe, LevelFinding | undefined> {
    return yield* this.probe(level, probeOf(level, ON_THE_WAY));
  }

  /** The smallest level that is as good as any, by what is known now. */
  get answer(): LevelFinding | undefined {
    const { top, best } = this;
    const least = (1 - this.#options.tolerance) * best;
    return this.#found.find(
      ({ level, admissible, perSecond }) => admissible && perSecond >= least && level <= (top?.level ?? 0),
    );
  }

  /** Measures a level again, past a minute's bucket; `undefined` where the budget has too little left for it to be worth it. */
  *repeat(level: number): Generator<Probe, LevelFinding | undefined> {
    const left = this.#left(level);
    // Half of what is left, so that something remains for where to go if it does not hold.
    const requests = Math.max(Math.floor(left.requests / 2), Math.min(left.requests, probeOf(level, MOST)));
    const { duration } = left;
    if (requests < probeOf(level, MOST) || duration <= 0) return undefined;
    this.#held.add(level);
    return yield* this.#measure(level, { requests, duration: Math.min(HOLDING, duration) });
  }

  /**
   * Measures the lowest level that was refused once more, for longer, where nobody told the limit: past its bucket such a level
   * shows the limit's own pace, while all below may live on the bucket for as long as a probe lasts.
   */
  *saturate(): Generator<Probe, void> {
    const refused = this.lowestRefused;
    if (!refused?.refused || (refused.lastingPerSecond ?? refused.letInPerSecond) !== undefined) return;
    const left = this.#left(refused.level);
    const least = probeOf(refused.level, ON_THE_WAY);
    // Without it all below may be a burst: it comes before anything but one more probe.
    const most = Math.max(left.requests / 3, Math.min(least, left.requests - probeOf(FIRST.level, MOST)));
    const requests = Math.floor(Math.min(2 * least, most));
    if (requests >= least) yield* this.more(refused.level, requests, left.duration / 3);
  }

  /**
   * Where one level alone shows a limit, and may have been let have less than it: what a level half-way below it is let have must be as much. Where that one
   * is not refused, the bucket pays for it, and it is measured again for as long as a bucket of the size that was seen could do so: either it is
   * refused as well, or what was taken for the limit was none.
   */
  *doubt(): Generator<Probe, void> {
    const refused = this.#found.find((each) => each.refused && each.letInPerSecond !== undefined);
    if (refused?.doubtfulBucket === undefined) return;
    const below = this.#found.findLast((each) => !each.refused && each.level < refused.level);
    if (!below || !isBurst(below)) return;
    if (refused.level - below.level > Math.max(1, below.level / 4))
      yield* this.pass(Math.round((below.level + refused.level) / 2));
    const claimed = this.#found.findLast((each) => isBurst(each));
    if (claimed) yield* this.#hold(claimed);
  }

  *#hold({ level, perSecond, lastingPerSecond = 0, doubtfulBucket }: LevelFinding): Generator<Probe, void> {
    const above = 1 - (CONTRADICTION * lastingPerSecond) / perSecond;
    if (doubtfulBucket === undefined || above <= 0 || this.#doubted.has(level)) return;
    const left = this.#left(level);
    const requests = Math.ceil(Math.max(doubtfulBucket / above + 2 * level, probeOf(level, ON_THE_WAY)));
    if (requests > left.requests / 2) return;
    this.#doubted.add(level);
    yield* this.more(level, requests, left.duration / 2);
  }

  /**
   * Measures one call at a time where latency turned out to rise with the load: what it may rise to is reckoned from there. Twice as many
   * where that is what gives way, since then the answer hangs on them.
   */
  *measureUnloaded(): Generator<Probe, void> {
    const [lowest, highest] = [this.#found[0], this.#found.at(-1)];
    if (!this.#options.needsUnloaded || !lowest || !highest || lowest.level === 1) return;
    if (highest.callMs <= SLOWED_DOWN * lowest.callMs) return;
    const wanted = isSlow(this.lowestRefused) ? 2 * UNLOADED : UNLOADED;
    const left = this.#left(1);
    const requests = Math.floor(Math.min(wanted, left.requests / 4));
    const duration = left.duration / 4;
    if (requests < UNLOADED / 2 || duration < lowest.callMs * (UNLOADED / 2)) return;
    yield* this.more(1, requests, duration);
  }

  /** What is known of a level now. */
  find(level: number): LevelFinding | undefined {
    return this.#found.find((each) => each.level === level);
  }

  *#measure(
    level: number,
    { requests, duration, ...measure }: Bounded,
  ): Generator<Probe, LevelFinding | undefined> {
    const block = this.#runs.get(level) ?? 0;
    this.#runs.set(level, block + 1);
    yield {
      level,
      ...(block > 0 ? { block } : {}),
      measure: {
        ...measure,
        ...(Number.isFinite(requests) ? { requests } : {}),
        ...(Number.isFinite(duration) ? { duration } : {}),
      },
    };
    this.#found = this.#options.look();
    return this.find(level);
  }

  /** What may still be spent on a level. */
  #left(level: number): { readonly requests: number; readonly duration: Millis } {
    const { budget, spent } = this.#options;
    const { requests, duration, usd = 0 } = spent();
    const { worst = 0 } = budget;
    const perRequest = requests > 0 ? usd / requests : worst;
    const affordable =
      budget.usd === undefined || perRequest === 0
        ? Number.POSITIVE_INFINITY
        : Math.floor(Math.max(0, budget.usd - usd - level * worst) / perRequest);
    return {
      requests: Math.min(affordable, (budget.requests ?? Number.POSITIVE_INFINITY) - requests),
      duration: (budget.duration ?? Number.POSITIVE_INFINITY) - duration,
    };
  }
}
