import { CRITERIA } from '../analyze/criteria.ts';
import { budget, latencyFactor, share, slo } from './judge-values.ts';
import { defaulted, type OptionSpec, onOff, open } from './option-spec.ts';
import { whole } from './values.ts';

/** By what a level is judged, and how the levels are searched for. */
export const JUDGE_OPTIONS = {
  auto: onOff('--auto', 'search for the sweet spot, level by level (the same as --levels auto)'),
  maxLevel: defaulted('--max-level <n>', 'highest level that a search tries', whole(1, '64'), 128),
  budget: open(
    '--budget <amount>',
    'what a search may cost: requests, time as in 10m, or money as in 0.50usd',
    budget,
    '2000 requests',
  ),
  slo: open(
    '--slo <bounds>',
    'latency that must be kept, "p95<4s, ttft.p95<800ms": only requests within it count, and levels that break it are not recommended',
    slo,
    'none; see --max-latency-factor',
  ),
  tolerance: defaulted(
    '--tolerance <share>',
    'goodput that may be given up for a smaller level',
    share,
    CRITERIA.tolerance,
    '5%',
  ),
  maxRetryOverhead: defaulted(
    '--max-retry-overhead <share>',
    'extra attempts per success, and share of slot time lost to retries, at which a level is no longer recommended',
    share,
    CRITERIA.maxRetryOverhead,
    '10%',
  ),
  maxFailures: defaulted(
    '--max-failures <share>',
    'share of requests that may fail in the end',
    share,
    CRITERIA.maxFailures,
    '1%',
  ),
  maxLatencyFactor: defaulted(
    '--max-latency-factor <factor>',
    "p95 as a multiple of the lowest level's, where there is no --slo",
    latencyFactor,
    CRITERIA.maxLatencyFactor,
  ),
  allowSaturated: onOff('--allow-saturated', 'judge levels as well at which this machine was the bottleneck'),
} as const satisfies Readonly<Record<string, OptionSpec<unknown>>>;
