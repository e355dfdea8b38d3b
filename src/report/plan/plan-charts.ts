import type { PlanReport, TierPlan } from '../../plan/report.ts';
import type { ChartModel, SeriesModel, Tone } from '../html/page-model.ts';

/** A chart of a plan with the words around it. */
export interface PlanChart {
  readonly model: ChartModel;
  readonly title: string;
  readonly lead: string;
}

/** Tones of the limits that the day is drawn against. */
const TONES: readonly Tone[] = ['limited', 'second', 'third', 'fourth'];

/** Pictures of a plan: the day against the limits, the tiers side by side, and what would change the answer. */
export const planCharts = (report: PlanReport): readonly PlanChart[] =>
  [dayChart(report), tierChart(report), whatIfChart(report)].filter((chart) => chart !== undefined);

/** The recommended tier and those that come closest to it, since only a few lines can be told apart. */
const shownTiers = ({ tiers, recommended }: PlanReport): readonly TierPlan[] => {
  const limited = tiers.filter(({ maxPerSecond }) => maxPerSecond !== null);
  const peak = Math.max(...tiers.map(({ demandPerSecond }) => demandPerSecond?.peak ?? 0));
  const far = ({ tier, maxPerSecond }: TierPlan) =>
    tier.name === recommended ? -1 : Math.abs(Math.log((maxPerSecond ?? 1) / Math.max(peak, 1e-9)));
  return limited.toSorted((a, b) => far(a) - far(b)).slice(0, TONES.length);
};

const dayChart = (report: PlanReport): PlanChart | undefined => {
  const { work } = report.inputs;
  const [any] = report.tiers;
  if (work.kind !== 'stream' || !any?.demandPerSecond) return undefined;
  const { mean } = any.demandPerSecond;
  const hours = work.curve.value.map((_, hour) => hour);
  const demand: SeriesModel = {
    label: 'attempts asked for',
    values: work.curve.value.map((weight) => weight * mean),
    tone: 'main',
    shape: 'steps',
  };
  const limits = shownTiers(report).map(
    ({ tier, maxPerSecond }, index): SeriesModel => ({
      label: `limit of ${tier.name}`,
      values: hours.map(() => maxPerSecond),
      tone: TONES[index] ?? 'quiet',
      shape: 'steps',
    }),
  );
  return {
    title: "The day's load against the limits",
    lead: 'Where the load is above a line, that tier makes requests wait. Shown are the recommended tier and those nearest to the peak.',
    model: {
      id: 'day',
      kind: 'lines',
      x: { label: 'hour of the day', unit: 'number' },
      y: { label: 'requests per second', unit: 'per-second' },
      values: hours,
      series: [demand, ...limits],
      marks: [],
    },
  };
};

/** Bars longer than this would hide all others. */
const LONGEST_BAR = 5;

const tierChart = ({ tiers, inputs }: PlanReport): PlanChart | undefined => {
  if (inputs.work.kind === 'batch') return finishChart(tiers);
  const limited = tiers.filter(({ utilization }) => utilization !== null);
  if (limited.length === 0) return undefined;
  return {
    title: 'What the peak takes of each tier',
    lead: `Share of the tightest limit at the busiest hour; above 100 % requests wait.${
      limited.some(({ utilization }) => (utilization?.peak ?? 0) > LONGEST_BAR)
        ? ' Longer bars are cut at 500 %; the table has all figures.'
        : ''
    }`,
    model: bars(
      'tiers',
      limited.map(({ tier }) => tier.name),
      limited.map(({ utilization }) => Math.min(utilization?.peak ?? 0, LONGEST_BAR)),
      { label: 'share of the limit', unit: 'share' },
      'peak',
    ),
  };
};

const finishChart = (tiers: readonly TierPlan[]): PlanChart => ({
  title: 'Time to finish on each tier',
  lead: 'With the calls at once that the table names.',
  model: bars(
    'tiers',
    tiers.map(({ tier }) => tier.name),
    tiers.map(({ batch }) => batch?.timeMs ?? 0),
    { label: 'time to finish', unit: 'ms' },
    'time to finish',
  ),
});

const whatIfChart = ({ whatIfs }: PlanReport): PlanChart | undefined => {
  const answered = whatIfs.filter(({ utilizationPeak }) => utilizationPeak !== null);
  if (answered.length === 0) return undefined;
  return {
    title: 'What would change the answer',
    lead: 'Share of the tightest limit at the busiest hour if one thing changes and all else stays.',
    model: bars(
      'what-if',
      answered.map(({ change }) => change),
      answered.map(({ utilizationPeak }) => utilizationPeak ?? 0),
      { label: 'share of the limit', unit: 'share' },
      'peak',
    ),
  };
};

const bars = (
  id: string,
  names: readonly string[],
  values: readonly number[],
  y: ChartModel['y'],
  label: string,
): ChartModel => ({
  id,
  kind: 'stack',
  x: { label: id === 'tiers' ? 'tier' : 'what changes', unit: 'number' },
  y,
  values: names.map((_, index) => index),
  names,
  series: [{ label, values, tone: 'main', shape: 'steps' }],
  marks: [],
});
