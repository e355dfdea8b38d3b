import { formatDuration, formatNumber, formatPercent } from '../core/units.ts';
import type { LevelSummary } from '../measure/level-summary.ts';
import { sloLabel } from '../measure/slo.ts';
import { type Bounds, CRITERIA, type Criteria } from './criteria.ts';
import { failureShare, lastingRetryCost, pointOf, throughputOf } from './level-point.ts';
import { pointText } from './point.ts';
import { type Breach, breachOf, tailBounds } from './rule.ts';

/** Why a level is not recommended. */
export interface Inadmissible {
  readonly breach: Breach;
  /** Completes "at 30, …". */
  readonly because: string;
}

/** "spends 19 % of its slot time on retries (1.80 attempts per success, 400 answers with 429)": the level as the table shows it. */
export const retryWords = (level: LevelSummary, { maxRetryOverhead }: Criteria = CRITERIA): string => {
  const attempts = `${formatNumber(level.attemptsPerSuccess ?? 1)} attempts per success`;
  const overhead = level.retryOverhead ?? 0;
  const limited = level.counts.rateLimited;
  const answers = limited > 0 ? `${limited.toLocaleString('en-US')} answers with 429` : '';
  return overhead > maxRetryOverhead
    ? `spends ${formatPercent(overhead)} of its slot time on retries (${[attempts, answers].filter(Boolean).join(', ')})`
    : `makes ${attempts}${answers && ` (${answers})`}`;
};

/** "p95 is 8.10 s, 2.02 times that of 1 at once", or the bound of the SLO that is broken. */
const latencyWords = (level: LevelSummary, unloaded: LevelSummary, criteria: Criteria): string => {
  const { tails } = pointOf(level, criteria);
  const base = pointOf(unloaded, criteria);
  const bounds = tailBounds(base, criteria);
  const broken = tails.findIndex(
    (tail, i) => tail !== null && tail > (bounds[i] ?? Number.POSITIVE_INFINITY),
  );
  const tail = formatDuration(tails[broken] ?? Number.NaN);
  const bound = criteria.slo[broken];
  const least = bound && level.metrics[bound.metric]?.[bound.percentile] === null ? 'at least ' : '';
  return bound
    ? `${sloLabel(bound)} is ${least}${tail}, above the ${formatDuration(bound.below)} of the SLO`
    : `p95 is ${tail}, ${formatNumber((tails[broken] ?? 0) / (base.tails[broken] ?? 1))} times that of ${pointText(unloaded)}`;
};

/** The level as measured, without what follows from the endpoint's limit. */
const asMeasured = (level: LevelSummary, { allowedPerSecond: _, ...criteria }: Bounds) =>
  pointOf(level, criteria);

/** Whether the level's own figures, start and drain included, are too much as well. */
const isShown = ({ retryOverhead, attemptsPerSuccess }: LevelSummary, most: number): boolean =>
  (retryOverhead ?? 0) > most || (attemptsPerSuccess ?? 1) - 1 > most;

/** "spends 11 % of its slot time on retries once it has settled (9.1 % of all of it)": judged, though the table shows less. */
const settledWords = (
  level: LevelSummary,
  judged: { readonly extraAttempts: number; readonly retryOverhead: number },
  most: number,
): string =>
  judged.retryOverhead > most
    ? `spends ${formatPercent(judged.retryOverhead)} of its slot time on retries once it has settled (${formatPercent(level.retryOverhead ?? 0)} over all of it)`
    : `makes ${formatNumber(1 + judged.extraAttempts)} attempts per success once it has settled (${formatNumber(level.attemptsPerSuccess ?? 1)} over all of it)`;

/** "makes 1.08 attempts per success so far, about 1.2 once the bucket …": what was measured, or what it must come to. */
const retriesBecause = (level: LevelSummary, criteria: Bounds): string => {
  const { extraAttempts, retryOverhead } = asMeasured(level, criteria);
  const { maxRetryOverhead, allowedPerSecond = 0 } = criteria;
  if (extraAttempts > maxRetryOverhead || retryOverhead > maxRetryOverhead)
    return isShown(level, maxRetryOverhead)
      ? `it ${retryWords(level, criteria)}`
      : `it ${settledWords(level, { extraAttempts, retryOverhead }, maxRetryOverhead)}`;
  const held = criteria.countsByWindows ? 'window' : 'full bucket';
  const lasting = lastingRetryCost(level, criteria);
  const what =
    lasting.extraAttempts > maxRetryOverhead
      ? `needs about ${formatNumber(1 + lasting.extraAttempts)} attempts per success`
      : `spends about ${formatPercent(lasting.retryOverhead)} of its slot time on retries`;
  return `it ${what} once a ${held} is used up, since ${formatNumber(allowedPerSecond)}/s last and its calls would take more`;
};

/** Where refused calls use the limit up: refused itself near what collapses, or above what the limit has room for. */
const edgeBecause = ({ counts: { rateLimited } }: LevelSummary, { collapsesAt = 0 }: Bounds): string =>
  rateLimited > 0
    ? `it was refused ${rateLimited.toLocaleString('en-US')} times already, and refused calls use the limit up here: ${Math.ceil(collapsesAt)} collapses, and a level so close to it may do so within minutes`
    : `the limit has room for ${formatNumber(collapsesAt)} at once, and refused calls use it up here: what is above collapses once a full bucket is used up`;

/** Whether a level may be recommended; `unloaded` is the least loaded level of the sweep. `undefined` means it may. */
export const inadmissible = (
  level: LevelSummary,
  unloaded: LevelSummary,
  criteria: Bounds = CRITERIA,
): Inadmissible | undefined => {
  if (level.counts.ok === 0) return { breach: 'nothing-succeeded', because: 'no request succeeded' };
  const breach = breachOf(pointOf(level, criteria), pointOf(unloaded, criteria), criteria);
  switch (breach) {
    case undefined:
      return undefined;
    case 'nothing-succeeded':
      return {
        breach,
        because: `no request succeeded ${criteria.slo.length > 0 ? 'within the SLO' : 'once it had settled'}`,
      };
    case 'failures':
      return { breach, because: `${formatPercent(failureShare(level))} of the requests fail` };
    case 'retries':
      return { breach, because: retriesBecause(level, criteria) };
    case 'burst':
      return {
        breach,
        because: `its ${formatNumber(throughputOf(level))} ok/s are more than the ${formatNumber(criteria.allowedPerSecond ?? 0)}/s that the endpoint lets last: ${criteria.countsByWindows ? 'no window was used up yet' : 'they came out of a full bucket'}`,
      };
    case 'edge':
      return {
        breach,
        because: edgeBecause(level, criteria),
      };
    case 'latency':
      return { breach, because: latencyWords(level, unloaded, criteria) };
  }
};
