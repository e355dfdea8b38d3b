import { UsageError } from '../core/errors.ts';
import type { KnownLimit } from '../core/known-limit.ts';
import { PACERS, type PacerKind } from '../load/pacers.ts';
import { RETRIES, type RetryKind } from '../policy/retries.ts';
import type { RetrySettings } from '../policy/retry.ts';
import { POLICIES } from '../run/policies.ts';
import { PLAIN, type PolicySpec } from '../run/policy.ts';
import { namedLimits, type PolicyOptions } from './policy-options.ts';

/** A policy as the user wants it, and the limits that he named. */
export interface PolicyChoice {
  readonly policy: PolicySpec;
  readonly limits: readonly KnownLimit[];
}

/** What a named policy settles, so that naming both contradicts itself. */
const SETTLED = [
  ['limiter', '--limiter'],
  ['pace', '--pace'],
  ['retry', '--retry'],
] as const;

/** The policy that the options describe. Throws `UsageError` for parts that contradict each other or do nothing together. */
export const resolvePolicy = (options: PolicyOptions, fallback = 'plain'): PolicyChoice => {
  const { policy: name, limiter, pace, retry } = options;
  const settled = SETTLED.find(([key]) => name !== undefined && options[key] !== undefined);
  if (settled)
    throw new UsageError(
      `--policy ${name} and ${settled[1]} contradict each other: the policy settles it`,
      'Leave one of them out. What the policies are made of: bench policies --list.',
    );
  if (options.holdSlot && options.releaseSlot)
    throw new UsageError('--hold-slot and --release-slot contradict each other', 'Give one of them.');
  if (limiter && limiter.pacers.length > 0 && pace)
    throw new UsageError(
      '--limiter names pacers and so does --pace',
      'Name all of them in one place, for example --limiter semaphore+token-bucket+gate.',
    );
  const isCustom = limiter !== undefined || pace !== undefined || retry !== undefined;
  const start = POLICIES.get(name ?? fallback);
  const base: PolicySpec =
    isCustom || !start ? { ...PLAIN, name: 'custom', description: 'as the options say' } : start;
  const kind: RetryKind = RETRIES[retry ?? base.retry];
  const named = pace ?? limiter?.pacers ?? base.pacers;
  const needsGate = (retry ?? base.retry) === 'retry-after-gate' && !named.includes('gate');
  const limits = namedLimits(options);
  const policy: PolicySpec = {
    ...base,
    limiter: limiter?.limiter ?? base.limiter,
    pacers: needsGate ? ['gate', ...named] : named,
    ...(limits.length > 0 && base.limits ? { limits } : {}),
    retry: retry ?? base.retry,
    maxRetries:
      options.maxRetries ?? (retry === undefined ? base.maxRetries : (kind.maxRetries ?? base.maxRetries)),
    base: options.backoff ?? base.base,
    cap: options.backoffCap ?? Math.max(base.cap, options.backoff ?? 0),
    retryOn: options.retryOn ?? base.retryOn,
    releases: options.releaseSlot || (base.releases && !options.holdSlot),
    ...(options.retryBudget === undefined ? {} : { budget: options.retryBudget }),
    ...(options.breaker === undefined ? {} : { breaker: options.breaker }),
  };
  refuseIdle(options, policy, kind);
  return { policy, limits };
};

const RETRY_FLAGS = [
  ['maxRetries', 'maxRetries', '--max-retries'],
  ['backoff', 'base', '--backoff'],
  ['backoffCap', 'cap', '--backoff-cap'],
  ['retryOn', 'retryOn', '--retry-on'],
] as const satisfies readonly (readonly [keyof PolicyOptions, keyof RetrySettings, string])[];

const LIMIT_FLAGS = [
  ['limit', '--limit'],
  ['tokensPerMinute', '--tokens-per-minute'],
  ['burst', '--burst'],
] as const satisfies readonly (readonly [keyof PolicyOptions, string])[];

const traits = (name: PolicySpec['pacers'][number]): PacerKind => PACERS[name];

/** Options that would do nothing are refused: whoever gives one believes that it does something. */
const refuseIdle = (options: PolicyOptions, policy: PolicySpec, kind: RetryKind): void => {
  for (const [key, setting, flag] of RETRY_FLAGS) {
    const given = options[key];
    if (given !== undefined && kind.fixes?.includes(setting) && given !== kind.maxRetries)
      throw new UsageError(
        `${flag} does nothing with --retry ${policy.retry}: ${kind.description}`,
        'Leave it out, or choose another --retry.',
      );
  }
  if (policy.cap < policy.base)
    throw new UsageError(
      '--backoff-cap is shorter than --backoff',
      'The cap is the longest delay, the other one the first.',
    );
  const idle = LIMIT_FLAGS.find(([key]) => options[key] !== undefined);
  if (idle && !policy.pacers.some((name) => traits(name).keepsLimits))
    throw new UsageError(
      `${idle[1]} does nothing without a bucket that keeps to it`,
      'Add --limiter semaphore+token-bucket, or use --policy recommended.',
    );
  if (options.burst !== undefined && options.limit === undefined)
    throw new UsageError(
      '--burst belongs to --limit, which is missing',
      'For example --limit 6/s --burst 6.',
    );
};

/** Throws `UsageError` if a policy cannot work because nobody knows the limits that it is to keep to. */
export const refuseUnknownLimits = ({ policy }: PolicyChoice, known: readonly KnownLimit[]): void => {
  const needy = policy.pacers.find((name) => traits(name).needsLimits);
  if (needy !== undefined && !policy.limits && known.length === 0)
    throw new UsageError(
      `${needy} has no limit to keep to: the endpoint's is not known`,
      'Give --limit (and --burst) or --tokens-per-minute, or learn it: --pace headers.',
    );
};
