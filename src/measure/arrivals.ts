import type { Millis } from '../core/clock.ts';
import type { RequestRecord } from '../core/record.ts';
import { Column } from '../stats/column.ts';
import { quantile } from '../stats/quantile.ts';
import type { ArrivalSummary } from './level-summary.ts';

/** A start is late if it left later than this share of the median latency. */
const LATE_SHARE = 0.05;

/** Starts whose lateness is held; of a longer run the first. */
const HELD = 100_000;

/** How well an open loop's schedule was kept. */
export class ArrivalAccumulator {
  readonly #lateness = new Column();
  readonly #latency = new Column();
  #maxLatenessMs: Millis = 0;
  #scheduled = 0;
  #started = 0;

  add({ outcome, scheduledAt, startedAt, endedAt }: RequestRecord): void {
    this.#scheduled++;
    if (outcome === 'dropped') return;
    this.#started++;
    this.#maxLatenessMs = Math.max(this.#maxLatenessMs, startedAt - scheduledAt);
    if (this.#lateness.length >= HELD) return;
    this.#lateness.push(startedAt - scheduledAt);
    if (outcome === 'ok') this.#latency.push(endedAt - startedAt);
  }

  /** The figures of schedules that took `scheduleMs` from first to last start. */
  summary(scheduleMs: Millis, dropped: number): ArrivalSummary {
    const held = this.#lateness.values;
    const typical = quantile(this.#latency.values.slice().sort(), 0.5);
    const limit = Number.isFinite(typical) ? typical * LATE_SHARE : 0;
    const late = held.reduce((count, lateness) => (lateness > limit ? count + 1 : count), 0);
    return {
      offeredPerSecond: scheduleMs > 0 ? ((this.#scheduled - 1) / scheduleMs) * 1000 : 0,
      lateStarts: held.length > 0 ? Math.round((late / held.length) * this.#started) : 0,
      maxLatenessMs: this.#maxLatenessMs,
      dropped,
    };
  }
}
