import { UsageError } from '../core/errors.ts';
import type { KnownLimit } from '../core/known-limit.ts';
import { nameHint } from '../core/nearest.ts';
import { parseCount, parsePerSecond } from '../core/quantity.ts';
import { LIMITERS, type LimiterName } from '../load/limiters.ts';
import { PACERS, type PacerName } from '../load/pacers.ts';
import { RETRIES, type RetryName } from '../policy/retries.ts';
import { parseRetryOn, type RetryOn } from '../policy/retry-on.ts';
import { POLICIES } from '../run/policies.ts';
import { type OptionsOf, onOff, open } from './option-spec.ts';
import { duration, oneOf, type Read, whole } from './values.ts';

/** What `--limiter` names: at most one way to hand out slots, and pacers. */
export interface LimiterChoice {
  readonly limiter?: LimiterName;
  readonly pacers: readonly PacerName[];
}

const limiterNames = Object.keys(LIMITERS) as readonly LimiterName[];
const pacerNames = Object.keys(PACERS) as readonly PacerName[];
const retryNames = Object.keys(RETRIES) as readonly RetryName[];

const once = (names: readonly string[], name: string): void => {
  const twice = names.find((each, index) => names.indexOf(each) !== index);
  if (twice !== undefined) throw new UsageError(`${name} names ${twice} twice`, 'Name each part once.');
};

const limiter: Read<LimiterChoice> = (text, name) => {
  const parts = text.split('+').map((part) => part.trim());
  once(parts, name);
  const limiters = limiterNames.filter((known) => parts.includes(known));
  const unknown = parts.find((part) => !(part in LIMITERS) && !(part in PACERS));
  if (unknown !== undefined)
    throw new UsageError(
      `${name}: there is no "${unknown}"`,
      nameHint(unknown, [...limiterNames, ...pacerNames]),
    );
  const [first, second] = limiters;
  if (second !== undefined)
    throw new UsageError(
      `${name}: ${first} and ${second} contradict each other, since both hand out the slots`,
      `Name one of ${limiterNames.join(', ')}, and any of ${pacerNames.join(', ')} with it.`,
    );
  const pacers = parts.filter((part): part is PacerName => part in PACERS);
  return { ...(first === undefined ? {} : { limiter: first }), pacers };
};

const pacers: Read<readonly PacerName[]> = (text, name) => {
  if (text === 'none') return [];
  const parts = text.split(/[+,]/).map((part) => oneOf(pacerNames)(part.trim(), name));
  once(parts, name);
  return parts;
};

const rate: Read<number> = (text, name) => {
  const value = parsePerSecond(text);
  if (value === undefined || !(value > 0))
    throw new UsageError(
      `${name}: "${text}" is not a rate above zero`,
      'Give a number and a period, for example 6/s or 360/min.',
    );
  return value;
};

const amountOf =
  (least: number, what: string, example: string): Read<number> =>
  (text, name) => {
    const value = parseCount(text);
    if (value === undefined || value < least)
      throw new UsageError(`${name}: "${text}" is not ${what}`, `For example ${example}.`);
    return value;
  };

const share: Read<number> = (text, name) => {
  const value = Number(text.trim().replace(/\s*%$/, '')) / (text.includes('%') ? 100 : 1);
  if (text.trim() === '' || !(value > 0 && value <= 1))
    throw new UsageError(`${name}: "${text}" is not a share above 0 and up to 100 %`, 'For example 10%.');
  return value;
};

const retryOn: Read<RetryOn> = (text, name) => parseRetryOn(text, name);

/** Rows about who may have a slot, when an attempt may leave, and what follows a failure. */
export const POLICY_OPTIONS = {
  policy: open(
    '--policy <name>',
    'limiter, pacers and retries by one name: see bench policies --list',
    oneOf([...POLICIES.keys()]),
    'plain',
  ),
  limiter: open(
    '--limiter <name[+name]>',
    `who may have a slot: ${limiterNames.join(', ')}; with pacers, which hold single attempts back: ${pacerNames.join(', ')}`,
    limiter,
    'semaphore',
  ),
  pace: open('--pace <names>', `pacers alone: ${pacerNames.join(', ')}, none`, pacers, 'none'),
  limit: open('--limit <n/s>', 'request limit to keep to, as 6/s or 360/min', rate, "the mock's own"),
  tokensPerMinute: open(
    '--tokens-per-minute <n>',
    'token limit to keep to, as 30k',
    amountOf(1, 'a number of tokens of at least 1', '30k or 2M'),
    "the mock's own",
  ),
  burst: open(
    '--burst <n>',
    'requests that may leave at once under --limit',
    amountOf(1, 'a burst of at least 1', '6, if six requests may leave at once'),
    'one second of it',
  ),
  retry: open('--retry <name>', `what follows a failure: ${retryNames.join(', ')}`, oneOf(retryNames), 'sdk'),
  maxRetries: open('--max-retries <n>', 'retries per request', whole(0, '2'), "10, or the policy's own"),
  retryOn: open(
    '--retry-on <list>',
    'what is retried: statuses, 4xx, 5xx, kinds of failure',
    retryOn,
    '408,409,429,5xx,reset,timeout,unreachable',
  ),
  backoff: open('--backoff <time>', 'first delay of a retry', duration('500ms', 1), '500ms'),
  backoffCap: open('--backoff-cap <time>', 'longest delay of a retry', duration('8s', 1), '8s'),
  retryBudget: open('--retry-budget <share>', 'retries at most for this share of the requests', share),
  breaker: open('--breaker <n>', 'retry nothing after so many failed attempts in a row', whole(1, '10')),
  holdSlot: onOff('--hold-slot', 'a request keeps its slot while it waits to retry (what most policies do)'),
  releaseSlot: onOff('--release-slot', 'slots are free for others while a request waits to retry'),
} as const;

/** Values of these rows. */
export type PolicyOptions = OptionsOf<typeof POLICY_OPTIONS>;

/** The limits that the user names. */
export const namedLimits = ({ limit, tokensPerMinute, burst }: PolicyOptions): readonly KnownLimit[] => [
  ...(limit === undefined
    ? []
    : [
        {
          name: 'requests',
          perSecond: limit,
          burst: burst ?? Math.max(1, limit),
          source: 'options',
        } as const,
      ]),
  ...(tokensPerMinute === undefined
    ? []
    : [
        {
          name: 'tokens',
          perSecond: tokensPerMinute / 60,
          burst: Math.max(1, tokensPerMinute / 60),
          counts: 'used',
          source: 'options',
        } as const,
      ]),
];
