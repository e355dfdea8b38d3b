import type { NamedProfile } from './named-profile.ts';

/** What all models share: a call of 3.84 s on average, as in the guide. */
const CALL = {
  date: '2026-11-21',
  latency: { total: { mean: '3840ms', cv: 0.3 }, tokens: 30, ttftShare: 0.4 },
  output: { tokens: 30 },
} as const;

const SOURCE = 'a model for comparing rules that pick a concurrency, not calibrated against a provider';

/** A burst of one second's worth, so that a limit bites at once instead of after a minute's credit. */
const ONE_SECOND = { burstWindow: '1s' } as const;

/** Processor sharing: with n in service everyone works at 1 / (1 + 0.03 (n − 1)) of full speed. */
const SHARING = { factor: 2.41, at: 48 } as const;

/** The seven servers against which rules for the sweet spot are held: each gives way in a way of its own, or not at all. */
export const serverModels: readonly NamedProfile[] = [
  {
    ...CALL,
    name: 'requests-limited',
    description: '360 requests per minute, enforced per second: throughput is flat above 23 at once',
    source: `${SOURCE}; model S1: ceiling 6/s × 3.84 s = 23.04 in flight`,
    limits: { requestsPerMinute: 360, ...ONE_SECOND },
  },
  {
    ...CALL,
    name: 'rejects-drain',
    description: 'requests-limited, but refused requests use the limit up too: retries make it collapse',
    source: `${SOURCE}; model S2, after OpenAI's "unsuccessful requests contribute to your per-minute limit"; how they do is assumed: up to one request each, never below an empty bucket`,
    limits: { requestsPerMinute: 360, countRejected: true, ...ONE_SECOND },
  },
  {
    ...CALL,
    name: 'tokens-limited',
    description: '6,000 tokens per second, calls of 1,000 tokens with a heavy tail (CV 0.8)',
    source: `${SOURCE}; model S3: 6 calls/s on average; a call counts at most what the bucket holds`,
    limits: { tokensPerMinute: 360_000, charge: { mean: 1000, cv: 0.8 }, ...ONE_SECOND },
  },
  {
    ...CALL,
    name: 'batching',
    description: 'Self-hosted: 48 share the machine, twice as slow with 34, the others wait',
    source: `${SOURCE}; model S4: egalitarian processor sharing, speed 1 / (1 + 0.03 (n - 1))`,
    load: SHARING,
    queue: { slots: 48 },
  },
  {
    ...CALL,
    name: 'thrashing',
    description: 'batching, but above 32 each further request slows everyone by another 5 %',
    source: `${SOURCE}; model S5; how steep it gets above 32 is our choice`,
    load: { ...SHARING, thrash: { above: 32, slowdown: 0.05 } },
    queue: { slots: 48 },
  },
  {
    ...CALL,
    name: 'unbounded',
    description: 'No limit at all: throughput grows with every call that is sent at once',
    source: `${SOURCE}; model S6`,
  },
  {
    ...CALL,
    name: 'far-limit',
    description: '1,000 requests per minute, enforced per second: flat only above 64 at once',
    source: `${SOURCE}; model S7: a limit beyond the levels that are usually tried, 16.67/s × 3.84 s = 64`,
    limits: { requestsPerMinute: 1000, ...ONE_SECOND },
  },
];
