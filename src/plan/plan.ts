import { formatCount, formatDuration, formatNumber } from '../core/units.ts';
import { planCost } from './cost.ts';
import { DrawnDays } from './drawn-days.ts';
import { MEASURED_TIER, type PlanInputs, type Sourced } from './inputs.ts';
import { type LimitBucket, PACE } from './limits.ts';
import type { PlanReport, PlanSettings, TierPlan, TierVerdict } from './report.ts';
import { planTier } from './tier-plan.ts';
import { warningsOf } from './warnings.ts';
import { whatIfs } from './what-if.ts';

/** From best to worst. */
const ORDER: readonly TierVerdict[] = ['fits', 'tight', 'late', 'queues', 'too-small'];

/** Multiple of the mean latency after which an attempt is given up. */
const PATIENCE = 10;

/**
 * Makes the plan: each tier, the one to take, what it costs, and what would change it. Pure and repeatable. Says with `onTier` what
 * it is at, since large loads take a while.
 */
export const plan = (inputs: PlanInputs, onTier: (name: string) => void = () => {}): PlanReport => {
  const drawn = new DrawnDays(inputs.seed);
  const tiers = inputs.tiers.map((tier) => {
    onTier(tier.name);
    return planTier(tier, inputs, drawn);
  });
  const [best] = tiers
    .filter(({ verdict }) => verdict === 'fits')
    .toSorted((a, b) => sustained(a) - sustained(b));
  const shown = best ?? tiers.toSorted(nearest)[0];
  const next = shown && larger(shown, tiers)?.tier;
  if (shown) onTier('what would change it');
  return {
    schema: 'bench.plan/1',
    inputs,
    tiers,
    recommended: best?.tier.name ?? null,
    summary: summarize(
      inputs,
      best,
      shown,
      tiers.find(({ tier }) => tier.name === MEASURED_TIER),
    ),
    settings: shown ? settingsOf(shown, inputs) : null,
    cost: planCost(inputs),
    whatIfs: shown ? whatIfs(inputs, shown.tier, next) : [],
    deferrable: shown ? deferrable(inputs, shown, tiers) : null,
    assumptions: assumptionsOf(inputs),
    warnings: warningsOf(inputs, tiers, best),
  };
};

/** Of tiers that do not carry the work, the one that comes closest first. */
const nearest = (a: TierPlan, b: TierPlan): number =>
  ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict) ||
  (a.batch?.timeMs ?? 0) - (b.batch?.timeMs ?? 0) ||
  sustained(b) - sustained(a);

/** How much of a stream would have to wait for the batch API, whose limits are its own, for the next smaller tier to do. */
const deferrable = (
  { work }: PlanInputs,
  than: TierPlan,
  tiers: readonly TierPlan[],
): PlanReport['deferrable'] => {
  const [smaller] = tiers
    .filter(({ tier }) => tier.provider === than.tier.provider)
    .filter((each) => sustained(each) < sustained(than))
    .toSorted((a, b) => sustained(b) - sustained(a));
  if (work.kind !== 'stream' || !smaller?.breaksAt) return null;
  const share = 1 - smaller.breaksAt.withHeadroomPerDay / work.perDay.value;
  return share > 0 && share < 1 ? { tier: smaller.tier.name, share } : null;
};

/** Requests per second that a tier sustains, for the smallest that will do. */
const sustained = ({ maxPerSecond }: TierPlan): number => maxPerSecond ?? Number.POSITIVE_INFINITY;

/** The next larger tier of the same provider. */
const larger = (than: TierPlan, tiers: readonly TierPlan[]): TierPlan | undefined =>
  tiers
    .filter(({ tier }) => tier.provider === than.tier.provider)
    .filter((each) => sustained(each) > sustained(than))
    .toSorted((a, b) => sustained(a) - sustained(b))[0];

const summarize = (
  inputs: PlanInputs,
  best: TierPlan | undefined,
  shown: TierPlan | undefined,
  measured: TierPlan | undefined,
): string => {
  const work =
    inputs.work.kind === 'stream'
      ? `${formatCount(inputs.work.perDay.value)} requests a day`
      : `${formatCount(inputs.work.requests.value)} requests within ${formatDuration(inputs.work.deadlineMs.value)}`;
  if (!shown) return `No tier was given to plan ${work} for.`;
  const { concurrency, because, tier } = shown;
  const slots = concurrency.slots === 1 ? 'one call' : `${formatCount(concurrency.slots)} calls`;
  const workers = concurrency.workers === 1 ? 'one worker' : `${concurrency.workers} workers`;
  // Whoever has measured a limit wants to know about that one first.
  const own =
    !measured || measured === shown
      ? ''
      : measured.verdict === 'fits'
        ? ` The limit that you measured does as well: ${measured.because}.`
        : ` The limit that you measured does not do: ${measured.because}.`;
  return best
    ? `${tier.name === MEASURED_TIER ? 'The limit that you measured' : tier.name} carries ${work} with ${slots} at once in ${workers}: ${because}.${own}`
    : `No tier considered carries ${work} as asked. The nearest is ${tier.name}: ${because}.${own}`;
};

const settingsOf = ({ tier, concurrency, buckets }: TierPlan, inputs: PlanInputs): PlanSettings => {
  // A day's quota is spent as it is needed; what is paced by is per minute.
  const paced = buckets.filter(({ dimension }) => dimension !== 'requests per day');
  const smallest = (of: (bucket: LimitBucket) => number) =>
    paced.length > 0 ? Math.min(...paced.map(of)) : null;
  const perSecond = smallest(({ requestsPerSecond }) => requestsPerSecond);
  const burst = smallest(({ capacity, perRequest }) => capacity / perRequest);
  return {
    tier: tier.name,
    provider: tier.name === MEASURED_TIER ? (inputs.measuredProvider ?? tier.provider) : tier.provider,
    policy: 'recommended',
    concurrency: concurrency.slots,
    workers: concurrency.workers,
    limitPerSecond: perSecond,
    requestsPerSecond: perSecond && perSecond * PACE,
    burst: burst && Math.max(1, Math.floor(burst)),
    timeoutMs: Math.max(30_000, Math.ceil((inputs.latencyMs.value * PATIENCE) / 1000) * 1000),
    maxRetries: 5,
  };
};

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
