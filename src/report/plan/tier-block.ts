import { formatCount, formatDuration, formatNumber, formatPercent } from '../../core/units.ts';
import type { PlanReport, TierPlan } from '../../plan/report.ts';
import type { PlanBlock, PlanTable } from './plan-block.ts';
import { bindingText, NONE, rateText, useText, VERDICT_WORDS } from './words.ts';

/** The tiers side by side, with how each figure came about. */
export const tierBlock = (report: PlanReport): PlanBlock => {
  const stream = report.inputs.work.kind === 'stream';
  const marked = report.tiers.findIndex(({ tier }) => tier.name === report.recommended);
  const table = (stream ? streamTable : batchTable)(report.tiers);
  return {
    title: 'Tiers',
    table: marked < 0 ? table : { ...table, marked },
    legend: stream ? streamLegend(report) : BATCH_LEGEND,
  };
};

const streamTable = (tiers: readonly TierPlan[]): PlanTable => ({
  head: ['tier', 'bound by', 'sustains', 'mean', 'peak', 'at once', 'p95', 'holds up to', 'verdict'],
  rows: tiers.map(
    ({ tier, buckets, maxPerSecond, utilization, concurrency, simulation, breaksAt, verdict }) => [
      tier.name,
      bindingText(buckets),
      rateText(maxPerSecond),
      useText(utilization?.mean),
      useText(utilization?.peak),
      formatCount(concurrency.slots),
      simulation ? formatDuration(simulation.peakP95Ms) : NONE,
      breaksAt ? `${formatCount(Math.floor(breaksAt.withHeadroomPerDay))}/day` : NONE,
      VERDICT_WORDS[verdict],
    ],
  ),
  spare: ['sustains', 'holds up to'],
});

const streamLegend = ({ tiers, inputs }: PlanReport): readonly string[] => {
  const simulated = tiers.find(({ simulation }) => simulation)?.simulation;
  const headroom = formatPercent(inputs.headroom.value);
  const days = simulated?.days === 1 ? 'one day' : `${simulated?.days} days`;
  return [
    `mean, peak: share of the tightest limit that the day and its busiest hour use, by formula; holds up to: requests a day at which ${headroom} of it are still free at the peak; at once: calls that let 99 % start without waiting, by formula.`,
    ...(simulated
      ? [
          `p95: response time in the busiest hour, waiting included; simulated, ${days}, seed ${inputs.seed}${
            simulated.oneIn > 1
              ? `, one request in ${formatNumber(simulated.oneIn)} on limits that much smaller`
              : ''
          }.`,
        ]
      : []),
    ...(tiers.some(({ verdict }) => verdict === 'queues')
      ? ['queues: the day fits, its peak does not. too small: the day never catches up, so there is no p95.']
      : []),
  ];
};

const BATCH_LEGEND: readonly string[] = [
  'time: by formula, paced at 95 % of the limit; checked by simulation below. no less than: what the limit itself takes, however many are sent at once.',
];

const batchTable = (tiers: readonly TierPlan[]): PlanTable => ({
  head: ['tier', 'bound by', 'sustains', 'at once', 'time', 'no less than', 'verdict'],
  rows: tiers.map(({ tier, buckets, maxPerSecond, concurrency, batch, verdict }) => [
    tier.name,
    bindingText(buckets),
    rateText(maxPerSecond),
    formatCount(concurrency.slots),
    batch ? formatDuration(batch.timeMs) : NONE,
    batch ? formatDuration(batch.floorMs) : NONE,
    VERDICT_WORDS[verdict],
  ]),
  spare: ['sustains'],
});
