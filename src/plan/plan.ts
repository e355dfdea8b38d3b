import { formatDuration, formatNumber } from '../core/units.ts';
import { planCost, requestsOf } from './cost.ts';
import { DrawnDays } from './drawn-days.ts';
import { MEASURED_TIER, type PlanInputs, type Sourced } from './inputs.ts';
import type { PlanReport, PlanSettings, TierPlan, TierVerdict } from './report.ts';
import { planTier } from './tier-plan.ts';
import { whatIfs } from './what-if.ts';

/** From best to worst. */
const ORDER: readonly TierVerdict[] = ['fits', 'tight', 'late', 'queues', 'too-small'];

/** Share of the limit to pace by: methods and measurements in docs/decisions on the recommended policy. */
const PACE = 0.95;

/** Multiple of the mean latency after which an attempt is given up. */
const PATIENCE = 10;

/** Makes the plan: each tier, the one to take, what it costs, and what would change it. Pure and repeatable. */
export const plan = (inputs: PlanInputs): PlanReport => {
  const drawn = new DrawnDays(inputs.seed);
  const tiers = inputs.tiers.map((tier) => planTier(tier, inputs, drawn));
  const [best] = tiers
    .filter(({ verdict }) => verdict === 'fits')
    .toSorted((a, b) => sustained(a) - sustained(b));
  const shown = best ?? tiers.toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict))[0];
  const next = shown && larger(shown, tiers)?.tier;
  return {
    schema: 'bench.plan/1',
    inputs,
    tiers,
    recommended: best?.tier.name ?? null,
    summary: summarize(inputs, best, shown),
    settings: shown ? settingsOf(shown, inputs) : null,
    cost: planCost(inputs),
    whatIfs: shown ? whatIfs(inputs, shown.tier, next) : [],
    assumptions: assumptionsOf(inputs),
    warnings: warningsOf(inputs, tiers),
  };
};

/** Requests per second that a tier sustains, for the smallest that will do. */
const sustained = ({ maxPerSecond }: TierPlan): number => maxPerSecond ?? Number.POSITIVE_INFINITY;

/** The next larger tier of the same provider. */
const larger = (than: TierPlan, tiers: readonly TierPlan[]): TierPlan | undefined =>
  tiers
    .filter(({ tier }) => tier.provider === than.tier.provider)
    .filter((each) => sustained(each) > sustained(than))
    .toSorted((a, b) => sustained(a) - sustained(b))[0];

const summarize = (inputs: PlanInputs, best: TierPlan | undefined, shown: TierPlan | undefined): string => {
  const work =
    inputs.work.kind === 'stream'
      ? `${formatNumber(inputs.work.perDay.value)} requests a day`
      : `${formatNumber(inputs.work.requests.value)} requests`;
  if (!shown) return `No tier was given to plan ${work} for.`;
  const { concurrency, because, tier } = shown;
  const workers = concurrency.workers === 1 ? 'one worker' : `${concurrency.workers} workers`;
  return best
    ? `${tier.name} carries ${work} with ${concurrency.slots} calls at once in ${workers}: ${because}.`
    : `No tier given carries ${work} as asked. The nearest is ${tier.name}: ${because}.`;
};

const settingsOf = ({ concurrency, buckets, maxPerSecond }: TierPlan, inputs: PlanInputs): PlanSettings => ({
  policy: 'recommended',
  concurrency: concurrency.slots,
  requestsPerSecond: maxPerSecond === null ? null : maxPerSecond * PACE,
  burst: buckets[0] ? Math.max(1, Math.floor(buckets[0].capacity / buckets[0].perRequest)) : null,
  timeoutMs: Math.max(30_000, Math.ceil((inputs.latencyMs.value * PATIENCE) / 1000) * 1000),
  maxRetries: 5,
});

const NAMES = {
  inputTokens: 'input tokens per request',
  outputTokens: 'output tokens per request',
  maxTokens: 'max_tokens',
  tokensCv: 'spread of tokens (CV)',
  cachedShare: 'share of input from the cache',
  latencyMs: 'latency of a call',
  latencyCv: 'spread of latencies (CV)',
  retryOverhead: 'retries per request',
  price: 'price',
  batchDiscount: 'batch API discount',
  headroom: 'headroom',
  growthPerMonth: 'growth per month',
  slotsPerWorker: 'calls at once per worker',
} as const satisfies Partial<Record<keyof PlanInputs, string>>;

/** What nobody has said or measured: the reader should know before trusting the rest. */
const assumptionsOf = (inputs: PlanInputs): PlanReport['assumptions'] =>
  (Object.keys(NAMES) as (keyof typeof NAMES)[]).flatMap((key) => {
    const input: Sourced<unknown> | undefined = inputs[key];
    if (input?.provenance !== 'assumed') return [];
    return [
      {
        name: NAMES[key],
        value: wordOf(key, input.value),
        provenance: 'assumed' as const,
        source: input.source,
      },
    ];
  });

const wordOf = (key: keyof typeof NAMES, value: unknown): string =>
  typeof value !== 'number'
    ? JSON.stringify(value)
    : key === 'latencyMs'
      ? formatDuration(value)
      : formatNumber(value);

const warningsOf = (inputs: PlanInputs, tiers: readonly TierPlan[]): readonly string[] => [
  ...(requestsOf(inputs) < 100 ? ['Fewer than 100 requests: percentiles of so few mean little.'] : []),
  ...tiers.flatMap(({ tier, buckets }) =>
    tier.name === MEASURED_TIER ||
    buckets.some(({ dimension }) => dimension !== 'requests') ||
    buckets.length === 0
      ? []
      : [`${tier.name} has no token limit in the file: for language models it usually binds first.`],
  ),
  ...tiers.flatMap(({ tier, checks }) =>
    checks
      .filter(({ difference }) => Math.abs(difference) > 0.15)
      .map(
        ({ what, difference }) =>
          `On ${tier.name} formula and simulation differ by ${Math.round(difference * 100)} % in ${what}: trust the simulation.`,
      ),
  ),
];
