import type { NamedProfile } from './named-profile.ts';

/** Servers without rate limits: they queue and slow down instead. */
export const selfHosted: readonly NamedProfile[] = [
  {
    name: 'single-gpu',
    description: 'An 8B model on one GPU: 64 in a batch, three times slower when it is full, the others wait',
    source: 'shape of llm-d-inference-sim: 8B on H100, TTFT 100 ms, 12 ms a token, linear slow-down',
    date: '2026-08-20',
    latency: { ttft: { median: '100ms', sigma: 0.2 }, tokensPerSecond: 83, rateCv: 0.05, chunkCv: 0.15 },
    output: { tokens: { median: 280, sigma: 0.45 } },
    load: { factor: 3, at: 64 },
    queue: { slots: 64 },
  },
  {
    name: 'small-server',
    description: 'A small self-hosted server: 4 slots, 16 places to wait, then 503',
    source: 'shape of llama.cpp server with --parallel 4',
    date: '2026-11-20',
    latency: { ttft: { median: '150ms', sigma: 0.2 }, tokensPerSecond: 35, chunkCv: 0.15 },
    output: { tokens: { median: 150, sigma: 0.45 } },
    load: { factor: 2, at: 4 },
    queue: { slots: 4, waiting: 16, fullStatus: 503 },
  },
  {
    name: 'flaky',
    description: 'The preset short with faults of every kind, 0.5 % of attempts each',
    source: 'designed for this project',
    date: '2026-11-20',
    latency: { ttft: { median: '550ms', sigma: 0.3 }, tokensPerSecond: 90, rateCv: 0.2, chunkCv: 0.2 },
    output: { tokens: { median: 30, sigma: 0.35 } },
    faults: [
      { kind: 'hang', rate: 0.005, lasting: '30s' },
      { kind: 'stall', rate: 0.005, lasting: '20s' },
      { kind: 'reset', rate: 0.005 },
      { kind: 'truncate', rate: 0.005 },
      { kind: 'garbage', rate: 0.005 },
      { kind: 'error', rate: 0.005 },
      { kind: 'drip', rate: 0.005 },
      { kind: 'duplicate', rate: 0.005 },
      { kind: 'late-done', rate: 0.005, lasting: '50ms' },
      { kind: 'late-end', rate: 0.005, lasting: '50ms' },
      { kind: 'close-early', rate: 0.005 },
      { kind: 'status', rate: 0.005, status: 500 },
    ],
  },
];
