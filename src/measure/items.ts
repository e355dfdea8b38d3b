import type { Millis } from '../core/clock.ts';
import type { RequestRecord } from '../core/record.ts';
import type { Distribution } from '../stats/distribution.ts';
import { ExactSum } from '../stats/exact-sum.ts';
import { Sample } from '../stats/sample.ts';

/** What the items of a workflow came to at a level. Distributions are of items whose calls all succeeded. */
export interface ItemsSummary {
  readonly counts: {
    readonly items: number;
    readonly ok: number;
    /** At least one of its calls failed in the end. */
    readonly failed: number;
    /** Stopped by us; neither ok nor failed. */
    readonly cancelled: number;
  };
  /** Items whose calls all succeeded per second of wall-clock. */
  readonly perSecond: number;
  /** From the first call asked for to the last answer, model milliseconds. */
  readonly makespanMs: Distribution | null;
  readonly calls: Distribution | null;
  /** Calls on the critical path: so many answers have to be waited for one after another, however many slots there are. */
  readonly roundTrips: Distribution | null;
  /** Time of the critical path, model milliseconds: what the item takes if none of its calls waits for a slot. */
  readonly criticalPathMs: Distribution | null;
  /** Summed time of the items' calls, as if made one after another, ÷ summed makespan; `null` without an item. */
  readonly speedUp: number | null;
}

/** One call of an item: when it was asked for, and the stretch of time it took, retries included. */
interface Span {
  readonly askedAt: Millis;
  readonly startedAt: Millis;
  readonly endedAt: Millis;
}

/** The longest chain of calls through an item. */
export interface CriticalPath {
  readonly calls: number;
  readonly millis: Millis;
}

/**
 * The chain of calls that takes longest, where a call follows all those that had ended when it was asked for. What a call waits
 * for a slot is no part of it, so an item has the same path at every level, but for what its calls themselves take.
 */
export const criticalPath = (spans: readonly Span[]): CriticalPath => {
  const inOrder = spans.toSorted((a, b) => a.endedAt - b.endedAt);
  const paths: CriticalPath[] = [];
  let longest: CriticalPath = { calls: 0, millis: 0 };
  for (const { askedAt, startedAt, endedAt } of inOrder) {
    let before: CriticalPath = { calls: 0, millis: 0 };
    for (const [index, path] of paths.entries()) {
      if ((inOrder[index]?.endedAt ?? 0) > askedAt) break;
      if (isLonger(path, before)) before = path;
    }
    const path = { calls: before.calls + 1, millis: before.millis + (endedAt - startedAt) };
    paths.push(path);
    if (isLonger(path, longest)) longest = path;
  }
  return longest;
};

const isLonger = (a: CriticalPath, b: CriticalPath): boolean =>
  a.millis > b.millis || (a.millis === b.millis && a.calls > b.calls);

interface Item {
  readonly spans: Span[];
  failed: boolean;
  cancelled: boolean;
}

/** Figures of items that are over. */
class Tally {
  readonly counts = { items: 0, ok: 0, failed: 0, cancelled: 0 };
  readonly #makespan = new Sample();
  readonly #calls = new Sample();
  readonly #roundTrips = new Sample();
  readonly #path = new Sample();
  readonly #sequential = new ExactSum();
  readonly #together = new ExactSum();

  add({ spans, failed, cancelled }: Item): void {
    this.counts.items++;
    if (cancelled) this.counts.cancelled++;
    else if (failed) this.counts.failed++;
    if (failed || cancelled) return;
    this.counts.ok++;
    const { from, to } = extent(spans);
    const { calls, millis } = criticalPath(spans);
    this.#makespan.add(to - from);
    this.#together.add(to - from);
    for (const { startedAt, endedAt } of spans) this.#sequential.add(endedAt - startedAt);
    this.#calls.add(spans.length);
    this.#roundTrips.add(calls);
    this.#path.add(millis);
  }

  summary(wallClockMs: Millis): ItemsSummary {
    const together = this.#together.value;
    return {
      counts: { ...this.counts },
      perSecond: wallClockMs > 0 ? (this.counts.ok / wallClockMs) * 1000 : 0,
      makespanMs: this.#makespan.distribution() ?? null,
      calls: this.#calls.distribution() ?? null,
      roundTrips: this.#roundTrips.distribution() ?? null,
      criticalPathMs: this.#path.distribution() ?? null,
      speedUp: together > 0 ? this.#sequential.value / together : null,
    };
  }
}

/** More than any block has. */
const ITEMS_OF_A_BLOCK = 2 ** 32;

/** Items held before those that are long past are counted off, so that memory stays constant. */
const HELD = 50_000;

/**
 * Folds a level's requests into its items. Exact in any order of the records; a run of more than 50,000 items is exact unless
 * one of them pauses for more than twice as long as any took: that one counts twice.
 */
export class ItemsAccumulator {
  readonly #open = new Map<number, Item>();
  #past: Tally | undefined;
  #latestEnd: Millis = Number.NEGATIVE_INFINITY;

  /** Adds one request; ignores it unless an item asked for it. */
  add({ item, block = 0, askedAt, startedAt, endedAt, outcome }: RequestRecord): void {
    if (item === undefined) return;
    const key = block * ITEMS_OF_A_BLOCK + item;
    let known = this.#open.get(key);
    if (!known) {
      known = { spans: [], failed: false, cancelled: false };
      this.#open.set(key, known);
    }
    known.spans.push({ askedAt: askedAt ?? startedAt, startedAt, endedAt });
    known.failed ||= outcome === 'failed' || outcome === 'dropped';
    known.cancelled ||= outcome === 'cancelled';
    this.#latestEnd = Math.max(this.#latestEnd, endedAt);
    if (this.#open.size > HELD) this.#countOff();
  }

  /** The items' summary; `undefined` where no item asked for anything. */
  finish(wallClockMs: Millis): ItemsSummary | undefined {
    const tally = this.#past ?? new Tally();
    for (const item of this.#open.values()) tally.add(item);
    if (this.#past) this.#open.clear();
    return tally.counts.items > 0 ? tally.summary(wallClockMs) : undefined;
  }

  /** Counts the items off of which nothing was heard for twice as long as the longest item took. */
  #countOff(): void {
    this.#past ??= new Tally();
    const extents = [...this.#open].map(([item, known]) => ({ item, known, ...extent(known.spans) }));
    const longest = extents.reduce((most, { from, to }) => Math.max(most, to - from), 0);
    for (const { item, known, to } of extents) {
      if (to >= this.#latestEnd - 2 * longest) continue;
      this.#past.add(known);
      this.#open.delete(item);
    }
  }
}

const extent = (spans: readonly Span[]): { readonly from: Millis; readonly to: Millis } => ({
  from: Math.min(...spans.map(({ askedAt }) => askedAt)),
  to: Math.max(...spans.map(({ endedAt }) => endedAt)),
});
