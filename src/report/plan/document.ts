import { formatDuration, formatNumber, formatPercent } from '../../core/units.ts';
import type { PlanReport, TierPlan, TierVerdict, WhatIf } from '../../plan/report.ts';
import { inputBlock } from './input-block.ts';
import type { PlanBlock, PlanTable } from './plan-block.ts';
import { snippets } from './snippets.ts';
import { usd } from './usd.ts';

/** What a verdict is called. */
const VERDICT_WORDS: Readonly<Record<TierVerdict, string>> = {
  fits: 'fits',
  tight: 'tight',
  late: 'too late',
  queues: 'queues at peak',
  'too-small': 'too small',
};

const NONE = '–';

const percent = (share: number | null | undefined): string =>
  share === null || share === undefined ? NONE : formatPercent(share);

const rate = (perSecond: number | null): string =>
  perSecond === null ? NONE : `${formatNumber(perSecond)}/s`;

/** The plan as parts, the answer first. */
export const planDocument = (report: PlanReport): readonly PlanBlock[] =>
  [
    { title: 'Answer', lines: [report.summary] },
    tierBlock(report),
    detailBlock(report),
    costBlock(report),
    whatIfBlock(report),
    settingsBlock(report),
    inputBlock(report),
    checkBlock(report),
    { title: 'Mind', lines: report.warnings },
    sourceBlock(report),
  ].filter(({ lines, table, code }: PlanBlock) => lines?.length || table?.rows.length || code?.length);

const bindingOf = ({ buckets }: TierPlan): string => buckets[0]?.dimension ?? 'nothing';

const isStream = ({ inputs }: PlanReport): boolean => inputs.work.kind === 'stream';

const tierBlock = (report: PlanReport): PlanBlock => {
  const marked = report.tiers.findIndex(({ tier }) => tier.name === report.recommended);
  const table: PlanTable = isStream(report)
    ? {
        head: [
          'tier',
          'bound by',
          'sustains',
          'mean',
          'peak',
          'at once',
          'p95 at peak',
          'breaks at',
          'verdict',
        ],
        rows: report.tiers.map((plan) => [
          plan.tier.name,
          bindingOf(plan),
          rate(plan.maxPerSecond),
          percent(plan.utilization?.mean),
          percent(plan.utilization?.peak),
          String(plan.concurrency.slots),
          plan.simulation ? formatDuration(plan.simulation.peakP95Ms) : NONE,
          plan.breaksAt ? `${formatNumber(plan.breaksAt.withHeadroomPerDay)}/day` : NONE,
          VERDICT_WORDS[plan.verdict],
        ]),
        spare: ['mean', 'sustains', 'breaks at'],
      }
    : {
        head: ['tier', 'bound by', 'sustains', 'at once', 'time to finish', 'no less than', 'verdict'],
        rows: report.tiers.map((plan) => [
          plan.tier.name,
          bindingOf(plan),
          rate(plan.maxPerSecond),
          String(plan.concurrency.slots),
          plan.batch ? formatDuration(plan.batch.timeMs) : NONE,
          plan.batch ? formatDuration(plan.batch.floorMs) : NONE,
          VERDICT_WORDS[plan.verdict],
        ]),
        spare: ['sustains', 'no less than'],
      };
  return { title: 'Tiers', table: marked < 0 ? table : { ...table, marked } };
};

const shownOf = (report: PlanReport): TierPlan | undefined =>
  report.tiers.find(({ tier }) => tier.name === report.recommended);

const detailBlock = (report: PlanReport): PlanBlock => {
  const shown = shownOf(report);
  if (!shown?.simulation) return { title: '' };
  const { simulation, concurrency, monthsLeft, breaksAt, demandPerSecond } = shown;
  const headroom = formatPercent(report.inputs.headroom.value);
  return {
    title: `On ${shown.tier.name}`,
    lines: [
      `Load: ${rate(demandPerSecond?.mean ?? null)} on average, ${rate(demandPerSecond?.peak ?? null)} in the busiest hour.`,
      `At once: ${formatNumber(concurrency.mean)} on average at the peak (Little's law); ${concurrency.slots} let ${percent(concurrency.quantile)} of requests start without waiting for a slot.`,
      `Simulated, ${simulation.days} days: p50 ${formatDuration(simulation.p50Ms)}, p95 ${formatDuration(simulation.p95Ms)}, p95 in the busiest hour ${formatDuration(simulation.peakP95Ms)} (worst day ${formatDuration(simulation.worstPeakP95Ms)}); ${percent(simulation.startedAtOnce)} started at once.`,
      ...(breaksAt
        ? [
            `It holds up to ${formatNumber(breaksAt.withHeadroomPerDay)} requests a day with ${headroom} free at the peak, and breaks at ${formatNumber(breaksAt.perDay)}.`,
          ]
        : []),
      ...(monthsLeft === null
        ? []
        : [
            `At ${formatPercent(report.inputs.growthPerMonth.value)} growth a month that is in ${formatNumber(monthsLeft)} months.`,
          ]),
    ],
  };
};

const costBlock = ({ cost, inputs }: PlanReport): PlanBlock => {
  if (!cost) return { title: '' };
  const per = inputs.work.kind === 'stream' ? 'a day' : 'in total';
  const { totalUsd, throughBatchApiUsd, perRequestUsd, wasteUsd } = cost;
  return {
    title: 'Cost',
    lines: [
      `${usd(totalUsd)} ${per}${inputs.work.kind === 'stream' ? ` (${usd(totalUsd * 30.44)} a month)` : ''}, ${usd(perRequestUsd)} a request; at most ${usd(wasteUsd)} of it in retries.`,
      `Through the provider's batch API (${percent(inputs.batchDiscount.value)} off, answers within a day): ${usd(throughBatchApiUsd)}, ${usd(totalUsd - throughBatchApiUsd)} less.`,
    ],
  };
};

const whatIfBlock = ({ whatIfs, inputs }: PlanReport): PlanBlock => {
  const stream = inputs.work.kind === 'stream';
  return {
    title: 'What if',
    table: {
      head: ['if', ...(stream ? ['peak', 'p95 at peak'] : []), 'at once', 'cost', 'verdict'],
      rows: whatIfs.map((answer: WhatIf) => [
        answer.change,
        ...(stream
          ? [percent(answer.utilizationPeak), answer.p95Ms === null ? NONE : formatDuration(answer.p95Ms)]
          : []),
        String(answer.slots),
        answer.costUsd === null ? NONE : usd(answer.costUsd),
        VERDICT_WORDS[answer.verdict],
      ]),
    },
  };
};

const settingsBlock = (report: PlanReport): PlanBlock => {
  const { settings } = report;
  if (!settings) return { title: '' };
  const { policy, concurrency, requestsPerSecond, burst, timeoutMs, maxRetries } = settings;
  const pace =
    requestsPerSecond === null
      ? 'no pacing needed'
      : `paced at ${rate(requestsPerSecond)} (95 % of the limit), burst ${burst}`;
  return {
    title: 'Settings',
    lines: [
      `Policy ${policy}: ${concurrency} at once, ${pace}, timeout ${formatDuration(timeoutMs)}, at most ${maxRetries} retries behind one shared Retry-After gate.`,
    ],
    code: snippets(settings),
  };
};

const checkBlock = (report: PlanReport): PlanBlock => ({
  title: 'Formula against simulation',
  table: {
    head: ['figure', 'formula', 'simulated', 'difference'],
    rows:
      (shownOf(report) ?? report.tiers[0])?.checks.map(({ what, formula, simulated, unit, difference }) => {
        const show = (value: number) =>
          unit === 'ms' ? formatDuration(value) : unit === 'per second' ? rate(value) : formatPercent(value);
        return [what, show(formula), show(simulated), formatPercent(difference)];
      }) ?? [],
  },
});

const sourceBlock = ({ tiers, inputs }: PlanReport): PlanBlock => {
  const days = Math.max(0, ...tiers.map(({ simulation }) => simulation?.days ?? 0));
  return {
    title: 'Sources',
    lines: [
      ...new Set(tiers.map(({ tier }) => `${tier.name}: ${tier.source} (${tier.date})`)),
      ...(days > 0
        ? [`Days simulated for each tier that keeps up: ${days}, seed ${inputs.seed}; for a what-if: 1.`]
        : []),
    ],
  };
};
