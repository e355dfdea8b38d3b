import { formatDuration, formatNumber, formatPercent } from '../../core/units.ts';
import type { Sourced } from '../../plan/inputs.ts';
import type { PlanReport } from '../../plan/report.ts';
import type { PlanBlock } from './plan-block.ts';
import { usd } from './usd.ts';

/** Every number that a plan was made from, how it is known and from where. */
export const inputBlock = ({ inputs }: PlanReport): PlanBlock => {
  const { work } = inputs;
  const row = (name: string, number: Sourced<unknown> | undefined, text: string) =>
    number ? [[name, text, number.provenance, number.source]] : [];
  const numbers: readonly (readonly [string, Sourced | undefined, (value: number) => string])[] = [
    ['input tokens', inputs.inputTokens, formatNumber],
    ['output tokens', inputs.outputTokens, formatNumber],
    ['max_tokens', inputs.maxTokens, formatNumber],
    ['spread of tokens (CV)', inputs.tokensCv, formatNumber],
    ['input from the cache', inputs.cachedShare, formatPercent],
    ['latency', inputs.latencyMs, formatDuration],
    ['spread of latencies (CV)', inputs.latencyCv, formatNumber],
    ['attempts lost to retries', inputs.retryOverhead, formatPercent],
    ['headroom', inputs.headroom, formatPercent],
    ['growth a month', inputs.growthPerMonth, formatPercent],
    ['at once per worker', inputs.slotsPerWorker, formatNumber],
    ['batch API discount', inputs.batchDiscount, formatPercent],
  ];
  return {
    title: 'From what',
    table: {
      head: ['number', 'value', 'how known', 'from'],
      spare: ['from'],
      rows: [
        ...(work.kind === 'stream'
          ? [
              ...row('requests a day', work.perDay, formatNumber(work.perDay.value)),
              ...row('peak ÷ mean hour', work.curve, formatNumber(Math.max(...work.curve.value))),
              ...(work.sloP95Ms
                ? row('p95 asked for', work.sloP95Ms, formatDuration(work.sloP95Ms.value))
                : []),
            ]
          : [
              ...row('requests', work.requests, formatNumber(work.requests.value)),
              ...(work.deadlineMs
                ? row('deadline', work.deadlineMs, formatDuration(work.deadlineMs.value))
                : []),
            ]),
        ...numbers.flatMap(([name, number, format]) => row(name, number, number ? format(number.value) : '')),
        ...(inputs.price
          ? row(
              'price per million tokens',
              inputs.price,
              `${usd(inputs.price.value.inputUsd)} in, ${usd(inputs.price.value.outputUsd)} out`,
            )
          : []),
      ],
    },
  };
};
