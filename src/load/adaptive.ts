import type { Millis } from '../core/clock.ts';
import type { AttemptRecord } from '../core/record.ts';
import type { Driver } from './driver.ts';

/** One attempt as a limit that learns sees it. */
export interface LimitSample {
  /** Time the attempt took, whatever came of it. */
  readonly latency: Millis;
  /** The endpoint turned it away or never answered. */
  readonly dropped: boolean;
  /** Requests in flight when it ended, its own included. */
  readonly inFlight: number;
}

/** A concurrency limit that follows what attempts say; the driver keeps it between 1 and the level. */
export interface AdaptiveLimit {
  /** The limit to start with, for a level that is the highest allowed. */
  readonly initial: number;
  /** The limit after one more attempt; may be fractional. */
  after(limit: number, sample: LimitSample): number;
}

const isDropped = ({ failure }: AttemptRecord): boolean =>
  failure !== undefined && failure.kind !== 'cancelled' && failure.kind !== 'rejected';

/** Keeps as many requests in flight as the limit of the moment allows, at most `level`. */
export const adaptive = (name: string, level: number, learnt: AdaptiveLimit): Driver => {
  const within = (limit: number) => Math.max(1, Math.min(level, limit));
  let limit = within(learnt.initial);
  let open = 0;
  let exhausted = false;
  let wake = () => {};
  return {
    name,
    onAttempt(attempt) {
      if (attempt.failure?.kind === 'cancelled') return;
      const latency = attempt.endedAt - attempt.startedAt;
      limit = within(learnt.after(limit, { latency, dropped: isDropped(attempt), inFlight: open }));
      wake();
    },
    async run({ claim, issue }) {
      open = 0;
      exhausted = false;
      const bugs: unknown[] = [];
      const turn = async () => {
        try {
          const claimed = claim();
          const slot = claimed instanceof Promise ? await claimed : claimed;
          if (slot) await issue(slot);
          else exhausted = true;
        } catch (error) {
          bugs.push(error);
          exhausted = true;
        } finally {
          open--;
          wake();
        }
      };
      while (!exhausted || open > 0) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        while (!exhausted && open < Math.floor(limit)) {
          open++;
          void turn();
        }
        if (open > 0) await woken;
      }
      if (bugs.length > 0) throw bugs[0];
    },
  };
};
