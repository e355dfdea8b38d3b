import type { Millis } from '../core/clock.ts';
import type { LevelFinding } from '../measure/level-finding.ts';
import { type Curve, concaveThrough } from '../stats/concave.ts';
import type { Hope, MeasurePlan, Probe } from './measure-plan.ts';
import { HOLDING, leastOf, MOST, ON_THE_WAY, probeOf, UNLOADED } from './probe-size.ts';
import { type Left, leftFor } from './search-budget.ts';
import type { SearchOptions } from './search-options.ts';

/** A plan whose bounds may be infinite. */
type Bounded = MeasurePlan & Required<Pick<MeasurePlan, 'requests' | 'duration'>>;

/** A probe ends when its throughput is known this well. */
const PRECISION = 0.05;

/** Latency that has risen by more than this with the load is no longer that of an idle endpoint. */
const SLOWED_DOWN = 1.2;

/** Of the throughput that twice the calls would bring in proportion: a server that is merely slower under load brings more. */
const PROPORTION = 0.76;

/** It is latency that gives way. */
const isSlow = (finding: LevelFinding | undefined): boolean =>
  finding !== undefined && !finding.refused && finding.lateness > 1;

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

  /** What the levels so far show, in ascending order. */
  get found(): readonly LevelFinding[] {
    return this.#found;
  }

  get maxLevel(): number {
    return this.#options.maxLevel;
  }

  get #admissible(): readonly LevelFinding[] {
    return this.#found.filter((each) => each.admissible);
  }

  /** Throughput of what is admissible, by the curve through all. */
  get #curve(): Curve {
    return concaveThrough(
      this.#admissible.map(({ level: at, perSecond: value, error }) => ({ at, value, error })),
    );
  }

  get best(): number {
    return Math.max(0, this.#curve.best);
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

  /** The lowest level that is too much and was answered with 429s itself. */
  get lowestSaturated(): LevelFinding | undefined {
    return this.#found.find((each) => !each.admissible && each.refused);
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

  /** How often a level was measured. */
  runsOf(level: number): number {
    return this.#runs.get(level) ?? 0;
  }

  /** Whether this is the first time that a doubt about the level is looked into. */
  doubtOnce(level: number): boolean {
    const isFirst = !this.#doubted.has(level);
    this.#doubted.add(level);
    return isFirst;
  }

  /** The lowest level measured above one. */
  lowestAbove(level: number): LevelFinding | undefined {
    return this.#found.find((each) => each.level > level);
  }

  /** Whether the level was measured past a minute's bucket. */
  hasHeld(level: number): boolean {
    return this.#held.has(level);
  }

  /** Whether the higher of two is faster by no more than the tolerance. */
  gainsNothing(low: LevelFinding, high: LevelFinding): boolean {
    return high.perSecond < low.perSecond * (1 + this.#options.tolerance);
  }

  /**
   * Just as fast as a lower level at which the server was full already, and slow rather than refused: between the two there is nothing to gain. Where
   * throughput still grew up to the lower, its peak may lie between.
   */
  isFlat(low: LevelFinding, high: LevelFinding): boolean {
    const ratio = high.perSecond / low.perSecond;
    const before = this.highestBelow(low.level);
    const isFull = before !== undefined && this.bends(before, low);
    const chance = Math.hypot(low.error / low.perSecond, high.error / high.perSecond);
    return Math.abs(ratio - 1) <= this.#options.tolerance + chance && isFull;
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
    const left = this.left(level);
    const affordable = Math.min(requests, left.requests);
    if (affordable < Math.min(requests, leastOf(level)) || left.duration <= 0) return undefined;
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
    duration = this.left(level).duration,
  ): Generator<Probe, LevelFinding | undefined> {
    if (requests > this.left(level).requests || duration <= 0) return undefined;
    return yield* this.#measure(level, { requests, duration });
  }

  /** Measures a level that is refused until it has shown the limit: after `usual` requests as a rule, `most` where that takes windows of time. */
  *press(
    level: number,
    { usual, most, duration }: { readonly usual: number; readonly most: number; readonly duration: Millis },
  ): Generator<Probe, LevelFinding | undefined> {
    const requests = Math.floor(most);
    return yield* this.#measure(level, { requests, duration, limitShownAfter: Math.min(usual, requests) });
  }

  /** Measures a level on the way to higher ones. */
  *pass(level: number): Generator<Probe, LevelFinding | undefined> {
    return yield* this.probe(level, probeOf(level, ON_THE_WAY));
  }

  /** Measures a level that may live on a full bucket: for as long as it may, if it is as fast as hoped for. */
  *holdWhile(
    level: number,
    measure: Bounded & { readonly hoped: Hope },
  ): Generator<Probe, LevelFinding | undefined> {
    const finding = yield* this.#measure(level, measure);
    if (finding && finding.calls > measure.hoped.shownAfter) this.#held.add(level);
    return finding;
  }

  /** The smallest level that is as good as any, by what is known now. */
  get answer(): LevelFinding | undefined {
    const { top } = this;
    const { values, best } = this.#curve;
    const least = (1 - this.#options.tolerance) * best;
    return this.#admissible.find(({ level }, i) => (values[i] ?? 0) >= least && level <= (top?.level ?? 0));
  }

  /** Measures a level again, past a minute's bucket; `undefined` where the budget has too little left for it to be worth it. */
  *repeat(level: number): Generator<Probe, LevelFinding | undefined> {
    const { requests: most, duration } = this.left(level);
    // Half of what is left, so that something remains for where to go if it does not hold.
    const requests = Math.max(Math.floor(most / 2), Math.min(most, probeOf(level, MOST)));
    if (requests < probeOf(level, MOST) || duration <= 0) return undefined;
    this.#held.add(level);
    const longest = Math.max(HOLDING, (1000 * probeOf(level, MOST)) / (this.find(level)?.perSecond ?? 1));
    return yield* this.#measure(level, { requests, duration: Math.min(longest, duration) });
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
    const left = this.left(1);
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
  left(level: number): Left {
    return leftFor(level, this.#options);
  }
}
