import { METRICS } from '../measure/metrics.ts';
import { type SloBound, sloLabel } from '../measure/slo.ts';
import { samplesNeeded } from '../stats/quantile.ts';
import type { LevelReport, Warning } from './report.ts';

const warning = (message: string, hint: string): Warning => ({ code: 'slo-not-judged', message, hint });

/** Share of all requests that a percentile leaves below it: 0.99 of `p99`. */
const shareOf = ({ percentile }: SloBound): number => Number(percentile.slice(1)) / 100;

const ownWarning = (bound: SloBound, levels: readonly LevelReport[]): Warning | undefined => {
  const judgeable = levels.filter(({ complete, counts }) => complete && counts.ok > 0);
  const figures = judgeable.flatMap(({ metrics }) => metrics[bound.metric] ?? []);
  const name = sloLabel(bound);
  if (judgeable.length > 0 && figures.length === 0)
    return warning(
      `The SLO's bound on ${name} was not judged: no request of this run has a ${METRICS[bound.metric].label}.`,
      'Use a scenario that streams, such as --scenario rag, or bound the request latency: --slo "p95<4s".',
    );
  const open = figures.filter((figure) => {
    const least = figure[`${bound.percentile}AtLeast`];
    return figure[bound.percentile] === null && !(least !== null && least > bound.below);
  });
  if (open.length === 0) return undefined;
  return warning(
    `The SLO's bound on ${name} was not judged at ${open.length} of ${judgeable.length} levels: ${Math.min(...open.map(({ count }) => count))} samples are too few for it.`,
    `Use --requests ${samplesNeeded(shareOf(bound))} or more.`,
  );
};

/** Bounds of the SLO that the run has no figures for, so that nobody takes them for kept. */
export const sloWarnings = (levels: readonly LevelReport[], slo: readonly SloBound[]): readonly Warning[] =>
  slo.flatMap((bound) => ownWarning(bound, levels) ?? []);
