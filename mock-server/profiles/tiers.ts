import type { NamedProfile } from './named-profile.ts';

const OPENAI_SOURCE =
  'OpenAI rate-limits guide as stored excerpts and captured headers show it; tiers move often';
const ANTHROPIC_SOURCE = 'Anthropic rate-limits page as stored excerpts show it; tiers move often';
const LATENCY = {
  ttft: { p50: '640ms', p95: '1144ms', p99: '4517ms' },
  tokensPerSecond: 80,
  prefillPerToken: '0.1ms',
  rateCv: 0.2,
  chunkCv: 0.2,
} as const;
const SONNET = { ...LATENCY, ttft: { median: '934ms', sigma: 0.7 }, tokensPerSecond: 60 } as const;
const OUTPUT = { tokens: { median: 280, sigma: 0.45 } } as const;

const openai = (tier: string, date: string, rates: NonNullable<NamedProfile['limits']>): NamedProfile => ({
  name: `openai-${tier}`,
  description: `OpenAI ${tier}: limits of a gpt-4o class model`,
  source: OPENAI_SOURCE,
  date,
  latency: LATENCY,
  output: OUTPUT,
  limits: { countRejected: true, ...rates },
});

const anthropic = (
  tier: string,
  date: string,
  [requests, input, output]: readonly [number, number, number],
): NamedProfile => ({
  name: `anthropic-${tier}`,
  description: `Anthropic ${tier}: ${requests} requests, ${input} input and ${output} output tokens per minute`,
  source: ANTHROPIC_SOURCE,
  date,
  latency: SONNET,
  output: OUTPUT,
  limits: {
    requestsPerMinute: requests,
    inputTokensPerMinute: input,
    outputTokensPerMinute: output,
    burstWindow: '10s',
  },
});

/** Provider tiers: limits as documented, latency of a typical model of the provider. */
export const tiers: readonly NamedProfile[] = [
  openai('free', '2025-06', { requestsPerMinute: 3, requestsPerDay: 200, tokensPerMinute: 40_000 }),
  openai('tier-1', '2025-06', { requestsPerMinute: 500, requestsPerDay: 10_000, tokensPerMinute: 30_000 }),
  openai('tier-5', '2025-06', { requestsPerMinute: 10_000, tokensPerMinute: 30_000_000 }),
  anthropic('tier-1', '2025-06', [50, 30_000, 8_000]),
  anthropic('tier-2', '2025-06', [1_000, 450_000, 90_000]),
  anthropic('tier-3', '2025-06', [2_000, 800_000, 160_000]),
  anthropic('tier-4', '2025-06', [4_000, 2_000_000, 400_000]),
  anthropic('start', '2026-10', [1_000, 2_000_000, 400_000]),
  anthropic('scale', '2026-10', [10_000, 10_000_000, 2_000_000]),
  {
    ...openai('azure', '2026-10', {
      requestsPerMinute: 180,
      tokensPerMinute: 30_000,
      burstWindow: '10s',
      charge: 'sum',
      retryAfterMs: true,
    }),
    name: 'azure-30k',
    description: 'Azure OpenAI with 30,000 tokens per minute: 6 requests per 1000 tokens, enforced over 10 s',
    source: 'Azure OpenAI quota documentation as stored excerpts show it',
    dialect: 'azure',
  },
];
