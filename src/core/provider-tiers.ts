/** Limits of one tier of a provider, as its documentation or its headers showed them on a date. */
export interface ProviderTier {
  readonly name: string;
  readonly provider: 'openai' | 'anthropic' | 'azure';
  readonly requestsPerMinute: number;
  readonly requestsPerDay?: number;
  /** Input and output together. */
  readonly tokensPerMinute?: number;
  readonly inputTokensPerMinute?: number;
  readonly outputTokensPerMinute?: number;
  readonly source: string;
  /** When the figures were read. */
  readonly date: string;
}

const OPENAI = 'OpenAI rate-limits guide and captured headers, a gpt-4o class model; tiers move often';
const ANTHROPIC = 'Anthropic rate-limits page; tiers move often';

const anthropic = (
  name: string,
  date: string,
  [requestsPerMinute, inputTokensPerMinute, outputTokensPerMinute]: readonly [number, number, number],
): ProviderTier => ({
  name: `anthropic-${name}`,
  provider: 'anthropic',
  requestsPerMinute,
  inputTokensPerMinute,
  outputTokensPerMinute,
  source: ANTHROPIC,
  date,
});

const openai = (
  name: string,
  limits: Omit<ProviderTier, 'name' | 'provider' | 'source' | 'date'>,
): ProviderTier => ({
  name: `openai-${name}`,
  provider: 'openai',
  ...limits,
  source: OPENAI,
  date: '2025-06',
});

/** The one table of provider tiers, for the mock's profiles and for capacity plans; by provider, smallest first. */
export const PROVIDER_TIERS: readonly ProviderTier[] = [
  openai('free', { requestsPerMinute: 3, requestsPerDay: 200, tokensPerMinute: 40_000 }),
  openai('tier-1', { requestsPerMinute: 500, requestsPerDay: 10_000, tokensPerMinute: 30_000 }),
  openai('tier-5', { requestsPerMinute: 10_000, tokensPerMinute: 30_000_000 }),
  anthropic('tier-1', '2025-06', [50, 30_000, 8_000]),
  anthropic('tier-2', '2025-06', [1_000, 450_000, 90_000]),
  anthropic('tier-3', '2025-06', [2_000, 800_000, 160_000]),
  anthropic('tier-4', '2025-06', [4_000, 2_000_000, 400_000]),
  anthropic('start', '2026-10', [1_000, 2_000_000, 400_000]),
  anthropic('scale', '2026-10', [10_000, 10_000_000, 2_000_000]),
  {
    name: 'azure-30k',
    provider: 'azure',
    requestsPerMinute: 180,
    tokensPerMinute: 30_000,
    source: 'Azure OpenAI quota documentation: 6 requests per 1000 tokens',
    date: '2026-10',
  },
];
