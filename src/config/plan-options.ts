import { defaulted, type OptionsOf, open } from './option-spec.ts';
import { hourlyWeights, number, p95, share, tokenPrice, tokens, work } from './plan-values.ts';
import { duration, oneOf, text, whole } from './values.ts';

/** How a plan can be printed. */
const PLAN_FORMATS = ['terminal', 'markdown', 'md', 'json', 'html'] as const;

/** The one table of `bench plan`'s options; its keys are those of a plan file. */
export const PLAN_OPTIONS = {
  requests: open('--requests <amount>', 'how much: 100k/day, 500/min, or a batch of 20k', work),
  deadline: open('--deadline <time>', 'when a batch must be done', duration('2h', 1), '24h, assumed'),
  peakFactor: open('--peak-factor <n>', 'busiest hour ÷ mean hour', number(1, 24, '2'), '2, assumed'),
  burstiness: open(
    '--burstiness <n>',
    'gaps between arrivals within an hour: 1 as independent users, 0.25 in bursts, more is even',
    number(0.01, 100, '0.25'),
    '1 (Poisson), assumed',
  ),
  curve: open('--curve <list>', '24 hourly weights instead of a peak factor', hourlyWeights),
  inputTokens: open('--input-tokens <n>', 'input tokens of a request, on average', tokens, '1,000, assumed'),
  outputTokens: open('--output-tokens <n>', 'output tokens of a request, on average', tokens, '300, assumed'),
  maxTokens: open('--max-tokens <n>', 'max_tokens of the requests, where a provider reserves them', tokens),
  tokensCv: open(
    '--tokens-cv <n>',
    'spread of tokens: standard deviation ÷ mean',
    number(0, 5, '0.8'),
    '0.8, assumed',
  ),
  cachedShare: open(
    '--cached-share <share>',
    'part of the input read from the cache',
    share(1, '30%'),
    '0 %, assumed',
  ),
  latency: open(
    '--latency <time>',
    'how long a call takes, on average',
    duration('3.84s', 1),
    '4 s, assumed',
  ),
  latencyCv: open(
    '--latency-cv <n>',
    'spread of latencies: standard deviation ÷ mean',
    number(0, 5, '0.3'),
    '0.3, assumed',
  ),
  retryOverhead: open(
    '--retry-overhead <share>',
    'attempts beyond the first, per request',
    share(5, '2%'),
    '2 %, assumed',
  ),
  tier: open(
    '--tier <names>',
    'tiers to consider, of the file: names, a provider, or all',
    text,
    'those of the provider that --from measured, else all',
  ),
  tiers: open('--tiers <file>', 'a file of tiers of your own (YAML or JSON)', text, 'those that ship'),
  price: open(
    '--price <in,out[,cached]>',
    'US dollars per million tokens',
    tokenPrice,
    'no cost is worked out',
  ),
  model: open('--model <name>', 'take the price of this model from the dated list that ships', text),
  batchDiscount: open(
    '--batch-discount <share>',
    "what the provider's batch API saves",
    share(1, '50%'),
    '50 %, assumed',
  ),
  slo: open('--slo <p95>', 'response time that 95 % must meet at the peak', p95),
  headroom: open(
    '--headroom <share>',
    'part of the limit to keep free at the peak',
    share(0.95, '20%'),
    '20 %',
  ),
  growth: open('--growth <share>', 'growth of the load per month', share(10, '10%/month'), 'none'),
  perWorker: open('--per-worker <n>', 'calls at once in one process', whole(1, '200'), '200, assumed'),
  from: open('--from <run>', 'take latency, tokens and retries from a stored run', text),
  days: defaulted('--days <n>', 'days to simulate for each tier', whole(1, '5'), 5),
  seed: defaulted('--seed <n>', 'seed of all chance', whole(0, '7'), 1),
  format: open(
    '--format <name>',
    `what to print: ${PLAN_FORMATS.join(', ')}`,
    oneOf(PLAN_FORMATS),
    'terminal, or by the ending of --out',
  ),
  out: open('--out <file>', 'write there instead of to the screen', text),
} as const;

/** Options of a plan by key, each read or left open. */
export type PlanOptions = OptionsOf<typeof PLAN_OPTIONS>;
