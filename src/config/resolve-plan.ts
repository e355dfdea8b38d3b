import type { Millis } from '../core/clock.ts';
import { UsageError } from '../core/errors.ts';
import type { PlanInputs, Sourced, Tier, TokenPrice } from '../plan/inputs.ts';
import { curveOf, loadCurve } from '../plan/load-curve.ts';
import type { PlanOptions } from './plan-options.ts';
import { listedPrice, PRICE_LIST } from './price-list.ts';

/** What a stored run says about the work. */
export interface MeasuredWork {
  /** For the reader: which run, and which level of it. */
  readonly source: string;
  /** The run was a simulation: nothing of it was measured on an endpoint. */
  readonly isSimulated?: boolean;
  readonly latencyMs: Millis;
  readonly latencyCv: number;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly tokensCv: number | undefined;
  readonly retryOverhead: number | undefined;
  /** Model that answered; its listed price is taken where nobody gives another. */
  readonly model: string | undefined;
  /** API that the run spoke. */
  readonly api: string | undefined;
  /** Whose endpoint it was, as the table of tiers calls it; `undefined` of a mock or a server of one's own. */
  readonly provider: string | undefined;
}

const DEFAULTS = {
  inputTokens: [1000, 'a page or two of text; measure one: --from RUN'],
  outputTokens: [300, 'a paragraph or two; measure one: --from RUN'],
  tokensCv: [0.8, 'typical of mixed prompts'],
  cachedShare: [0, 'no prompt cache'],
  latencyMs: [4000, 'a few hundred tokens of a mid-size model; measure it: --from RUN'],
  latencyCv: [0.3, 'typical of one model at one length'],
  retryOverhead: [0.02, 'a client that paces itself'],
  burstiness: [1, 'independent users (Poisson); jobs and retries come in bursts'],
  deadlineMs: [86_400_000, 'a day, within which a batch API answers too'],
  peakFactor: [2, 'busiest hour twice the mean; count your own requests per hour'],
  batchDiscount: [0.5, 'what both providers advertise'],
  headroom: [0.2, 'waiting grows steeply above 80 % of a limit'],
  growthPerMonth: [0, 'none'],
  slotsPerWorker: [200, 'well below what one process serves through an SDK'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;

const given = <T>(value: T, flag: string): Sourced<T> => ({ value, provenance: 'given', source: flag });

/** Given first, then measured, then assumed: and it says which. */
const choose = (
  key: keyof typeof DEFAULTS,
  option: number | undefined,
  flag: string,
  measured?: number,
  from?: MeasuredWork,
): Sourced => {
  if (option !== undefined) return given(option, flag);
  if (measured !== undefined && from) {
    const provenance = from.isSimulated ? 'simulated' : 'measured';
    return { value: measured, provenance, source: from.source };
  }
  const [value, because] = DEFAULTS[key];
  return { value, provenance: 'assumed', source: `${because} (${flag})` };
};

/** Turns options into the inputs of a plan. Throws `UsageError` for what is missing without a sane default, or contradictory. */
export const resolvePlan = (
  options: PlanOptions,
  tiers: readonly Tier[],
  measured: MeasuredWork | undefined,
): PlanInputs => {
  const from = measured;
  const input = choose('inputTokens', options.inputTokens, '--input-tokens', measured?.inputTokens, from);
  const output = choose(
    'outputTokens',
    options.outputTokens,
    '--output-tokens',
    measured?.outputTokens,
    from,
  );
  if (options.maxTokens !== undefined && options.maxTokens < output.value) {
    throw new UsageError(
      `--max-tokens ${options.maxTokens} is less than the ${output.value} output tokens of an average request`,
      'max_tokens is the upper bound of an answer.',
    );
  }
  return {
    work: workOf(options),
    inputTokens: input,
    outputTokens: output,
    maxTokens: options.maxTokens === undefined ? undefined : given(options.maxTokens, '--max-tokens'),
    tokensCv: choose('tokensCv', options.tokensCv, '--tokens-cv', measured?.tokensCv, from),
    cachedShare: choose('cachedShare', options.cachedShare, '--cached-share'),
    latencyMs: choose('latencyMs', options.latency, '--latency', measured?.latencyMs, from),
    latencyCv: choose('latencyCv', options.latencyCv, '--latency-cv', measured?.latencyCv, from),
    retryOverhead: choose(
      'retryOverhead',
      options.retryOverhead,
      '--retry-overhead',
      measured?.retryOverhead,
      from,
    ),
    price: priceOf(options, measured),
    batchDiscount: choose('batchDiscount', options.batchDiscount, '--batch-discount'),
    headroom: choose('headroom', options.headroom, '--headroom'),
    growthPerMonth: choose('growthPerMonth', options.growth, '--growth'),
    slotsPerWorker: choose('slotsPerWorker', options.perWorker, '--per-worker'),
    measuredProvider: measured?.api,
    tiers,
    days: options.days,
    seed: options.seed,
  };
};

/** Where the list knows models from. */
const PROVIDERS = ['https://api.openai.com/v1', 'https://api.anthropic.com'] as const;

const listed = (model: string): TokenPrice | undefined => {
  const found = PROVIDERS.map((baseUrl) => listedPrice(model, baseUrl)).find((price) => price !== undefined);
  return (
    found && {
      inputUsd: found.input,
      outputUsd: found.output,
      cachedInputUsd: found.cacheRead ?? found.input,
    }
  );
};

const LIST = `${PRICE_LIST.name} ${PRICE_LIST.version} of ${PRICE_LIST.date}`;

/** The price given, the listed one of the model given, or that of the model measured. */
const priceOf = ({ price, model }: PlanOptions, measured: MeasuredWork | undefined): PlanInputs['price'] => {
  if (price !== undefined && model !== undefined)
    throw new UsageError('--price and --model both name a price', 'Leave one of them out.');
  if (price !== undefined) return given(price, '--price');
  if (model !== undefined) {
    const value = listed(model);
    if (value) return given(value, `--model ${model}: ${LIST}`);
    throw new UsageError(
      `--model ${model}: the price list of ${PRICE_LIST.date} does not know it`,
      'Give its price yourself, in US dollars per million tokens: --price 3,15.',
    );
  }
  const value = measured?.model === undefined ? undefined : listed(measured.model);
  return (
    value && {
      value,
      provenance: 'assumed',
      source: `list price of ${measured?.model}, the model of the run: ${LIST} (--price)`,
    }
  );
};

const workOf = ({
  requests,
  deadline,
  peakFactor,
  curve,
  burstiness,
  slo,
}: PlanOptions): PlanInputs['work'] => {
  if (requests === undefined) {
    throw new UsageError(
      '--requests is missing: without it there is nothing to plan for',
      'For example --requests 100k/day for work that keeps coming, or --requests 20k --deadline 2h for a batch.',
    );
  }
  if ('batch' in requests) {
    for (const [flag, value] of [
      ['--peak-factor', peakFactor],
      ['--curve', curve],
      ['--burstiness', burstiness],
      ['--slo', slo],
    ] as const) {
      if (value !== undefined) {
        throw new UsageError(
          `${flag} is about work that keeps coming, but --requests names a batch`,
          `Give --requests as ${requests.batch}/day, or leave ${flag} out.`,
        );
      }
    }
    return {
      kind: 'batch',
      requests: given(requests.batch, '--requests'),
      deadlineMs: choose('deadlineMs', deadline, '--deadline'),
    };
  }
  if (deadline !== undefined) {
    throw new UsageError(
      '--deadline is about a batch, but --requests names work that keeps coming',
      'Give --requests as a number alone, for example 20k, or leave --deadline out.',
    );
  }
  if (curve !== undefined && peakFactor !== undefined) {
    throw new UsageError('--curve and --peak-factor both say how the day runs', 'Leave one of them out.');
  }
  const peak = choose('peakFactor', peakFactor, '--peak-factor');
  return {
    kind: 'stream',
    perDay: given(requests.perDay, '--requests'),
    curve: curve ? given(curveOf(curve), '--curve') : { ...peak, value: loadCurve(peak.value) },
    burstiness: choose('burstiness', burstiness, '--burstiness'),
    sloP95Ms: slo === undefined ? undefined : given(slo, '--slo'),
  };
};
