import { PROVIDER_TIERS, type ProviderTier } from '../../src/core/provider-tiers.ts';
import type { NamedProfile } from './named-profile.ts';

const LATENCY = {
  ttft: { p50: '640ms', p95: '1144ms', p99: '4517ms' },
  tokensPerSecond: 80,
  prefillPerToken: '0.1ms',
  rateCv: 0.2,
  chunkCv: 0.2,
} as const;
const SONNET = { ...LATENCY, ttft: { median: '934ms', sigma: 0.7 }, tokensPerSecond: 60 } as const;
const OUTPUT = { tokens: { median: 280, sigma: 0.45 } } as const;

/** What a provider does beside its figures, and the latency of a typical model of it. */
const PROVIDERS = {
  openai: { latency: LATENCY, limits: { countRejected: true }, dialect: undefined },
  anthropic: { latency: SONNET, limits: { burstWindow: '10s' }, dialect: undefined },
  azure: {
    latency: LATENCY,
    limits: { countRejected: true, burstWindow: '10s', charge: 'sum', retryAfterMs: true },
    dialect: 'azure',
  },
} as const;

const amounts = ({
  requestsPerMinute,
  tokensPerMinute,
  inputTokensPerMinute,
  outputTokensPerMinute,
}: ProviderTier) =>
  inputTokensPerMinute === undefined
    ? `${requestsPerMinute} requests and ${tokensPerMinute} tokens per minute`
    : `${requestsPerMinute} requests, ${inputTokensPerMinute} input and ${outputTokensPerMinute} output tokens per minute`;

/** Provider tiers: limits as documented, latency of a typical model of the provider. */
export const tiers: readonly NamedProfile[] = PROVIDER_TIERS.map((tier) => {
  const { name, provider, source, date, ...rates } = tier;
  const { latency, limits, dialect } = PROVIDERS[provider];
  return {
    name,
    description: `${name}: ${amounts(tier)}`,
    source,
    date,
    latency,
    output: OUTPUT,
    limits: { ...limits, ...rates },
    ...(dialect ? { dialect } : {}),
  };
});
