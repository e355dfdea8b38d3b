import { classify500 } from '../../../scenarios/classify-500.ts';
import { modelFanOut } from '../../../scenarios/model-fan-out.ts';
import { summarizeDocuments } from '../../../scenarios/summarize-documents.ts';
import type { RetryPolicy } from '../../policy/retry.ts';
import { sdkRetry } from '../../policy/sdk-retry.ts';
import type { TestedClaim } from './claim.ts';
import { gathered, inSequence, retriesInStep } from './figures.ts';

const MINUTE = 60_000;
const FOUR_SECONDS = { profile: 'constant', settings: ['latency=4s'] } as const;

/** The guide's retry: 2 to the power of the attempt, in seconds, with or without its jitter of up to a second. */
const guideRetry = (jitter: boolean): RetryPolicy => ({
  name: jitter ? 'guide' : 'guide-without-jitter',
  description: `2^attempt s${jitter ? ' + up to 1 s' : ''}, four tries`,
  decide: ({ status }, { attempt, rng }) =>
    attempt >= 4 || status === undefined || (status < 500 && status !== 429)
      ? { retry: false }
      : {
          retry: true,
          delay: 1000 * (2 ** (attempt - 1) + (jitter && status === 429 ? rng.next() : 0)),
        },
});

/** Twenty-one calls at once where one is let in: twenty are refused at the same moment. */
const HERD = {
  scenario: classify500,
  requests: 21,
  level: 21,
  recorded: true,
  profile: 'constant',
  settings: ['latency=1s', 'limits={requestsPerMinute: {limit: 1200, burst: 1}, retryAfter: false}'],
} as const;

/** The guide's benchmark: at once, minutes. */
const BENCHMARK = [
  [1, 32],
  [5, 6.4],
  [10, 3.2],
  [20, 1.6],
  [30, 1.1],
] as const;

/** G1: "Concurrent requests" with the Anthropic SDK; its advice by output length stands in a file of its own. */
export const guide1: readonly TestedClaim[] = [
  {
    guide: 'G1',
    about: 'motivation: 100 calls of 4 s one by one',
    claimed: 400_000,
    unit: 'ms',
    given: '4 s a call',
    ownPremise: true,
    measure: (lab) => inSequence(lab, { scenario: classify500, requests: 100, ...FOUR_SECONDS }),
  },
  {
    guide: 'G1',
    about: 'motivation: the same with 20 workers',
    claimed: 20_000,
    unit: 'ms',
    given: '4 s a call',
    ownPremise: true,
    measure: (lab) => gathered(lab, { scenario: classify500, requests: 100, level: 20, ...FOUR_SECONDS }),
  },
  {
    guide: 'G1',
    about: 'motivation: 3 h become 15 min',
    claimed: 15 * MINUTE,
    unit: 'ms',
    given: '2,700 calls of 4 s, the same 20 workers',
    measure: (lab) => gathered(lab, { scenario: classify500, requests: 2700, level: 20, ...FOUR_SECONDS }),
  },
  {
    guide: 'G1',
    about: 'no limit: 500 at once hit the rate limit "instantly" (first refusal)',
    claimed: { min: 0, max: 1000 },
    unit: 'ms',
    given: '360 requests/min, burst 24',
    async measure(lab) {
      const { records } = await lab.run({
        scenario: classify500,
        level: 500,
        profile: 'g1',
        retry: sdkRetry(0),
        recorded: true,
      });
      const refused = records.flatMap(({ attempts, scheduledAt }) =>
        attempts.flatMap(({ status, endedAt }) => (status === 429 ? [endedAt - scheduledAt] : [])),
      );
      return refused.reduce((first, at) => Math.min(first, at), Number.POSITIVE_INFINITY);
    },
  },
  {
    guide: 'G1',
    about: 'retry: 500 tickets, semaphore 15, four tries: failed in the end',
    claimed: 0,
    unit: 'calls',
    given: '360 requests/min, burst 24',
    async measure(lab) {
      const retry = guideRetry(true);
      return (await lab.run({ scenario: classify500, level: 15, profile: 'g1', retry })).summary.counts
        .failed;
    },
  },
  {
    guide: 'G1',
    about: 'herd: 20 refused at once retry at once without jitter (within 100 ms)',
    claimed: 1,
    unit: 'share',
    given: 'one of 21 is let in',
    measure: async (lab) =>
      retriesInStep((await lab.run({ ...HERD, retry: guideRetry(false) })).records, 100),
  },
  {
    guide: 'G1',
    about: 'herd: jitter of up to 1 s spreads them (most within 100 ms)',
    claimed: { min: 0, max: 0.3 },
    unit: 'share',
    given: 'one of 21 is let in',
    measure: async (lab) => retriesInStep((await lab.run({ ...HERD, retry: guideRetry(true) })).records, 100),
  },
  {
    guide: 'G1',
    about: 'pipeline: one failure never ends the batch (documents done or told)',
    claimed: 200,
    unit: 'calls',
    given: 'every 50th document is refused with 400',
    async measure(lab) {
      const settings = ['faults=[{kind: status, every: 50, status: 400}]'];
      const { counts } = (
        await lab.run({ scenario: summarizeDocuments, level: 25, profile: 'medium', settings })
      ).summary;
      return counts.failed > 0 ? counts.ok + counts.failed : 0;
    },
  },
  {
    guide: 'G1',
    about: 'fan-out to three models: total ÷ the slowest',
    claimed: 1,
    unit: 'times',
    given: 'profile medium',
    async measure(lab) {
      const { items } = (
        await lab.run({ scenario: modelFanOut, level: 3 * modelFanOut.items, profile: 'medium' })
      ).summary;
      return (items?.makespanMs?.mean ?? 0) / (items?.criticalPathMs?.mean ?? 0);
    },
  },
  ...BENCHMARK.map(
    ([level, minutes]): TestedClaim => ({
      guide: 'G1',
      about: `benchmark: 500 classifications, ${level === 1 ? 'one by one' : `${level} at once`}`,
      claimed: minutes * MINUTE,
      unit: 'ms',
      given: '3.84 s a call, 360 requests/min, burst 24',
      measure: (lab) => gathered(lab, { scenario: classify500, level, profile: 'g1' }),
    }),
  ),
  {
    guide: 'G1',
    about: 'benchmark: 429s at 20 at once',
    claimed: 0,
    unit: 'calls',
    given: '360 requests/min, burst 24',
    measure: async (lab) =>
      (await lab.run({ scenario: classify500, level: 20, profile: 'g1' })).summary.counts.rateLimited,
  },
  {
    guide: 'G1',
    about: 'benchmark: "some 429s" at 30 at once',
    claimed: { min: 1, max: 500 },
    unit: 'calls',
    given: '360 requests/min, burst 24',
    measure: async (lab) =>
      (await lab.run({ scenario: classify500, level: 30, profile: 'g1' })).summary.counts.rateLimited,
  },
];
