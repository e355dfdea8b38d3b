import type { Recorder, RequestRecord } from '../../core/record.ts';
import { RequestSample } from './request-sample.ts';
import { MOST_BUCKETS, Timeline, type TimelineView } from './timeline.ts';

/** What a picture of a level needs besides its figures. */
export interface LevelView {
  readonly level: number;
  /** Measured requests, of which `sample` holds some or all. */
  readonly requests: number;
  readonly timeline: TimelineView;
  /** In order of their start. */
  readonly sample: readonly RequestRecord[];
}

/** A run as far as pictures need it: small, however many requests there were. */
export interface RunView {
  /** Ascending. */
  readonly levels: readonly LevelView[];
}

/** Up to this many levels are shown in full detail; more share the room. */
const DETAILED_LEVELS = 10;
const FEWEST_BUCKETS = 40;

interface Level {
  requests: number;
  readonly timeline: Timeline;
  readonly sample: RequestSample;
}

/**
 * Folds a run's measured requests into its view in one pass and constant memory per level. Any order of the requests, and
 * any split over several accumulators that are merged, gives the same view.
 */
export class RunViewAccumulator implements Recorder {
  readonly #levels = new Map<number, Level>();

  record(record: RequestRecord): void {
    if (record.phase !== 'measure' || record.outcome === 'dropped') return;
    const level = this.#level(record.level);
    level.requests++;
    level.timeline.add(record);
    level.sample.add(record);
  }

  /** Adds all that another accumulator has seen. */
  merge(other: RunViewAccumulator): void {
    for (const [number, { requests, timeline, sample }] of other.#levels) {
      const level = this.#level(number);
      level.requests += requests;
      level.timeline.merge(timeline);
      level.sample.merge(sample);
    }
  }

  /** The view of what has been recorded so far. */
  view(): RunView {
    const share = Math.min(1, DETAILED_LEVELS / Math.max(1, this.#levels.size));
    const buckets = Math.max(FEWEST_BUCKETS, Math.round(MOST_BUCKETS * share));
    return {
      levels: [...this.#levels]
        .toSorted(([a], [b]) => a - b)
        .map(([level, { requests, timeline, sample }]) => ({
          level,
          requests,
          timeline: timeline.view(buckets),
          sample: sample.requests(share),
        })),
    };
  }

  #level(number: number): Level {
    let level = this.#levels.get(number);
    if (!level) {
      level = { requests: 0, timeline: new Timeline(), sample: new RequestSample() };
      this.#levels.set(number, level);
    }
    return level;
  }
}
