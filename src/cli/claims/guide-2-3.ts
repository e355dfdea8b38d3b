import { articleChain } from '../../../scenarios/article-chain.ts';
import { definitions50 } from '../../../scenarios/definitions-50.ts';
import { gateway100 } from '../../../scenarios/gateway.ts';
import { threePrompts } from '../../../scenarios/three-prompts.ts';
import { threePromptsCompletions } from '../../../scenarios/three-prompts-completions.ts';
import { sdkRetry } from '../../policy/sdk-retry.ts';
import { defineScenario } from '../../workload/scenario.ts';
import type { ClaimLab, Experiment, TestedClaim } from './claim.ts';
import { gathered, inSequence } from './figures.ts';

const FOUR_SECONDS = { profile: 'constant', settings: ['latency=4s'] } as const;

/** Three steps, of which the first two do not need each other. */
const threeSteps = defineScenario({
  name: 'three-steps',
  description: 'two independent steps, then one over both',
  items: 1,
  async run(_item, ask) {
    const step = (name: string) =>
      ask({ messages: [{ role: 'user', content: name }], maxTokens: 64, stream: false }, { step: name });
    await Promise.all([step('first'), step('second')]);
    await step('third');
  },
});

/** Wall-clock of a gather ÷ its slowest call. */
const overSlowest = async (lab: ClaimLab, experiment: Experiment): Promise<number> => {
  const { summary } = await lab.run(experiment);
  return summary.wallClockMs / (summary.metrics.serviceTime?.max ?? Number.NaN);
};

/** Half a second to two, as lognormal as real calls are. */
const HALF_TO_TWO = {
  profile: 'constant',
  settings: ['latency={total: {p50: 1s, p95: 1.7s, p99: 2s}, tokens: 30}'],
} as const;

const refusals = async (lab: ClaimLab, level: number, profile: string): Promise<number> =>
  (await lab.run({ scenario: definitions50, requests: 500 + 10 * level, level, profile })).summary.counts
    .rateLimited;

/** G2: async chains and batches with the OpenAI SDK. */
export const guide2: readonly TestedClaim[] = [
  {
    guide: 'G2',
    about: 'three prompts at once: total ÷ the slowest',
    claimed: 1,
    unit: 'times',
    given: 'profile medium',
    measure: (lab) => overSlowest(lab, { scenario: threePrompts, level: 3, profile: 'medium' }),
  },
  {
    guide: 'G2',
    about: 'three-step chain in sequence',
    claimed: 12_000,
    unit: 'ms',
    given: '4 s a call',
    ownPremise: true,
    measure: (lab) => inSequence(lab, { scenario: threeSteps, ...FOUR_SECONDS }),
  },
  {
    guide: 'G2',
    about: 'three-step chain, two steps independent',
    claimed: 8_000,
    unit: 'ms',
    given: '4 s a call',
    ownPremise: true,
    measure: (lab) => gathered(lab, { scenario: threeSteps, level: 2, ...FOUR_SECONDS }),
  },
  {
    guide: 'G2',
    about: 'article: calls',
    claimed: 5,
    unit: 'calls',
    given: '4 s a call',
    measure: async (lab) =>
      (await lab.run({ scenario: articleChain, level: 20, ...FOUR_SECONDS })).summary.items?.calls?.mean ?? 0,
  },
  {
    guide: 'G2',
    about: 'article: round trips',
    claimed: 3,
    unit: 'calls',
    given: '4 s a call',
    measure: async (lab) =>
      (await lab.run({ scenario: articleChain, level: 20, ...FOUR_SECONDS })).summary.items?.roundTrips
        ?.mean ?? 0,
  },
  {
    guide: 'G2',
    about: 'batch: 50 definitions, 10 at once, three tries: succeeded + failed',
    claimed: 50,
    unit: 'calls',
    given: 'profile flaky',
    async measure(lab) {
      const retry = sdkRetry(2);
      const { counts } = (
        await lab.run({ scenario: definitions50, level: 10, profile: 'flaky', retry, attemptTimeout: 30_000 })
      ).summary;
      return counts.ok + counts.failed;
    },
  },
  {
    guide: 'G2',
    about: 'tier 1: 10 at once is conservative (429s)',
    claimed: 0,
    unit: 'calls',
    given: 'profile openai-tier-1, 600 requests of at most 60 tokens',
    measure: (lab) => refusals(lab, 10, 'openai-tier-1'),
  },
  {
    guide: 'G2',
    about: 'tier 3 and up: 50 at once or more (429s)',
    claimed: 0,
    unit: 'calls',
    given: 'profile openai-tier-5, 1,000 requests of at most 60 tokens',
    measure: (lab) => refusals(lab, 50, 'openai-tier-5'),
  },
  {
    guide: 'G2',
    about: 'a timeout of 30 s ends a call that hangs after',
    claimed: 30_000,
    unit: 'ms',
    given: 'the first call hangs',
    async measure(lab) {
      const hang = { profile: 'constant', settings: ['faults=[{kind: hang, indices: [0]}]'] };
      const retry = sdkRetry(0);
      const { records } = await lab.run({
        scenario: threePrompts,
        level: 3,
        retry,
        attemptTimeout: 30_000,
        recorded: true,
        ...hang,
      });
      const hung = records.find(({ failure }) => failure?.kind === 'timeout');
      return hung ? hung.endedAt - hung.startedAt : 0;
    },
  },
  {
    guide: 'G2',
    about: 'failures as values: answers beside a failed call',
    claimed: 2,
    unit: 'calls',
    given: 'the first of three calls is refused with 400',
    async measure(lab) {
      const settings = ['latency=1s', 'faults=[{kind: status, indices: [2], status: 400}]'];
      return (await lab.run({ scenario: threePrompts, level: 3, profile: 'constant', settings })).summary
        .counts.ok;
    },
  },
];

/** G3: "parallel requests" with the OpenAI SDK. */
export const guide3: readonly TestedClaim[] = [
  {
    guide: 'G3',
    about: 'three prompts on the completions endpoint at once: total ÷ the slowest',
    claimed: 1,
    unit: 'times',
    given: 'profile medium',
    measure: (lab) => overSlowest(lab, { scenario: threePromptsCompletions, level: 3, profile: 'medium' }),
  },
  {
    guide: 'G3',
    about: '100 calls of 0.5–2 s in sequence',
    claimed: { min: 50_000, max: 200_000 },
    unit: 'ms',
    given: '1 s at the median, 2 s at p99',
    measure: (lab) => inSequence(lab, { scenario: gateway100, ...HALF_TO_TWO }),
  },
  {
    guide: 'G3',
    about: 'all 100 at once: total ÷ the slowest',
    claimed: 1,
    unit: 'times',
    given: '1 s at the median, 2 s at p99',
    measure: (lab) => overSlowest(lab, { scenario: gateway100, level: 100, ...HALF_TO_TWO }),
  },
];
