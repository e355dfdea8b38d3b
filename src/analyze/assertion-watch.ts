import type { RequestRecord } from '../core/record.ts';
import { type Assertion, holds } from './assertion.ts';
import { ASSERTED_METRICS } from './assertion-metrics.ts';

/**
 * Follows requests as they end, for assertions with an upper bound on what can only grow: counts of failures and 429s, cost.
 * The first that can no longer hold is returned, once.
 */
export class AssertionWatch {
  readonly #assertions: readonly Assertion[];
  readonly #sums = new Map<string, number>();
  #lost = false;

  constructor(assertions: readonly Assertion[]) {
    this.#assertions = assertions.filter(
      ({ severity, metric, operator }) =>
        severity === 'abort' && ASSERTED_METRICS[metric]?.grows && operator.startsWith('<'),
    );
  }

  /** The assertion that this request has made impossible to keep, if any. */
  look({ phase, level, outcome, attempts }: RequestRecord): Assertion | undefined {
    if (this.#lost || this.#assertions.length === 0 || phase !== 'measure') return undefined;
    const more: Readonly<Record<string, number>> = {
      failures: outcome === 'failed' ? 1 : 0,
      rate_limited: attempts.filter(({ status }) => status === 429).length,
      cost: attempts.reduce((sum, { costUsd = 0 }) => sum + costUsd, 0),
    };
    for (const assertion of this.#assertions) {
      const { metric, level: asked, operator, bound } = assertion;
      if (typeof asked === 'number' && asked !== level) continue;
      const isWhole = asked === undefined && ASSERTED_METRICS[metric]?.ofRun !== undefined;
      if (asked === undefined && !isWhole) continue;
      const key = `${metric} ${isWhole ? 'run' : level} ${assertion.text}`;
      const sum = (this.#sums.get(key) ?? 0) + (more[metric] ?? 0);
      this.#sums.set(key, sum);
      if (holds(operator, sum, bound)) continue;
      this.#lost = true;
      return assertion;
    }
    return undefined;
  }
}
