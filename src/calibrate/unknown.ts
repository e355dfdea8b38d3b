import type { LatencyFit } from './fit-latency.ts';
import type { Fitted, LoadFit } from './fit-load.ts';
import type { LimitFit } from './limit-fit.ts';
import type { Knock, ObservedRun } from './observations.ts';

/** Attempts that a rate limit refused. */
export const refusalsOf = (runs: readonly ObservedRun[]): readonly Knock[] =>
  runs.flatMap(({ knocks }) => knocks.filter(({ admitted }) => !admitted));

/** Levels that tell where between two others something begins. */
const between = ({ low, high }: Fitted): string =>
  [low + (high - low) / 3, low + (2 * (high - low)) / 3].map(Math.round).join(',');

/** What the data could not tell, each with the levels to measure for it. */
export const unknownOf = (
  runs: readonly ObservedRun[],
  levels: readonly number[],
  latency: LatencyFit,
  load: LoadFit,
  limits: readonly LimitFit[],
): readonly string[] => {
  const most = levels.at(-1) ?? 1;
  const refused = refusalsOf(runs).length;
  const next = `--levels ${most},${most * 2}`;
  const gaveWay = load.slots !== undefined || load.thrashing !== undefined;
  const [first] = limits;
  return [
    ...(limits.length === 0 && refused === 0 && !gaveWay
      ? [
          `No level above ${most} was measured and nothing refused a call: where the limit is stays unknown. Run ${next}.`,
        ]
      : []),
    ...(limits.length === 0 && refused > 0
      ? [
          `${refused} calls were refused, but no limit on requests explains which, and no header or message names another: the twin has no limit. Measure a level with more refusals (${next}), or through an SDK whose headers are kept.`,
        ]
      : []),
    ...(first && refused === 0 && !first.burst
      ? [
          `The headers name a limit that no level reached: how large its bucket is stays unknown. Run ${next}.`,
        ]
      : []),
    ...(first?.dimension === 'requests' && refused > 0 && first.drains === undefined
      ? [
          'Whether refused calls use the limit up too cannot be told; the twin takes it that they do not. Measure a level twice as high.',
        ]
      : []),
    ...(first?.explains !== undefined && first.explains < 0.9
      ? [
          `The limit explains only ${Math.round(first.explains * 100)} % of who was refused: predictions near it are rough.`,
        ]
      : []),
    ...(levels.length < 2
      ? [
          `Only level ${most} was measured: how load slows the endpoint stays unknown. Run --levels 1,${most}.`,
        ]
      : []),
    ...(load.above && load.above.high > load.above.low * 1.15
      ? [
          `It thrashes from somewhere between ${load.above.low} and ${load.above.high} in service on; the twin takes ${load.above.value}, and what it predicts between is unsure. Run --levels ${between(load.above)}.`,
        ]
      : []),
    ...(latency.tokens === undefined
      ? ['The endpoint reported no usage: lengths of answers are assumed (30 tokens).']
      : []),
    ...Object.entries(latency.fits).flatMap(([name, { distance, count }]) =>
      distance > 0.05 + 1.36 / Math.sqrt(count)
        ? [
            `The ${name} follows none of the known distributions closely (distance ${distance.toFixed(2)}): percentiles are rough.`,
          ]
        : [],
    ),
  ];
};
