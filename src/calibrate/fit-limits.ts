import type { RateLimitName } from '../core/rate-limit.ts';
import { burstOf } from './burst-of.ts';
import type { Fitted } from './fit-load.ts';
import type { LimitFit } from './limit-fit.ts';
import { agreement, type BucketModel } from './limit-replay.ts';
import type { Knock, ObservedRun } from './observations.ts';
import { flowLimit, promptLimit } from './token-limits.ts';
import { weighedLimit } from './weighed-limit.ts';

/** Fewest refusals that a limit is fitted to. */
const ENOUGH_REFUSALS = 20;

/** A limit that decides more attempts otherwise than this share is another limit. */
const MOST_WRONG = 0.1;

const exactly = (value: number): Fitted => ({ value, low: value, high: value });

const WORDS: Readonly<Record<string, RateLimitName>> = {
  RPM: 'requests',
  TPM: 'tokens',
  ITPM: 'input-tokens',
  OTPM: 'output-tokens',
  requests: 'requests',
  'input tokens': 'input-tokens',
  'output tokens': 'output-tokens',
};

interface Told {
  readonly name: RateLimitName;
  readonly limit: number;
  /** What the refused call counts for, where the words say so. */
  readonly requested: number | undefined;
}

const wholeNumber = (text = ''): number => Number(text.replaceAll(',', ''));

/**
 * What a refusal's words say. OpenAI: `on tokens per min (TPM): Limit 30000, Used 29000, Requested 1500`; Anthropic: `rate limit for
 * your organization (…) of 30,000 output tokens per minute`.
 */
const readWords = (message: string): Told | undefined => {
  const counted = /per min(?:ute)? \((\w+)\):? Limit:? ([\d,]+).*?Requested:? ([\d,]+)/i.exec(message);
  if (counted) {
    const name = WORDS[counted[1] ?? ''];
    return name && { name, limit: wholeNumber(counted[2]), requested: wholeNumber(counted[3]) };
  }
  const named = /\bof ([\d,]+) (requests|input tokens|output tokens) per minute/i.exec(message);
  const name = WORDS[named?.[2]?.toLowerCase() ?? ''];
  return named && name ? { name, limit: wholeNumber(named[1]), requested: undefined } : undefined;
};

/** Stretches of one level in one run in which the limit was at work: from the first refusal to the last. */
const pressed = (runs: readonly ObservedRun[]): readonly (readonly Knock[])[] =>
  runs
    .flatMap(({ knocks, levels }) => levels.map((level) => knocks.filter((knock) => knock.level === level)))
    .map((knocks) => {
      const refused = knocks.filter(({ admitted }) => !admitted);
      const [first, last] = [refused[0], refused.at(-1)];
      if (!first || !last || refused.length < ENOUGH_REFUSALS) return [];
      return knocks.filter(({ at }) => at >= first.at && at <= last.at);
    })
    .filter((knocks) => knocks.length > 0);

const spanSeconds = (knocks: readonly Knock[]): number =>
  ((knocks.at(-1)?.at ?? 0) - (knocks[0]?.at ?? 0)) / 1000;

const admittedPerSecond = (knocks: readonly Knock[]): number =>
  knocks.filter(({ admitted }) => admitted).length / Math.max(spanSeconds(knocks), 1e-3);

/** Limits that explain who was let in, the one at work first; none where nothing was refused and no header told one. */
export const fitLimits = (runs: readonly ObservedRun[]): readonly LimitFit[] => {
  const told = fromHeaders(runs);
  const stretches = pressed(runs);
  if (stretches.length === 0) return told;
  const words = runs.flatMap(({ knocks }) =>
    knocks.flatMap((knock) => {
      const read = readWords(knock.message);
      return read ? [{ ...read, call: knock.call }] : [];
    }),
  );
  const [named] = words;
  const found = named
    ? fitNamed(runs, stretches, told, words, named)
    : countedLimit(runs, stretches, requestsOf(told), undefined);
  return found ? [found, ...told.filter((other) => !sameLimit(other, found))] : told;
};

const requestsOf = (told: readonly LimitFit[]): LimitFit | undefined =>
  told.find(({ dimension }) => dimension === 'requests');

/** OpenAI's headers show whichever token limit is tightest under one name. */
const sameLimit = (other: LimitFit, found: LimitFit): boolean =>
  other.dimension === found.dimension ||
  (other.dimension === 'tokens' && other.perMinute.value === found.perMinute.value);

/** The limit that the words of refusals name. */
const fitNamed = (
  runs: readonly ObservedRun[],
  stretches: readonly (readonly Knock[])[],
  told: readonly LimitFit[],
  words: readonly (Told & { readonly call: number })[],
  named: Told,
): LimitFit | undefined => {
  switch (named.name) {
    case 'tokens': {
      const sized = words.flatMap(({ name, limit, requested, call }) =>
        name === 'tokens' && requested !== undefined ? [{ limit, requested, call }] : [],
      );
      return weighedLimit(runs, sized) ?? countedLimit(runs, stretches, requestsOf(told), named);
    }
    case 'output-tokens':
      return flowLimit(runs, named.limit);
    case 'input-tokens':
      return promptLimit(runs, named.limit);
    default:
      return countedLimit(runs, stretches, requestsOf(told), named);
  }
};

const NAMES: readonly RateLimitName[] = ['requests', 'tokens', 'input-tokens', 'output-tokens'];

const fromHeaders = (runs: readonly ObservedRun[]): readonly LimitFit[] => {
  const headers = runs.flatMap((run) => run.headers);
  // Anthropic's third figure is made of the other two.
  const made = headers.some((reading) => reading['input-tokens'] && reading['output-tokens']);
  return NAMES.filter((name) => !(made && name === 'tokens')).flatMap((dimension): readonly LimitFit[] => {
    const limits = headers.flatMap((reading) => reading[dimension]?.limit ?? []);
    const [limit] = limits.toSorted((a, b) => a - b);
    if (limit === undefined || limit <= 0) return [];
    const left = headers.reduce((most, reading) => Math.max(most, reading[dimension]?.remaining ?? 0), 0);
    const burst = dimension === 'requests' ? left + 1 : left;
    return [
      {
        dimension,
        perMinute: exactly(limit),
        burst: burst > 0 && burst < limit * 0.98 ? exactly(burst) : undefined,
        source: 'headers',
        drains: undefined,
        charge: undefined,
        explains: undefined,
      },
    ];
  });
};

/** A limit on requests: rate, bucket and whether refusals drain it, chosen by how few attempts it gets wrong. */
const countedLimit = (
  runs: readonly ObservedRun[],
  stretches: readonly (readonly Knock[])[],
  header: LimitFit | undefined,
  words: Told | undefined,
): LimitFit | undefined => {
  const knocks = runs.map((run) => run.knocks);
  const pace = Math.max(...stretches.map(admittedPerSecond));
  const known = header?.perMinute.value ?? (words?.name === 'requests' ? words.limit : undefined);
  const rates = known === undefined ? ratesAround(pace) : [known / 60];
  const wrongOf = (bucket: BucketModel) => agreement(knocks, bucket).wrong;
  const candidates = rates.flatMap((unitsPerSecond) => {
    const burst = burstOf(runs, unitsPerSecond, () => 1);
    return [0, 0.25, 0.5, 0.75, 1].flatMap((off) =>
      [false, true].map((drains) => {
        const bucket = { unitsPerSecond, capacity: Math.max(1, burst + off), drains };
        return { bucket, wrong: wrongOf(bucket) };
      }),
    );
  });
  const ranked = candidates.toSorted((a, b) => a.wrong - b.wrong);
  const [best] = ranked;
  const attempts = knocks.reduce((sum, each) => sum + each.length, 0);
  if (!best || best.wrong > MOST_WRONG * attempts) return known === undefined ? undefined : header;
  // As good as the best: within the errors that chance alone would make of as many.
  const good = ranked.filter(
    ({ wrong, bucket }) =>
      bucket.drains === best.bucket.drains && wrong <= best.wrong + 2 + 2 * Math.sqrt(best.wrong),
  );
  const bounds = (of: (bucket: BucketModel) => number): Fitted => {
    const values = good.map(({ bucket }) => of(bucket));
    return { value: of(best.bucket), low: Math.min(...values), high: Math.max(...values) };
  };
  const other = ranked.find(({ bucket }) => bucket.drains !== best.bucket.drains);
  return {
    dimension: 'requests',
    perMinute: bounds(({ unitsPerSecond }) => unitsPerSecond * 60),
    burst: bounds(({ capacity }) => capacity),
    source: header ? 'headers' : known === undefined ? 'slope' : 'messages',
    drains:
      other && other.wrong > best.wrong + 2 + 2 * Math.sqrt(best.wrong) ? best.bucket.drains : undefined,
    charge: undefined,
    explains: 1 - best.wrong / Math.max(attempts, 1),
  };
};

/** Rates from the pace that refusals left up to four times it, since refusals that drain leave less than the limit. */
const ratesAround = (pace: number): readonly number[] => [
  ...Array.from({ length: 25 }, (_, i) => pace * (0.97 + 0.0025 * i)),
  ...Array.from({ length: 60 }, (_, i) => pace * 1.03 * 4 ** (i / 59)),
];
