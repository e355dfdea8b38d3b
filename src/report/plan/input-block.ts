import { formatCount, formatDuration, formatNumber, formatPercent } from '../../core/units.ts';
import type { Provenance, Sourced } from '../../plan/inputs.ts';
import { peakFactorOf } from '../../plan/load-curve.ts';
import type { PlanReport } from '../../plan/report.ts';
import type { PlanBlock } from './plan-block.ts';
import { usd } from './usd.ts';

type Row = readonly [name: string, value: string, provenance: Provenance, source: string];

/** Every number that a plan was made from, how it is known and from where. */
export const inputBlock = (report: PlanReport): PlanBlock => {
  const rows = [...workRows(report), ...callRows(report)];
  return {
    title: 'From what',
    table: { head: ['number', 'value', 'how known', 'from'], rows, narrow: narrow(rows) },
  };
};

const row = <T>(name: string, number: Sourced<T> | undefined, text: (value: T) => string): readonly Row[] =>
  number ? [[name, text(number.value), number.provenance, number.source]] : [];

const workRows = ({ inputs: { work } }: PlanReport): readonly Row[] =>
  work.kind === 'stream'
    ? [
        ...row('requests a day', work.perDay, formatCount),
        ...row('peak ÷ mean hour', work.curve, (curve) => formatNumber(peakFactorOf(curve))),
        ...row('burstiness within an hour', work.burstiness, formatNumber),
        ...row('p95 asked for', work.sloP95Ms, formatDuration),
      ]
    : [...row('requests', work.requests, formatCount), ...row('deadline', work.deadlineMs, formatDuration)];

const callRows = ({ inputs }: PlanReport): readonly Row[] => [
  ...row('input tokens', inputs.inputTokens, formatCount),
  ...row('output tokens', inputs.outputTokens, formatCount),
  ...row('max_tokens', inputs.maxTokens, formatCount),
  ...row('spread of tokens (CV)', inputs.tokensCv, formatNumber),
  ...row('input from the cache', inputs.cachedShare, formatPercent),
  ...row('latency', inputs.latencyMs, formatDuration),
  ...row('spread of latencies (CV)', inputs.latencyCv, formatNumber),
  ...row('attempts lost to retries', inputs.retryOverhead, formatPercent),
  ...row('headroom', inputs.headroom, formatPercent),
  ...row('growth a month', inputs.growthPerMonth, formatPercent),
  ...row('at once per worker', inputs.slotsPerWorker, formatCount),
  ...row('batch API discount', inputs.batchDiscount, formatPercent),
  ...row(
    'price per million tokens',
    inputs.price,
    ({ inputUsd, outputUsd, cachedInputUsd }) =>
      `${usd(inputUsd)} in, ${usd(outputUsd)} out${cachedInputUsd === inputUsd ? '' : `, ${usd(cachedInputUsd)} cached`}`,
  ),
];

/** One sentence for each number, what to trust least first: what is assumed says why, and which option replaces it. */
const narrow = (rows: readonly Row[]): readonly string[] =>
  (
    [
      ['assumed', 'Assumed, because nobody said or measured it:'],
      ['simulated', 'Simulated, by a run that no real endpoint answered:'],
      ['measured', 'Measured:'],
      ['given', 'Given:'],
    ] as const
  ).flatMap(([kind, heading]) => {
    const of = rows.filter(([, , provenance]) => provenance === kind);
    const sources = new Set(of.map(([, , , source]) => source));
    if (of.length === 0) return [];
    // What all have in common is said once.
    return sources.size === 1 && of.length > 1
      ? [`${heading} ${of.map(([name, value]) => `${name} ${value}`).join(', ')} (${[...sources].join()})`]
      : [heading, ...of.map(([name, value, , source]) => `  ${name} ${value}: ${source}`)];
  });
