import type { FailureKind } from '../core/failure.ts';

/** Failures by kind. */
export class FailureCounter {
  readonly #counts: Partial<Record<FailureKind, number>> = {};

  add(kind: FailureKind): void {
    this.#counts[kind] = (this.#counts[kind] ?? 0) + 1;
  }

  of(kind: FailureKind): number {
    return this.#counts[kind] ?? 0;
  }

  /** All counts, in alphabetical order: records may complete in any order, the report must not show it. */
  counts(): Readonly<Partial<Record<FailureKind, number>>> {
    return Object.fromEntries(Object.entries(this.#counts).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
