import type { NamedProfile } from './named-profile.ts';

const SOURCE =
  'designed after modelstats.ai (24 h of 5-minute pings, TTFT quantiles, 2026-04) and public token rates of 44 to 95/s; not calibrated against a provider by us';
const DATE = '2026-11-20';
/** Spreads that all presets share. */
const SPREAD = { prefillPerToken: '0.1ms', rateCv: 0.2, chunkCv: 0.2 } as const;
const STALLS = { share: 0.0002, shortest: '500ms', longest: '2s' } as const;

/** Typical workloads of hosted models, without limits: latency alone. */
export const presets: readonly NamedProfile[] = [
  {
    name: 'short',
    description: 'Short answers of a small model: TTFT p50 0.56 s, p99 3.3 s; 30 tokens at 90/s',
    source: SOURCE,
    date: DATE,
    latency: {
      ttft: { median: '550ms', sigma: 0.3, slow: { share: 0.02, factor: 6 } },
      tokensPerSecond: 90,
      ...SPREAD,
    },
    output: { tokens: { median: 30, sigma: 0.35 } },
  },
  {
    name: 'medium',
    description: 'A paragraph or two: TTFT p50 0.81 s; 280 tokens at 70/s, 5 s in all',
    source: SOURCE,
    date: DATE,
    latency: {
      ttft: { median: '800ms', sigma: 0.4, slow: { share: 0.02, factor: 6 } },
      tokensPerSecond: 70,
      ...SPREAD,
      stalls: STALLS,
    },
    output: { tokens: { median: 280, sigma: 0.45 } },
  },
  {
    name: 'long',
    description: 'Pages of text: TTFT p50 1 s; 1200 tokens at 60/s, 21 s in all',
    source: SOURCE,
    date: DATE,
    latency: {
      ttft: { median: '1s', sigma: 0.5, slow: { share: 0.02, factor: 5 } },
      tokensPerSecond: 60,
      ...SPREAD,
      stalls: STALLS,
    },
    output: { tokens: { median: 1200, sigma: 0.45 } },
  },
  {
    name: 'thinking',
    description: 'Reasoning before the answer: 2500 thinking tokens, then 500 at 70/s; 47 s in all',
    source: SOURCE,
    date: DATE,
    latency: {
      ttft: { median: '1.6s', sigma: 0.3, slow: { share: 0.01, factor: 6 } },
      tokensPerSecond: 70,
      ...SPREAD,
      stalls: STALLS,
    },
    output: { tokens: { median: 500, sigma: 0.45 }, thinking: { median: 2500, sigma: 0.6 } },
  },
  {
    name: 'overloaded',
    description: 'A provider in trouble: TTFT p50 2.7 s, p99 21 s, 20 tokens/s, and episodes of 529 or 503',
    source: SOURCE,
    date: DATE,
    latency: {
      ttft: { median: '2.5s', sigma: 0.9, slow: { share: 0.05, factor: 4 } },
      tokensPerSecond: 20,
      ...SPREAD,
      stalls: { ...STALLS, share: 0.002 },
    },
    output: { tokens: { median: 280, sigma: 0.45 } },
    overload: { every: '2m', lasting: '15s', share: 0.7 },
  },
];
