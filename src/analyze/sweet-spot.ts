import { formatPercent } from '../core/units.ts';
import type { LevelSummary } from '../measure/level-summary.ts';
import { failureShare, type Inadmissible, inadmissible, retryWords } from './admission.ts';
import { pointOption } from './point.ts';

/** What gives way at the next level up. */
export type SweetSpotReason =
  | 'rate-limit'
  | 'retries'
  | 'failures'
  | 'latency'
  | 'decline'
  | 'plateau'
  | 'not-reached'
  | 'only-level';

/** The level to use, and why. */
export interface SweetSpot {
  readonly level: number;
  /** `within-5-percent`: the smallest admissible level whose throughput is within 5 % of the best admissible one. */
  readonly method: 'within-5-percent';
  readonly reason: SweetSpotReason;
  /** One sentence in plain words. */
  readonly because: string;
  /** The smallest tested level above it, if any; the truth may lie between. */
  readonly nextLevel: number | null;
}

/** How much throughput may be given up for a smaller level. */
const TOLERANCE = 0.05;

const throughput = (level: LevelSummary): number => level.rates.achievedPerSecond;

/** The verdict over all levels; `null` if none is admissible. Pure; the order of the levels does not matter. */
export const sweetSpot = (levels: readonly LevelSummary[]): SweetSpot | null => {
  const ascending = levels.toSorted((a, b) => a.level - b.level);
  const unloaded = ascending[0];
  if (!unloaded) return null;
  const candidates = ascending.filter((level) => !inadmissible(level, unloaded));
  const best = Math.max(...candidates.map(throughput));
  const chosen = candidates.find((level) => throughput(level) >= (1 - TOLERANCE) * best);
  if (!chosen) return null;
  const next = ascending.find(({ level }) => level > chosen.level);
  const verdict = next
    ? beside(chosen, next, inadmissible(next, unloaded))
    : atTheTop(chosen, ascending.length, candidates.length);
  return { level: chosen.level, method: 'within-5-percent', ...verdict, nextLevel: next?.level ?? null };
};

/** What `--levels` accepts at most; a suggestion must not be refused. */
const HIGHEST_LEVEL = 10_000;

const atTheTop = (
  { level, load }: LevelSummary,
  tested: number,
  admissible: number,
): Pick<SweetSpot, 'reason' | 'because'> => {
  const higher = [...new Set([level, Math.ceil(level * 1.5), level * 2])].filter(
    (next) => next <= HIGHEST_LEVEL,
  );
  const next = higher.length > 1 ? `. Next: ${pointOption({ load })} ${higher.join(',')}` : '';
  if (tested === 1) return { reason: 'only-level', because: `${level}: it is the only level tested${next}` };
  const verdict =
    admissible === tested
      ? 'it is the highest level tested and nothing gave way, so no ceiling was found'
      : 'it is the highest level tested and did not give way itself, though a lower one did: measure again';
  return { reason: 'not-reached', because: `${level}: ${verdict}${next}` };
};

/** Why `chosen` and not the next level up. */
const beside = (
  chosen: LevelSummary,
  next: LevelSummary,
  breach: Inadmissible | undefined,
): Pick<SweetSpot, 'reason' | 'because'> => {
  const change = throughput(next) / throughput(chosen) - 1;
  const pace =
    Math.abs(change) < 0.005
      ? 'is no faster in throughput'
      : `is ${formatPercent(Math.abs(change))} ${change > 0 ? 'faster' : 'slower'} in throughput`;
  const link = change >= 0.005 ? 'but' : 'and';
  const because = (rest: string) => `${chosen.level}: ${next.level} ${pace} ${link} ${rest}`;
  switch (breach?.breach) {
    case 'nothing-succeeded':
      return { reason: 'failures', because: `${chosen.level}: at ${next.level} no request succeeds` };
    case 'failures':
      return {
        reason: 'failures',
        because: because(`${formatPercent(failureShare(next))} of its requests fail`),
      };
    case 'retries':
      return {
        reason: mostlyRateLimited(next) ? 'rate-limit' : 'retries',
        because: because(retryWords(next)),
      };
    case 'latency':
      return { reason: 'latency', because: because(`its ${breach.because}`) };
    case undefined:
      return change < -TOLERANCE
        ? { reason: 'decline', because: `${chosen.level}: throughput falls beyond it, ${next.level} ${pace}` }
        : { reason: 'plateau', because: `${chosen.level}: throughput levels off, ${next.level} ${pace}` };
  }
};

const mostlyRateLimited = ({ counts, failedAttempts }: LevelSummary): boolean => {
  const failed = Object.values(failedAttempts).reduce((total, count) => total + count, 0);
  return counts.rateLimited > failed / 2;
};
