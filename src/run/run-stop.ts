import { BenchError, EXIT } from '../core/errors.ts';
import { FAILURES } from '../core/failure.ts';
import type { AttemptRecord } from '../core/record.ts';

/**
 * The one switch that ends a run early: Ctrl-C from outside, or an attempt that shows that every further request would fail
 * alike. What is in flight is cancelled; what has completed is kept.
 */
export class RunStop {
  readonly #controller = new AbortController();
  #proven = false;
  #patience: number;

  /** `patience`: failures of the kind that ends an unproven run before they do; where items differ, one alone proves nothing. */
  constructor({ patience = 1 }: { readonly patience?: number } = {}) {
    this.#patience = patience;
  }

  /** Aborted once the run must end; its reason says why. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The error to end with, if the run was stopped. */
  get reason(): BenchError | undefined {
    return this.signal.reason instanceof BenchError ? this.signal.reason : undefined;
  }

  /** Ends the run; the first reason stands. */
  abort(reason: BenchError): void {
    if (!this.signal.aborted) this.#controller.abort(reason);
  }

  /** Looks at an attempt; returns false and ends the run if it makes going on pointless. */
  judge({ failure }: AttemptRecord): boolean {
    if (!failure) {
      this.#proven = true;
      return true;
    }
    const { endsRun, label, hint } = FAILURES[failure.kind];
    if (endsRun === 'never' || (endsRun === 'unproven' && (this.#proven || --this.#patience > 0)))
      return true;
    const status = failure.status === undefined ? '' : ` (HTTP ${failure.status})`;
    this.abort(
      new BenchError(EXIT.target, `the endpoint cannot be measured: ${label}${status}: ${failure.message}`, {
        hint,
      }),
    );
    return false;
  }
}
