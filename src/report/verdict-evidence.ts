import type { SpotInterval } from '../analyze/confidence.ts';
import { isWindowed, type LimitFinding, limitWords } from '../analyze/limits.ts';
import type { OnlineOpinion } from '../analyze/online.ts';
import type { SweepReport } from '../analyze/report.ts';
import type { SweetSpot } from '../analyze/verdict.ts';
import { formatDuration, formatNumber, formatPercent } from '../core/units.ts';
import { sweepCommand } from './follow-up.ts';
import { tellingLevels } from './search-hints.ts';
import { isSearch } from './shown-throughput.ts';
import { levelList, sentence } from './wording.ts';

const SOURCES: Readonly<Record<LimitFinding['source'], string>> = {
  headers: 'told by the response headers',
  messages: 'told by the 429s',
  slope: 'seen by levels that ran into it',
};

/** How to measure the noise; a search, which does not repeat on demand, leaves that to a sweep. */
const measuring = (report: SweepReport): string =>
  isSearch(report)
    ? `to measure it: ${sweepCommand(report.meta, `--levels ${tellingLevels(report)} --repeat 3`)}`
    : '--repeat 3 would measure it';

const noiseWords = ({ noise }: SpotInterval, report: SweepReport): string => {
  const error = `± ${formatPercent(noise.relative)}`;
  if (noise.source === 'blocks') return `${noise.blocks} repeats, a throughput is known to ${error}`;
  if (noise.source === 'cycles')
    return `the spread within each run taken for noise: ${error}; ${measuring(report)}`;
  return `one run of each level, ${error} of noise assumed; ${measuring(report)}`;
};

const certainty = (level: number, interval: SpotInterval, report: SweepReport): string => {
  const { levels, share, confidence } = interval;
  const others = levels.filter((each) => each !== level);
  const alternatives =
    others.length === 0
      ? `no other tested level comes into question (${formatPercent(confidence)} interval)`
      : `${formatPercent(confidence)} interval ${levelList(levels)}`;
  return sentence(
    `${level} in ${formatPercent(share)} of redraws, ${alternatives}; ${noiseWords(interval, report)}`,
  );
};

/** More than this share of a limit cannot be used for long: the limit is known badly, or what was used came out of a bucket. */
const MORE_THAN_ALL = 1.1;

const usedWords = (used: number, limit: LimitFinding): string =>
  used > MORE_THAN_ALL
    ? `${formatPercent(used)} of it is used here, so it is known only roughly or ${isWindowed(limit) ? 'no window was used up' : 'a full bucket helped'}`
    : `${formatPercent(used)} of it is used here`;

const bucketWords = ({ bucketRequests, windowMs, countsByWindows }: LimitFinding): string => {
  if (bucketRequests === null) return '';
  const held = (requests: number) => `about ${Math.round(requests).toLocaleString('en-US')}`;
  if (windowMs !== undefined)
    return `, counted by windows of time: ${held(bucketRequests)} in ${formatDuration(Number(windowMs.toPrecision(2)))}`;
  // What was left of it at most: the first call of a window had been counted.
  if (countsByWindows) return `, counted by windows that hold ${held(Number(bucketRequests.toPrecision(2)))}`;
  return `, with a bucket of ${held(bucketRequests)} requests`;
};

const limitNote = (limit: LimitFinding): string => {
  const used = limit.used === null ? '' : `; ${usedWords(limit.used, limit)}`;
  const pace =
    limit.dimension === 'requests'
      ? ''
      : `, that is ${formatNumber(limit.requestsPerSecond)} requests/s of this kind`;
  return sentence(
    `limit: ${limitWords(limit)}${pace}${bucketWords(limit)} (${SOURCES[limit.source]})${used}`,
  );
};

/** A level this much higher is worth a try; nearer ones are the same neighbourhood, and nearer to refusals. */
const WORTH_A_TRY = 1.1;

/** Of a ceiling: below it by more than its error. */
const BELOW_CEILING = 0.95;

/** Little's ceiling is exact for a server that refuses, and only a description of one that slows down. */
const ceilingNote = ({ ceiling, reason, level, nextLevel }: SweetSpot): string | undefined => {
  if (!ceiling || reason !== 'rate-limit') return undefined;
  const { perSecond, cycleMs, lasting = ceiling.level } = ceiling;
  const below = Math.floor(Math.min(BELOW_CEILING * ceiling.level, lasting));
  const isBetween = below >= WORTH_A_TRY * level && nextLevel !== null && below < nextLevel;
  return `Little's law: ${formatNumber(perSecond)}/s × ${formatDuration(cycleMs)} keep ${formatNumber(ceiling.level)} calls busy.${isBetween ? ` Try ${below} at once.` : ''}`;
};

/** What a limiter that learns would do, left to itself. */
const onlineNote = ({
  limiter,
  cap,
  settled,
  perSecond,
  attemptsPerSuccess,
  refusals,
}: OnlineOpinion): string => {
  const attempts =
    attemptsPerSuccess === null ? '' : `, ${formatNumber(attemptsPerSuccess)} attempts per success`;
  const doubt = refusals === 0 ? ' It was never refused, so it had nothing to learn from.' : '';
  return `Third opinion: ${limiter}, left to itself up to ${cap}, settled at ${formatNumber(settled)} at once (${formatNumber(perSecond)} ok/s${attempts}).${doubt}`;
};

/** What the answer rests on: how certain it is, which limit it stays below and how far, and where that puts the ceiling. */
export const evidenceNotes = (report: SweepReport): readonly string[] => {
  const { sweetSpot, online, levels } = report;
  const opinion = online ? [onlineNote(online)] : [];
  if (!sweetSpot) return opinion;
  const { level, interval, limits } = sweetSpot;
  const binding = limits.find((limit) => limit.binding);
  return [
    ...(interval && levels.length > 1 ? [certainty(level, interval, report)] : []),
    ...(binding ? [limitNote(binding)] : []),
    ...[ceilingNote(sweetSpot) ?? []].flat(),
    ...opinion,
  ];
};

/** The curves that describe the throughputs, each with what speaks against it; never the answer. */
export const curveNotes = ({ sweetSpot }: SweepReport): readonly string[] => {
  const { usl, hinge } = sweetSpot?.fits ?? { usl: null, hinge: null };
  const doubt = (misspecified: string | null) =>
    misspecified === null ? '' : ` Misspecified: ${misspecified}.`;
  return [
    ...(hinge
      ? [
          `Hinge: ${hinge.knee === null ? 'no bend' : `bends at ${formatNumber(hinge.knee)} at once`} (error ${formatPercent(hinge.error)}).${doubt(hinge.misspecified)}`,
        ]
      : []),
    ...(usl
      ? [
          `Universal Scalability Law: σ ${formatNumber(usl.sigma)}, κ ${formatNumber(usl.kappa)}, ${usl.peak === null ? 'no peak' : `peak at ${formatNumber(usl.peak)} at once`} (error ${formatPercent(usl.error)}).${doubt(usl.misspecified)}`,
        ]
      : []),
  ];
};
