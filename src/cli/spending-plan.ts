import type { SweepSettings } from '../config/resolve.ts';
import { formatDuration, formatUsd } from '../core/units.ts';
import { grid } from '../report/grid.ts';
import { ASSUMED, type Forecast, forecast } from '../run/forecast.ts';
import { FIRST } from '../run/probe-size.ts';

interface Row extends Forecast {
  readonly name: string;
}

/** The same amount of work counted in calls: an item of a workflow makes several. */
const inCalls = <Until extends { readonly requests?: number }>(until: Until, perRequest: number): Until =>
  until.requests === undefined ? until : { ...until, requests: Math.round(until.requests * perRequest) };

/** Every stretch of the run, in order: the reference, then warm-up and measurement of each level. */
const stretches = (settings: SweepSettings, referenceRequests: number): readonly Row[] => {
  const { sample, levels, measure, warmup, money, arrival, repeat, search } = settings;
  const { calls, perRequest } = sample;
  const row = (name: string, until: Parameters<typeof forecast>[1], level: number): Row => ({
    name,
    ...forecast(calls, inCalls(until, perRequest), level, money.priceOf),
  });
  if (search) {
    const name = `search up to ${search.maxLevel} at once`;
    const { budget } = search;
    if (!('usd' in budget)) return [row(name, budget, FIRST.level)];
    const perRequest = row(name, { requests: 1 }, FIRST.level).costUsd;
    const requests = perRequest ? Math.floor(budget.usd / perRequest) : 1;
    return [row(name, { requests }, FIRST.level)];
  }
  return [
    ...(referenceRequests > 0 ? [row('in sequence', { requests: referenceRequests }, 1)] : []),
    ...levels.flatMap((level) => {
      const name = arrival ? `${level} requests/s` : `${level} at once`;
      const warming = warmup ? [row(`${name}, warm-up`, warmup, level)] : [];
      const measured = row(name, measure, level);
      const stretch = arrival ? scheduled(row, name, measure, level) : measured;
      return Array.from({ length: repeat }, () => [...warming, stretch]).flat();
    }),
  ];
};

/** A stretch of an open loop: as many as its rate brings in its time, in the time that its rate takes. */
const scheduled = (
  row: (name: string, until: Parameters<typeof forecast>[1], level: number) => Row,
  name: string,
  { requests, duration = Number.POSITIVE_INFINITY }: SweepSettings['measure'],
  rate: number,
): Row => {
  const most = Math.min(requests ?? Number.POSITIVE_INFINITY, Math.ceil((rate * duration) / 1000));
  return { ...row(name, { requests: most }, 1), time: (most / rate) * 1000 };
};

const sum = (rows: readonly Row[], of: (row: Row) => number | undefined): number | undefined =>
  rows.reduce<number | undefined>((total, row) => {
    const value = of(row);
    return total === undefined || value === undefined ? undefined : total + value;
  }, 0);

const count = (value: number | undefined): string =>
  value === undefined ? '–' : Math.round(value).toLocaleString('en-US');
const usd = (value: number | undefined): string => (value === undefined ? '–' : formatUsd(value));

/** The most a run can cost without a retry; `undefined` if that cannot be told. */
export const mostCost = (settings: SweepSettings, referenceRequests: number): number | undefined =>
  sum(stretches(settings, referenceRequests), ({ costUsd }) => costUsd);

/** What `--dry-run` prints: address, requests, tokens, cost and time of each stretch, and what was assumed for that. */
export const planText = (settings: SweepSettings, referenceRequests: number): string => {
  const {
    target,
    scenario,
    money,
    policy: { maxRetries },
  } = settings;
  const rows = stretches(settings, referenceRequests);
  const cells = ({ name, requests, inputTokens, outputTokens, costUsd, time }: Row): string[] => [
    name,
    count(requests),
    count(inputTokens),
    count(outputTokens),
    usd(costUsd),
    formatDuration(time),
  ];
  const total: Row = {
    name: 'in all',
    requests: sum(rows, ({ requests }) => requests),
    inputTokens: sum(rows, ({ inputTokens }) => inputTokens),
    outputTokens: sum(rows, ({ outputTokens }) => outputTokens),
    costUsd: sum(rows, ({ costUsd }) => costUsd),
    time: sum(rows, ({ time }) => time) ?? 0,
  };
  const table = grid(
    ['', 'requests', 'tokens in', 'tokens out\nup to', 'cost\nup to', 'time\nabout'],
    [...rows, total].map(cells),
    '-',
  );
  return [
    `${scenario.name}, ${target.kind === 'mock' ? `on the embedded mock (profile ${target.profile})` : `at ${target.baseUrl}`}, model ${target.model}`,
    '',
    table,
    '',
    `Price: ${money.source ?? 'not known (--price in,out)'}. Cap: ${Number.isFinite(money.cap) ? formatUsd(money.cap) : 'none'}.`,
    `Counted for answers of full length and without retries (each may be sent up to ${maxRetries + 1} times);`,
    `prompts at 4 characters per token. Time assumes a first token after ${formatDuration(ASSUMED.firstToken)}, then ${ASSUMED.tokensPerSecond} tokens/s, no limits.`,
    'Nothing was sent.',
    '',
  ].join('\n');
};
