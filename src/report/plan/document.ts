import { formatCount, formatDuration, formatNumber, formatPercent } from '../../core/units.ts';
import type { CrossCheck, PlanReport, TierPlan, WhatIf } from '../../plan/report.ts';
import { inputBlock } from './input-block.ts';
import type { PlanBlock } from './plan-block.ts';
import { snippets } from './snippets.ts';
import { tierBlock } from './tier-block.ts';
import { usd } from './usd.ts';
import { NONE, rateText, useText, VERDICT_WORDS } from './words.ts';

/** The plan as parts: the answer, what to do, what could change it, and where every number is from. */
export const planDocument = (report: PlanReport): readonly PlanBlock[] =>
  [
    { title: 'Answer', lines: [report.summary] },
    settingsBlock(report),
    { title: 'Mind', lines: report.warnings },
    tierBlock(report),
    detailBlock(report),
    costBlock(report),
    whatIfBlock(report),
    inputBlock(report),
    checkBlock(report),
    sourceBlock(report),
  ].filter(({ lines, table, code }: PlanBlock) => lines?.length || table?.rows.length || code?.length);

const shownOf = (report: PlanReport): TierPlan | undefined =>
  report.tiers.find(({ tier }) => tier.name === report.recommended);

const detailBlock = (report: PlanReport): PlanBlock => {
  const shown = shownOf(report);
  if (!shown?.simulation) return { title: '' };
  const { simulation, concurrency, monthsLeft, breaksAt, demandPerSecond, waits } = shown;
  const { headroom, growthPerMonth } = report.inputs;
  const days = simulation.days === 1 ? 'one day' : `${simulation.days} days`;
  const burstSeconds = Math.min(
    ...shown.buckets.map(({ capacity, unitsPerSecond }) => capacity / unitsPerSecond),
  );
  return {
    title: `On ${shown.tier.name}`,
    lines: [
      `Load, by formula: ${rateText(demandPerSecond?.mean ?? null)} on average, ${rateText(demandPerSecond?.peak ?? null)} in the busiest hour, retries included.`,
      `Calls at once, by formula: ${formatNumber(concurrency.mean)} on average at the peak (Little's law); ${formatCount(concurrency.slots)} let ${useText(concurrency.quantile)} of requests start without waiting for a slot.`,
      ...(waits?.fewer
        ? [
            `Fewer would do if requests may wait: with ${formatCount(waits.fewer.slots)}, by formula, ${formatDuration(waits.fewer.meanMs)} on average at the peak, and 95 % wait less than ${formatDuration(waits.fewer.p95Ms)}.`,
          ]
        : []),
      ...(waits?.limitMeanMs
        ? [
            `The limit: without a burst each request would wait ${formatDuration(waits.limitMeanMs)} on average at the peak, by formula; the plan counts on ${formatDuration(burstSeconds * 1000)} of it at once, with which hardly any waits until the peak is near the limit.`,
          ]
        : []),
      `Simulated, ${days}: p50 ${formatDuration(simulation.p50Ms)}, p95 ${formatDuration(simulation.p95Ms)}, p95 in the busiest hour ${formatDuration(simulation.peakP95Ms)} (worst day ${formatDuration(simulation.worstPeakP95Ms)}); ${useText(simulation.startedAtOnce)} started at once.`,
      ...(breaksAt
        ? [
            `Headroom, by formula: it holds up to ${formatCount(Math.floor(breaksAt.withHeadroomPerDay))} requests a day with ${formatPercent(headroom.value)} free at the peak, and breaks at ${formatCount(Math.floor(breaksAt.perDay))}.`,
          ]
        : []),
      ...(monthsLeft === null
        ? []
        : [
            `At ${formatPercent(growthPerMonth.value)} growth a month the headroom is used up in ${formatNumber(monthsLeft)} months.`,
          ]),
    ],
  };
};

const costBlock = ({ cost, inputs, deferrable }: PlanReport): PlanBlock => {
  const stream = inputs.work.kind === 'stream';
  const deferred = deferrable
    ? [
        `Send ${formatPercent(deferrable.share)} of the requests there, those that can wait a day, and ${deferrable.tier} carries the rest.`,
      ]
    : [];
  if (!cost) {
    return {
      title: 'Cost',
      lines: [
        'Not worked out: no price is known. Give --price IN,OUT (USD per million tokens) or --model NAME.',
        ...deferred.map((line) => line.replace('there', 'to the batch API, which has limits of its own')),
      ],
    };
  }
  const { totalUsd, throughBatchApiUsd, perRequestUsd, wasteUsd, breakEvenCachedShare } = cost;
  const month = stream ? ` (${usd(totalUsd * 30.44)} a month)` : '';
  return {
    title: 'Cost',
    lines: [
      `By formula: ${usd(totalUsd)} ${stream ? 'a day' : 'in total'}${month}, ${usd(perRequestUsd)} a request; at most ${usd(wasteUsd)} of it in retries.`,
      `Through the provider's batch API (${useText(inputs.batchDiscount.value)} off, answers within a day): ${usd(throughBatchApiUsd)}, ${usd(totalUsd - throughBatchApiUsd)} less.`,
      ...(breakEvenCachedShare === null
        ? []
        : [
            `Break-even: with ${formatPercent(breakEvenCachedShare)} of the input from the cache the normal API costs as little as the batch API without one.`,
          ]),
      ...deferred,
    ],
  };
};

const whatIfBlock = ({ whatIfs, inputs }: PlanReport): PlanBlock => {
  const stream = inputs.work.kind === 'stream';
  return {
    title: 'What if',
    table: {
      head: [
        'if',
        ...(stream ? ['peak', 'p95'] : []),
        'at once',
        ...(stream ? [] : ['time']),
        'cost',
        'verdict',
      ],
      rows: whatIfs.map((answer: WhatIf) => [
        answer.change,
        ...(stream
          ? [useText(answer.utilizationPeak), answer.p95Ms === null ? NONE : formatDuration(answer.p95Ms)]
          : []),
        formatCount(answer.slots),
        ...(stream ? [] : [answer.timeMs === null ? NONE : formatDuration(answer.timeMs)]),
        answer.costUsd === null ? NONE : usd(answer.costUsd),
        VERDICT_WORDS[answer.verdict],
      ]),
    },
    legend: [
      `One thing changes, all else stays, on ${whatIfs[0]?.tier}.${stream ? ' p95: simulated, one day.' : ''}`,
    ],
  };
};

const settingsBlock = (report: PlanReport): PlanBlock => {
  const { settings } = report;
  if (!settings) return { title: '' };
  const { policy, concurrency, requestsPerSecond, burst, timeoutMs, maxRetries } = settings;
  const pace =
    requestsPerSecond === null
      ? 'no pacing needed'
      : `paced at ${rateText(requestsPerSecond)} (95 % of the limit) with a burst of ${formatCount(burst ?? 1)}`;
  return {
    title: report.recommended === null ? 'What to set on the nearest' : 'What to set',
    lines: [
      `Policy ${policy}: at most ${formatCount(concurrency)} at once, ${pace}, timeout ${formatDuration(timeoutMs)}, up to ${maxRetries} retries behind one gate that a 429's Retry-After shuts for all.`,
    ],
    code: snippets(settings),
  };
};

const checkBlock = (report: PlanReport): PlanBlock => {
  const checks = (shownOf(report) ?? report.tiers.find((plan) => plan.checks.length > 0))?.checks ?? [];
  const show = ({ unit }: CrossCheck, value: number): string =>
    unit === 'ms' ? formatDuration(value) : unit === 'per second' ? rateText(value) : formatPercent(value);
  const signed = (share: number): string => `${share < 0 ? '−' : '+'}${formatPercent(Math.abs(share))}`;
  return {
    title: 'Formula against simulation',
    table: {
      head: ['figure', 'formula', 'simulated', 'difference', 'of which chance'],
      rows: checks.map((each) => [
        each.what,
        show(each, each.formula),
        show(each, each.simulated),
        signed(each.difference),
        `± ${formatPercent(each.chance)}`,
      ]),
      narrow: checks.map(
        (each) =>
          `${each.what}: ${show(each, each.formula)} by formula, ${show(each, each.simulated)} simulated; ${signed(each.difference)}, of which ± ${formatPercent(each.chance)} is chance`,
      ),
    },
  };
};

const sourceBlock = ({ tiers, inputs }: PlanReport): PlanBlock => {
  const sources = Map.groupBy(tiers, ({ tier }) => `${tier.source} (${tier.date})`);
  return {
    title: 'Sources of the limits',
    lines: [
      ...[...sources].map(([source, of]) => `${of.map(({ tier }) => tier.name).join(', ')}: ${source}`),
      `All chance is drawn from seed ${inputs.seed}: the same inputs give the same plan.`,
    ],
  };
};
