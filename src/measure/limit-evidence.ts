import type { Millis } from '../core/clock.ts';
import type { RateLimitDimension, RateLimitName, RateLimitReading } from '../core/rate-limit.ts';
import type { AttemptRecord, RequestRecord } from '../core/record.ts';
import { ChargeMeter } from './charge.ts';

/** A limit that the endpoint told. */
export interface ToldLimit {
  /** Capacity per minute, the lowest that was told. */
  readonly perMinute: number;
  readonly by: 'headers' | 'messages';
  /** What a call takes of it by the endpoint's own reckoning, where headers show that; tokens. */
  readonly perRequest?: number;
  /** Nothing of `perRequest` was missed: its bucket was never full, so that what is charged late shows as well. */
  readonly isAllCharged?: true;
  /** What its bucket holds when it is full, where headers show that; in the dimension's unit. */
  readonly bucket?: number;
  /** Headers tell the time until the next window rather than until a bucket is full: `bucket` is what a window was seen to hold. */
  readonly countsByWindows?: true;
}

/** Of all that usage tells: what headers show of a limit of tokens, if it is less, is of other tokens. */
const OTHER_TOKENS = 0.75;

/**
 * What a call takes of a limit: by headers where they show all of it. Else no less than usage, since what is charged late they may not show; but of a
 * limit of `tokens`, which may count the answers alone, far less is taken for what it is.
 */
export const chargePerCall = (
  name: RateLimitName,
  told: Pick<ToldLimit, 'perRequest' | 'isAllCharged'> | undefined,
  used: number,
): number => {
  const { perRequest: shown = 0, isAllCharged = false } = told ?? {};
  if (shown > 0 && (isAllCharged || (name === 'tokens' && shown < OTHER_TOKENS * used))) return shown;
  return Math.max(used, shown);
};

/** What answers said about the endpoint's rate limits. */
export interface LimitEvidence {
  readonly told: Readonly<Partial<Record<RateLimitName, ToldLimit>>>;
  /** 429s by the dimension that they named, in words or by the emptiest of their headers. */
  readonly refusals: Readonly<Partial<Record<RateLimitName, number>>>;
}

/** A limit that takes longer to refill is one per hour or day: it bounds no pace per second. */
const LONGEST_REFILL: Millis = 120_000;

/** How providers word a refusal, the more special first. */
const WORDS: readonly (readonly [RateLimitName, RegExp])[] = [
  ['input-tokens', /input[- ]tokens?\b/i],
  ['output-tokens', /output[- ]tokens?\b/i],
  ['tokens', /\btokens? (per|rate)\b|\bTPM\b/i],
  ['requests', /\b(requests?|calls?) (per|rate)\b|\bRPM\b/i],
];

/** `Limit 360, Used …` (OpenAI) or `of 50,000 input tokens per minute` (Anthropic). */
const AMOUNT = /\bLimit:? ?(\d[\d,]*)|\bof (\d[\d,]*) \w+[- ]?\w* per min/i;

const PER_MINUTE = /\bper min|\b[RT]PM\b/i;

const worded = (message: string): { name: RateLimitName; perMinute: number | undefined } | undefined => {
  const name = WORDS.find(([, words]) => words.test(message))?.[0];
  if (!name) return undefined;
  const found = AMOUNT.exec(message);
  const amount = Number((found?.[1] ?? found?.[2] ?? '').replaceAll(',', ''));
  return { name, perMinute: PER_MINUTE.test(message) && amount > 0 ? amount : undefined };
};

/** The dimension of which least is left, where one is clearly used up. */
const emptiest = (reading: RateLimitReading | undefined): RateLimitName | undefined => {
  const left = (Object.entries(reading ?? {}) as [RateLimitName, { limit?: number; remaining?: number }][])
    .flatMap(([name, { limit, remaining }]) =>
      limit && remaining !== undefined ? [{ name, share: remaining / limit }] : [],
    )
    .toSorted((a, b) => a.share - b.share);
  const [first, second] = left;
  return first && (!second || first.share < second.share) ? first.name : undefined;
};

/** Of a limit: what words may be lower by than headers and still speak of the same. */
const ROUNDING = 0.02;

const isLower = (perMinute: number, by: ToldLimit['by'], known: ToldLimit): boolean => {
  if (by === known.by) return perMinute < known.perMinute;
  return by === 'headers'
    ? perMinute * (1 - ROUNDING) <= known.perMinute
    : perMinute < known.perMinute * (1 - ROUNDING);
};

/** Folds what attempts tell of limits. */
export class LimitEvidenceAccumulator {
  readonly #told = new Map<RateLimitName, ToldLimit>();
  readonly #charges = new Map<RateLimitName, ChargeMeter>();
  readonly #refusals = new Map<RateLimitName, number>();

  add({ attempts }: RequestRecord): void {
    for (const attempt of attempts) this.#attempt(attempt);
  }

  #attempt({ rateLimit, failure, startedAt }: AttemptRecord): void {
    if (!rateLimit && !failure) return;
    for (const [name, told] of Object.entries(rateLimit ?? {}) as [RateLimitName, RateLimitDimension][]) {
      const { limit, reset } = told;
      if (limit === undefined || limit <= 0 || (reset ?? 0) > LONGEST_REFILL) continue;
      this.#tell(name, limit, 'headers');
      this.#meter(name).add(startedAt, told, failure?.kind === 'rate-limited');
    }
    if (failure?.kind !== 'rate-limited') return;
    const said = worded(failure.message);
    if (said?.perMinute) this.#tell(said.name, said.perMinute, 'messages');
    const name = said?.name ?? emptiest(rateLimit);
    if (name) this.#refusals.set(name, (this.#refusals.get(name) ?? 0) + 1);
  }

  /** The lowest counts, since a header may speak of several models; headers go before words, which may be rounded. */
  #tell(name: RateLimitName, perMinute: number, by: 'headers' | 'messages'): void {
    const known = this.#told.get(name);
    if (!known || isLower(perMinute, by, known)) this.#told.set(name, { perMinute, by });
  }

  #meter(name: RateLimitName): ChargeMeter {
    const known = this.#charges.get(name) ?? new ChargeMeter();
    this.#charges.set(name, known);
    return known;
  }

  /** What was told so far, names in alphabetical order. */
  finish(): LimitEvidence {
    const told = new Map<RateLimitName, ToldLimit>();
    for (const [name, limit] of this.#told) {
      const meter = this.#charges.get(name);
      const isOfRequests = name === 'requests';
      const whole = isOfRequests ? undefined : meter?.whole();
      const perRequest = isOfRequests ? undefined : (whole ?? meter?.mean());
      const full = meter?.bucket();
      const window = full === undefined && isOfRequests ? meter?.window() : undefined;
      const bucket = full ?? window;
      told.set(name, {
        ...limit,
        ...(perRequest === undefined ? {} : { perRequest }),
        ...(whole === undefined ? {} : { isAllCharged: true }),
        ...(bucket === undefined ? {} : { bucket }),
        ...(window === undefined ? {} : { countsByWindows: true }),
      });
    }
    const sorted = <T>(map: ReadonlyMap<RateLimitName, T>) =>
      Object.fromEntries([...map].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    return { told: sorted(told), refusals: sorted(this.#refusals) };
  }
}
