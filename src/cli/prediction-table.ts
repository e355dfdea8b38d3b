import { type LevelPrediction, PROMISED, type PredictedFigure } from '../calibrate/prediction.ts';
import { formatDuration, formatNumber } from '../core/units.ts';
import { grid } from '../report/grid.ts';
import type { RenderOptions } from '../report/reporter.ts';
import { styleOf } from '../report/style.ts';
import { wrap } from '../report/wrap.ts';
import type { Interval } from '../stats/interval.ts';

/** A level of one of the runs, numbered where there are several. */
export interface RunPrediction extends LevelPrediction {
  readonly run: number | undefined;
}

const LIMIT = `${PROMISED * 100} %`;

const percent = (share: number): string => {
  const text = Math.abs(share * 100).toFixed(1);
  return Number.isFinite(share) ? `${share < 0 ? '−' : '+'}${text} %` : '–';
};

const between = ({ low, high }: Interval, format: (value: number) => string): string =>
  `${format(low)} to ${format(high)}`;

/** `10.5–11.8`: the unit stands beside, with the figure itself. */
const narrow = ({ low, high }: Interval): string => {
  const [from, to] = [formatDuration(low), formatDuration(high)];
  const unit = / m?s$/.exec(to)?.[0] ?? '';
  return unit !== '' && from.endsWith(unit)
    ? `${from.slice(0, -unit.length)}–${to.slice(0, -unit.length)}`
    : `${from}–${to}`;
};

const pace = (perSecond: number): string => `${formatNumber(perSecond)}/s`;

const rowOf = ({ level, run, heldOut, perSecond, p95 }: RunPrediction): readonly string[] => [
  `${run === undefined ? '' : `run ${run}: `}${level}${heldOut ? ' *' : ''}`,
  pace(perSecond.measured),
  pace(perSecond.predicted),
  percent(perSecond.offBy),
  p95 ? formatDuration(p95.measured) : '–',
  p95?.interval ? narrow(p95.interval) : '–',
  p95 ? formatDuration(p95.predicted) : '–',
  p95 ? percent(p95.offBy) : '–',
];

/** What is to be said of one figure of a level; nothing of one that is close. */
const remark = (
  name: string,
  figure: PredictedFigure,
  format: (value: number) => string,
): string | undefined => {
  const { verdict, measured, interval, predicted, range, offBy } = figure;
  if (verdict === 'close') return undefined;
  const own = interval ? ` (95 % interval ${between(interval, format)})` : '';
  const single = `${between(range, format)} in single virtual runs`;
  const facts = `${name} ${percent(offBy)}: measured ${format(measured)}${own}, predicted ${format(predicted)} (${single})`;
  return `${facts}; ${verdict === 'chance' ? 'chance alone makes as much of one run' : 'more than chance: the twin is wrong here'}.`;
};

const remarksOf = (prediction: RunPrediction): readonly string[] => {
  const { level, run, heldOut, perSecond, p95, isSteady } = prediction;
  const found = [remark('throughput', perSecond, pace), p95 && remark('p95', p95, formatDuration)].filter(
    (text) => typeof text === 'string',
  );
  const where = `${run === undefined ? '' : `run ${run}, `}${level} at once${heldOut ? ', held out' : ''}`;
  if (found.length > 0) return [`${where}: ${found.join(' ')}`];
  if (isSteady) return [];
  const tail = p95 ? `, p95 ${between(p95.range, formatDuration)}` : '';
  return [`${where}: close, but single virtual runs give ${between(perSecond.range, pace)}${tail}.`];
};

/** How far predictions of levels that the twin has not seen are off, in one sentence; nothing where none was held out. */
const verdictOn = (predictions: readonly RunPrediction[]): readonly string[] => {
  const unseen = predictions.filter(({ heldOut }) => heldOut);
  if (unseen.length === 0) return [];
  const figures = unseen.flatMap(({ perSecond, p95 }) => (p95 ? [perSecond, p95] : [perSecond]));
  const count = (verdict: PredictedFigure['verdict']) =>
    figures.filter((each) => each.verdict === verdict).length;
  const [chance, off] = [count('chance'), count('off')];
  const parts = [
    `${count('close')} of ${figures.length} figures of held-out levels are within ${LIMIT}`,
    ...(chance > 0 ? [`${chance} ${chance === 1 ? 'is' : 'are'} beyond it, as chance alone makes it`] : []),
    ...(off > 0 ? [`${off} ${off === 1 ? 'is' : 'are'} beyond it by more than chance`] : []),
  ];
  return [`${parts.join(', ')}.`];
};

const HEAD = ['at once', 'measured', 'predicted', '', 'p95', '95 %', 'predicted', ''];

/** Levels as they were measured beside what the twin predicts, and where they differ, whether chance explains it. */
export const predictionTable = (
  predictions: readonly RunPrediction[],
  seeds: number,
  options: RenderOptions,
): readonly string[] => {
  const style = styleOf(options);
  const say = (text: string) => wrap(style.plain(text), options.width, 2);
  const hasHeldOut = predictions.some(({ heldOut }) => heldOut);
  return [
    style.strong(`Predicted against measured (median of ${seeds} virtual runs)`),
    grid(HEAD.map(style.quiet), predictions.map(rowOf), style.symbols.rule),
    ...(hasHeldOut ? say('* held out: the twin has not seen it.') : []),
    ...verdictOn(predictions).flatMap(say),
    ...predictions.flatMap(remarksOf).flatMap((text) => say(`- ${text}`)),
  ];
};
