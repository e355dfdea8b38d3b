import type { NamedProfile } from './named-profile.ts';

const OWN = 'designed for this project';

/** Profiles whose figures are exact by construction. */
export const synthetic: readonly NamedProfile[] = [
  {
    name: 'g1',
    description:
      'The guide with 500 classification calls: 30 output tokens in 3.84 s on average, 360 requests per minute with a burst of 24',
    source:
      'the guide says 500 calls take 32 min one by one and 1.6 min with 20 at once, and that 30 at once meets some 429s: 3.84 s a call, and a limit between 5.2 and 7.8 requests/s',
    date: '2026-11-20',
    latency: { total: { mean: '3840ms', cv: 0.3 }, tokens: 30, ttftShare: 0.4 },
    output: { tokens: 30 },
    limits: { requestsPerMinute: { limit: 360, burst: 24 } },
    rejectLatency: '80ms',
  },
  {
    name: 'constant',
    description: 'Every call takes exactly the same time, without limits; set it with latency=100ms',
    source: OWN,
    date: '2026-11-20',
    latency: '100ms',
    output: { tokens: 30 },
  },
  {
    name: 'unlimited',
    description: 'Answers at once, without limits: what remains is the cost of the harness',
    source: OWN,
    date: '2026-11-20',
    latency: 0,
    rejectLatency: 0,
    output: { tokens: 30 },
  },
  {
    name: 'paced',
    description: 'Exactly 50 tokens/s after 200 ms, 100 tokens, without limits: for measuring stream timing',
    source: OWN,
    date: '2026-11-20',
    latency: { ttft: '200ms', tokensPerSecond: 50 },
    output: { tokens: 100 },
  },
];
