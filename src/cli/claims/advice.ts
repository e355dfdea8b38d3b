import { classify500 } from '../../../scenarios/classify-500.ts';
import {
  extendedThinking,
  longOutput,
  mediumOutput,
  shortOutput,
} from '../../../scenarios/output-lengths.ts';
import { type CallScenario, defineScenario } from '../../workload/scenario.ts';
import type { TestedClaim } from './claim.ts';
import { sweetSpotOf } from './figures.ts';

/** The same calls without a stream, whose chunks would only take time to simulate. */
const whole = (scenario: CallScenario): CallScenario =>
  defineScenario({ ...scenario, call: (index, rng) => ({ ...scenario.call(index, rng), stream: false }) });

const LEVELS = [1, 3, 5, 10, 15, 20, 25, 30];

/** Anthropic's second tier. */
const LIMITS =
  'limits={requestsPerMinute: 1000, inputTokensPerMinute: 450000, outputTokensPerMinute: 90000, burstWindow: 10s}';
const given = '1,000 requests and 90,000 output tokens/min';

/** What the SDKs allow by default: thinking may take minutes. */
const TIMEOUT = 600_000;

/** The typical latencies of the mock's profiles short, medium, long and thinking, evenly paced: quicker to simulate. */
const SHORT = [
  '{ttft: {median: 550ms, sigma: 0.3}, tokensPerSecond: 90}',
  '{tokens: {median: 30, sigma: 0.35}}',
];
const MEDIUM = [
  '{ttft: {median: 800ms, sigma: 0.4}, tokensPerSecond: 70}',
  '{tokens: {median: 280, sigma: 0.45}}',
];
const LONG = [
  '{ttft: {median: 1s, sigma: 0.5}, tokensPerSecond: 60}',
  '{tokens: {median: 1200, sigma: 0.45}}',
];
const THINKING = [
  '{ttft: {median: 1600ms, sigma: 0.3}, tokensPerSecond: 70}',
  '{tokens: {median: 500, sigma: 0.45}, thinking: {median: 2500, sigma: 0.6}}',
];

/** Length, scenario, latency and output, requests per level, and the range that the guide advises to start with. */
const ADVICE = [
  ['< 100 tokens', whole(shortOutput), SHORT, 500, { min: 20, max: 30 }],
  ['100–500 tokens', whole(mediumOutput), MEDIUM, 300, { min: 10, max: 20 }],
  ['> 500 tokens', whole(longOutput), LONG, 200, { min: 5, max: 10 }],
  ['extended thinking', whole(extendedThinking), THINKING, 200, { min: 3, max: 5 }],
] as const;

/** G1's advice by output length, and where its benchmark has its sweet spot. */
export const advice: readonly TestedClaim[] = [
  {
    guide: 'G1',
    about: 'benchmark: sweet spot "for most workloads"',
    claimed: { min: 15, max: 20 },
    unit: 'calls',
    given: '3.84 s a call, 360 requests/min, burst 24',
    measure: (lab) => sweetSpotOf(lab, { scenario: classify500, profile: 'g1' }, [1, 5, 10, 15, 20, 25, 30]),
  },
  ...ADVICE.map(
    ([length, scenario, [latency, output], requests, claimed]): TestedClaim => ({
      guide: 'G1',
      about: `advice for ${length}: at once`,
      claimed,
      unit: 'calls',
      given,
      measure: (lab) =>
        sweetSpotOf(
          lab,
          {
            scenario,
            requests,
            profile: 'constant',
            settings: [`latency=${latency}`, `output=${output}`, LIMITS],
            attemptTimeout: TIMEOUT,
          },
          LEVELS,
        ),
    }),
  ),
];
