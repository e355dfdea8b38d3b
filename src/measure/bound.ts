import type { Millis } from '../core/clock.ts';
import { type KnownLimit, timeFor } from '../core/known-limit.ts';
import type { LevelSummary } from './level-summary.ts';

/** The least time in which anybody could have done a level's work, and how far from it the level stayed. */
export interface Bound {
  readonly ms: Millis;
  /** Wall-clock ÷ bound; 1 is perfect. */
  readonly times: number;
  /** What sets it: the slots, a rate limit, or the longest call. */
  readonly by: 'slots' | 'longest' | KnownLimit['name'];
  /** Where the limits come from; `measured` are the level's own, `none` if no limit is known. */
  readonly limits: KnownLimit['source'] | 'measured' | 'none';
}

/** What a level's successes counted towards a limit. */
const workOf = (limit: KnownLimit, { counts, tokens }: Pick<LevelSummary, 'counts' | 'tokens'>): number => {
  if (limit.name === 'requests') return counts.ok;
  if (limit.perCall !== undefined) return limit.perCall * counts.ok;
  if (limit.name === 'input-tokens') return tokens.input;
  return limit.name === 'output-tokens' ? tokens.output : tokens.input + tokens.output;
};

/** The request limit that the level ran into, if it did. */
const measuredLimit = ({ burst }: Pick<LevelSummary, 'burst'>): KnownLimit | undefined =>
  burst.limitedPerSecond === null || burst.limitedPerSecond <= 0
    ? undefined
    : {
        name: 'requests',
        perSecond: burst.limitedPerSecond,
        burst: Math.max(1, burst.bucketAttempts ?? 1),
        source: 'headers',
      };

/**
 * LB = max(ΣL ÷ c, max over limits of (W − B) ÷ r + mean L, longest L), with full buckets at the start; L are the latencies of
 * the attempts that succeeded, W what they counted. Only for levels that ran once and in which every request succeeded: anything
 * else did less work, or started again at a full bucket. `null` there.
 */
export const boundOf = (summary: LevelSummary, known: readonly KnownLimit[]): Bound | null => {
  const { level, load, counts, metrics, wallClockMs, blocks } = summary;
  const { attemptTime } = metrics;
  if (!attemptTime || load === 'open' || blocks.length > 1 || counts.ok < counts.requests) return null;
  const measured = known.length > 0 ? undefined : measuredLimit(summary);
  const limits = measured ? [measured] : known;
  const candidates: readonly (readonly [Bound['by'], Millis])[] = [
    ['slots', (attemptTime.mean * attemptTime.count) / level],
    ...limits.map(
      (limit) => [limit.name, timeFor(limit, workOf(limit, summary)) + attemptTime.mean] as const,
    ),
    ['longest', attemptTime.max],
  ];
  const [by, ms] = candidates.reduce((most, each) => (each[1] > most[1] ? each : most));
  if (ms <= 0) return null;
  const source = measured ? 'measured' : (limits[0]?.source ?? 'none');
  return { ms, times: wallClockMs / ms, by, limits: source };
};
