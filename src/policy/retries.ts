import { decorrelated } from './decorrelated.ts';
import { equalJitter } from './equal-jitter.ts';
import { exponentialBackoff } from './exponential.ts';
import { fixed } from './fixed.ts';
import { fullJitter } from './full-jitter.ts';
import { guideG1, guideG2 } from './guides.ts';
import { noRetry } from './no-retry.ts';
import type { RetryPolicy, RetrySettings } from './retry.ts';
import { retryAfter } from './retry-after.ts';
import { retryAfterGate } from './retry-after-gate.ts';
import { sdkBackoff } from './sdk-backoff.ts';
import { sdkRetry } from './sdk-retry.ts';

/** A kind of retry policy. */
export interface RetryKind {
  readonly description: string;
  /** What it brings itself, and so cannot be told. */
  readonly fixes?: readonly (keyof RetrySettings)[];
  /** Retries it makes if not told how many, where that is part of what it is. */
  readonly maxRetries?: number;
  create(settings: RetrySettings): RetryPolicy;
}

/** Ways to retry, by the name they have on the command line. */
export const RETRIES = {
  none: {
    description: 'every failure is final',
    fixes: ['maxRetries', 'base', 'cap', 'retryOn'],
    maxRetries: 0,
    create: noRetry,
  },
  fixed: { description: 'the same delay every time', fixes: ['cap'], create: fixed },
  exponential: { description: 'doubling delay, without jitter', create: exponentialBackoff },
  'full-jitter': { description: 'uniform from 0 to the doubling delay', create: fullJitter },
  'equal-jitter': { description: 'upper half of the doubling delay', create: equalJitter },
  decorrelated: { description: 'uniform up to three times the last delay', create: decorrelated },
  sdk: {
    description: 'what the OpenAI and Anthropic SDKs do: Retry-After, else doubling with jitter',
    create: (settings) => sdkRetry(settings.maxRetries, settings),
  },
  'sdk-backoff': {
    description: 'the SDKs’ backoff alone, as where an endpoint names no time',
    create: sdkBackoff,
  },
  'retry-after': { description: 'exactly the Retry-After, each request for itself', create: retryAfter },
  'retry-after-gate': {
    description: 'Retry-After at one gate for all, with spread and jitter',
    create: retryAfterGate,
  },
  'guide-g1': {
    description: 'the loop of guide G1: 2ⁿ s and up to one more after a 429',
    fixes: ['base', 'cap', 'retryOn'],
    maxRetries: 3,
    create: ({ maxRetries }) => guideG1(maxRetries + 1),
  },
  'guide-g2': {
    description: 'the loop of guide G2: 2ⁿ s after a 429',
    fixes: ['base', 'cap', 'retryOn'],
    maxRetries: 2,
    create: ({ maxRetries }) => guideG2(maxRetries + 1),
  },
} as const satisfies Readonly<Record<string, RetryKind>>;

/** Name of a retry policy. */
export type RetryName = keyof typeof RETRIES;
