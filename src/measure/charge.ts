import type { Millis } from '../core/clock.ts';
import type { RateLimitDimension } from '../core/rate-limit.ts';
import { Column } from '../stats/column.ts';
import { median } from '../stats/quantile.ts';

/** What one request takes is known long before so many answers; more would cost memory. */
const HELD = 20_000;

/** Fewest charges whose mean is one. */
const FEWEST = 20;

/** Of what the bucket holds: headers whose `remaining` and time until full speak of the same bucket differ by no more. */
const ROUNDING = 0.02;

/** Of what flowed in: so little may have come while the bucket was full. */
const OVERFLOW = 0.03;

/** Instants are told in whole seconds, rounded up, beside a date that is cut off: the bucket is full by a second sooner than they say, more or less as much. */
const WHOLE: Millis = 1000;

/** Of what was charged: known no better than that, it is not known. */
const ROUGHLY = 0.1;

/** Share of the answers that must do so. A time until the next window, as some endpoints tell it, does not. */
const CONSISTENT = 0.9;

/**
 * What a call takes of a limit by the endpoint's own reckoning, and what its bucket holds, from headers alone. `reset` is the time until the bucket is full, so
 * that what it lacks is reset × rate; from one answer to the next it lacks less by what flowed in, and more by what the call
 * took. Usage is another matter: providers may charge the answer's greatest length, or an estimate.
 */
export class ChargeMeter {
  readonly #at = new Column();
  readonly #remaining = new Column();
  readonly #reset = new Column();
  readonly #admitted = new Column();
  #perMinute: number | undefined;
  #isSteady = true;
  #isInSeconds = true;

  /** `at` is when the attempt left; a refused one takes nothing, but shows what is left. */
  add(at: Millis, { limit, remaining, reset }: RateLimitDimension, isRefused: boolean): void {
    if (limit === undefined || remaining === undefined || reset === undefined || limit <= 0) return;
    if (this.#at.length >= HELD) return;
    this.#perMinute ??= limit;
    if (limit !== this.#perMinute) this.#isSteady = false;
    this.#at.push(at);
    this.#remaining.push(remaining);
    this.#reset.push(reset);
    if (reset % WHOLE !== 0) this.#isInSeconds = false;
    this.#admitted.push(isRefused ? 0 : 1);
  }

  /** Mean charge of a call that was let in; `undefined` where headers tell too little, too roughly, or contradict themselves. */
  mean(): number | undefined {
    const charges = this.charges()?.flatMap((charge) => charge ?? []) ?? [];
    const charged = charges.reduce((sum, charge) => sum + charge, 0);
    return charges.length >= FEWEST && charged > 0 ? charged / charges.length : undefined;
  }

  /**
   * Mean charge of a call that was let in where headers show all of it, whatever was charged later: what the bucket lacked at the end more than at the start, and what
   * flowed in. `undefined` where the bucket was full now and then, since what flowed in then went nowhere, or where headers tell too little.
   */
  whole(): number | undefined {
    const order = this.#inOrder();
    if (!order) return undefined;
    const lacking = this.#lacking;
    /** What may have come in between two answers while the bucket was full. */
    const lost = (before: number, now: number) =>
      Math.max(0, this.#flow(before, now) - Math.max(0, (lacking[before] ?? 0) - this.#roughly));
    // Told in seconds, a bucket that calls empty says for long that it may be full.
    const from = this.#isInSeconds ? order.findLastIndex((now, i) => lost(order[i - 1] ?? now, now) > 0) : 0;
    const used = order.slice(Math.max(0, from));
    const [first, last] = [used[0], used.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    const overflow = used.slice(1).reduce((sum, now, i) => sum + lost(used[i] ?? now, now), 0);
    const flowedIn = this.#flow(first, last);
    const admitted = used.slice(1).filter((i) => this.#admitted.values[i]).length;
    const charged = flowedIn + (lacking[last] ?? 0) - (lacking[first] ?? 0);
    if (this.#roughly > ROUGHLY * charged) return undefined;
    if (admitted < FEWEST || overflow > OVERFLOW * flowedIn || charged <= 0) return undefined;
    return charged / admitted;
  }

  /** What the bucket holds when it is full; `undefined` where headers tell too little, or contradict themselves. */
  bucket(): number | undefined {
    if (!this.#isSteady || this.#at.length < FEWEST || !this.#isOneBucket()) return undefined;
    // What is left is told in whole units, cut off.
    return Math.ceil(median(this.#sizes()));
  }

  /**
   * Requests that a window of time holds at least, where `reset` is the time until the next one: as many as were ever left. `undefined` where
   * headers speak of a bucket, or tell too little.
   */
  window(): number | undefined {
    if (!this.#isSteady || this.#at.length < FEWEST || this.#isOneBucket()) return undefined;
    return Math.max(...this.#remaining.values);
  }

  /**
   * What each attempt took, in the order in which they were added: nothing of one that was refused, or came first. The sum is better
   * than its parts, since attempts that left together may have arrived the other way round. `undefined` as for the mean.
   */
  charges(): readonly (number | undefined)[] | undefined {
    const [lacking, admitted] = [this.#lacking, this.#admitted.values];
    const order = this.#inOrder();
    // Told in seconds, a bucket that is all but full looks as if calls took all that flows in.
    if (!order || (this.#isInSeconds && this.whole() === undefined)) return undefined;
    const charges = new Array<number | undefined>(order.length).fill(undefined);
    for (const [i, now] of order.entries()) {
      const before = order[i - 1];
      if (before === undefined || !admitted[now]) continue;
      charges[now] = (lacking[now] ?? 0) - Math.max(0, (lacking[before] ?? 0) - this.#flow(before, now));
    }
    return charges;
  }

  /** Attempts in the order in which the bucket will have seen them; `undefined` where headers tell too little, or contradict themselves. */
  #inOrder(): readonly number[] | undefined {
    const [at, lacking] = [this.#at.values, this.#lacking];
    if (!this.#isSteady || at.length <= FEWEST || !this.#isOneBucket()) return undefined;
    return Array.from(at.keys()).toSorted(
      (a, b) => (at[a] ?? 0) - (at[b] ?? 0) || (lacking[a] ?? 0) - (lacking[b] ?? 0),
    );
  }

  /** What flows in from one attempt to another. */
  readonly #flow = (from: number, to: number): number =>
    ((this.#at.values[to] ?? 0) - (this.#at.values[from] ?? 0)) * this.#perMs;

  #sizes(): readonly number[] {
    const remaining = this.#remaining.values;
    return Array.from(this.#lacking, (lacking, i) => lacking + (remaining[i] ?? 0));
  }

  get #perMs(): number {
    return (this.#perMinute ?? 0) / 60_000;
  }

  /** What the bucket lacked at each answer. */
  get #lacking(): Float64Array {
    const early = this.#isInSeconds ? WHOLE : 0;
    return this.#reset.values.map((reset) => Math.max(0, reset - early) * this.#perMs);
  }

  /** By so much it may have lacked more or less. */
  get #roughly(): number {
    return this.#isInSeconds ? WHOLE * this.#perMs : 0;
  }

  #isOneBucket(): boolean {
    const sizes = this.#sizes();
    const size = median(sizes);
    const alike = sizes.filter((each) => Math.abs(each - size) <= ROUNDING * size + 1).length;
    return alike >= CONSISTENT * sizes.length;
  }
}
