import type { Millis } from '../../src/core/clock.ts';
import { Bucket, type LimitName, type Standing } from './bucket.ts';
import type { Rejection } from './listener.ts';
import type { LimitsSpec } from './profile.ts';

/** What a request is expected to use. */
export interface Estimate {
  readonly inputTokens: number;
  /** Prompt tokens that a cache holds; they do not count as input. */
  readonly cachedTokens: number;
  readonly maxTokens: number | undefined;
  /** What the call counts against the token limit, where the profile draws it. */
  readonly drawnTokens?: number | undefined;
  /** Output tokens produced until `now`; asked while the request runs. */
  produced(now: Millis): number;
}

/** What an admitted request has charged, until it is settled. */
export interface Reservation {
  readonly standings: readonly Standing[];
  /** Ends the reservation; output that was never produced comes back where the provider does so. */
  settle(now: Millis, outcome: { readonly outputTokens: number; readonly complete: boolean }): void;
  /** Undoes it, for a request that never started. */
  release(now: Millis): void;
}

/** The limits that hold for one model. */
export type Rates = Pick<
  LimitsSpec,
  | 'requestsPerMinute'
  | 'requestsPerDay'
  | 'tokensPerMinute'
  | 'inputTokensPerMinute'
  | 'outputTokensPerMinute'
>;

const MINUTE = 60_000;
const DIMENSIONS = [
  ['requestsPerMinute', 'requests', MINUTE],
  ['requestsPerDay', 'requests-per-day', 86_400_000],
  ['tokensPerMinute', 'tokens', MINUTE],
  ['inputTokensPerMinute', 'input-tokens', MINUTE],
  ['outputTokensPerMinute', 'output-tokens', MINUTE],
] as const satisfies readonly (readonly [keyof Rates, LimitName, Millis])[];

interface Flow {
  readonly estimate: Estimate;
  charged: number;
}

/** All limits of one key and model class, checked and charged together. */
export class Limiter {
  readonly #spec: LimitsSpec;
  readonly #buckets: readonly Bucket[];
  readonly #mostTokens: number;
  /** The bucket that output is charged to while it is produced, where there is one. */
  readonly #flowing: Bucket | undefined;
  /**
   * Running requests whose output is charged while it is produced, in the order of their admission. An array: the tables that a set
   * outgrows keep what was deleted from them, and all that hangs on it, until the next full collection.
   */
  readonly #flows: Flow[] = [];

  constructor(spec: LimitsSpec, rates: Rates, now: Millis) {
    this.#spec = spec;
    this.#buckets = DIMENSIONS.flatMap(([key, name, period]) => {
      const rate = rates[key];
      if (!rate) return [];
      const sliced = spec.burstWindow ? Math.max(1, (rate.limit * spec.burstWindow) / period) : rate.limit;
      // Enforcement in slices holds traffic to its pace; it refuses no request that fits into the limit.
      const burst = rate.burst ?? Math.min(sliced, rate.limit);
      return [new Bucket(name, rate.limit, period, burst, now, rate.burst ?? rate.limit)];
    });
    const outputs = this.#buckets.find(({ name }) => name === 'output-tokens');
    this.#flowing = spec.outputTokens === 'realtime' ? outputs : undefined;
    this.#mostTokens = this.#buckets.find(({ name }) => name === 'tokens')?.burst ?? 0;
  }

  /** Admits and charges all limits, or none of them and says which one refused. */
  admit(estimate: Estimate, now: Millis): Reservation | Rejection {
    this.#charge(now);
    let blocked: { bucket: Bucket; need: number; wait: Millis } | undefined;
    for (const bucket of this.#buckets) {
      const need = this.#need(bucket.name, estimate);
      if (need > bucket.largest)
        return { kind: 'too-large', standing: bucket.standing(now), requested: need, wait: 0 };
      const wait = bucket.wait(need, now);
      if (wait > (blocked?.wait ?? 0)) blocked = { bucket, need, wait };
    }
    if (blocked) return this.#refuse(blocked.bucket, blocked.need, estimate, now);
    const flow: Flow = { estimate, charged: 0 };
    for (const bucket of this.#buckets) bucket.take(this.#reserved(bucket.name, estimate), now);
    if (this.#flowing) this.#flows.push(flow);
    return {
      standings: this.#told(now),
      settle: (at, outcome) => this.#settle(flow, at, outcome),
      release: (at) => {
        this.#drop(flow);
        for (const bucket of this.#buckets) bucket.take(-this.#reserved(bucket.name, estimate), at);
      },
    };
  }

  /** Levels of all limits at `now`. */
  standings(now: Millis): Standing[] {
    this.#charge(now);
    return this.#told(now);
  }

  #told(now: Millis): Standing[] {
    return this.#buckets.map((bucket) => bucket.standing(now));
  }

  /** Charges a request that is not served, where such requests count. */
  fail(now: Millis): void {
    if (!this.#spec.countRejected) return;
    for (const each of this.#buckets) if (each.name.startsWith('requests')) each.penalize(1, now);
  }

  #refuse(bucket: Bucket, need: number, estimate: Estimate, now: Millis): Rejection {
    this.fail(now);
    // A penalty may have made another limit the last one to clear.
    const wait = Math.max(...this.#buckets.map((each) => each.wait(this.#need(each.name, estimate), now)));
    return { kind: 'rate-limited', standing: bucket.standing(now), requested: need, wait };
  }

  /** What must be in the bucket to be admitted. */
  #need(name: LimitName, { inputTokens, cachedTokens, maxTokens, drawnTokens }: Estimate): number {
    switch (name) {
      case 'requests':
      case 'requests-per-day':
        return 1;
      case 'tokens':
        if (drawnTokens !== undefined) return Math.min(drawnTokens, this.#mostTokens);
        return this.#spec.charge === 'sum'
          ? inputTokens + (maxTokens ?? 0)
          : Math.max(inputTokens, maxTokens ?? 0);
      case 'input-tokens':
        return inputTokens - cachedTokens;
      case 'output-tokens':
        return this.#spec.outputTokens === 'realtime' ? 1 : (maxTokens ?? 1);
      default:
        return name satisfies never;
    }
  }

  /** What admission takes out: as needed, except that real-time output is charged as it is produced. */
  #reserved(name: LimitName, estimate: Estimate): number {
    return name === 'output-tokens' && this.#spec.outputTokens === 'realtime'
      ? 0
      : this.#need(name, estimate);
  }

  /** Charges what running requests have produced since the last look. */
  #charge(now: Millis): void {
    const bucket = this.#flowing;
    if (!bucket) return;
    for (const flow of this.#flows) {
      const produced = flow.estimate.produced(now);
      if (produced > flow.charged) bucket.take(produced - flow.charged, now);
      flow.charged = Math.max(flow.charged, produced);
    }
  }

  #drop(flow: Flow): void {
    const at = this.#flows.indexOf(flow);
    if (at >= 0) this.#flows.splice(at, 1);
  }

  #settle(
    flow: Flow,
    now: Millis,
    { outputTokens, complete }: { outputTokens: number; complete: boolean },
  ): void {
    this.#charge(now);
    this.#drop(flow);
    const { estimate, charged } = flow;
    for (const bucket of this.#buckets) {
      if (bucket.name === 'output-tokens') {
        const before = this.#spec.outputTokens === 'realtime' ? charged : this.#need(bucket.name, estimate);
        bucket.take(outputTokens - before, now);
      } else if (
        bucket.name === 'tokens' &&
        complete &&
        estimate.drawnTokens === undefined &&
        this.#spec.reconcile === 'on-complete'
      ) {
        bucket.take(estimate.inputTokens + outputTokens - this.#need('tokens', estimate), now);
      }
    }
  }
}
