import type { Millis } from '../core/clock.ts';
import type { RateLimitName } from '../core/rate-limit.ts';
import { mean } from '../stats/moments.ts';
import type { Admissions } from './admissions.ts';
import type { BurstSummary, Onset } from './burst-summary.ts';
import { chargePerCall, type LimitEvidence } from './limit-evidence.ts';
import { type LetIn, TEN_SECONDS, type Windowed, windowsOf } from './windows.ts';

/** What this looks at of a block. */
interface Stretch {
  readonly from: Millis;
  readonly lastStart: Millis;
  readonly wallClockMs: Millis;
  readonly admissions: Admissions;
}

/** The level's other figures that a limit is held against. */
interface Pace {
  /** Calls at once at most; infinite in an open loop. */
  readonly slots: number;
  /** Median latency of an attempt that succeeded. */
  readonly latency: Millis;
  readonly perSecond: number;
  /** Mean per success. */
  readonly tokens: { readonly input: number; readonly output: number };
  /** What the endpoint told of its limits. */
  readonly told: LimitEvidence['told'];
}

/** After a first 429, latencies until waves of refusals have settled, and as many again to count in. */
const SETTLING_LATENCIES = 2;
/** Fewest admissions whose pace is a pace. */
const FEWEST = 10;
/** The same between two refusals, where one more or less may have been left. */
const FEWEST_BETWEEN = 12;

/** Refusals of a block, each with what had been let in before it. */
type Refusals = ReturnType<Admissions['refusals']>;

/** Refusals that are looked at for how even a pace is: as many pairs as this squared. */
const LOOKED_AT = 300;
/** Fewest admissions of a stretch that is held against the pace of all; one of them may have been left in the bucket. */
const FEWEST_EVEN = 5;
const LEFT_OVER = 1;
/** Above the pace of all: no stretch of a bucket that refused calls leave alone is let have more. */
const EVEN = 1.08;

/**
 * Whether what is let in between any two refusals comes at one pace. A bucket of requests that refused calls leave alone is emptied by all that
 * flows in. Where refused calls take of it, where calls weigh differently, or where slots become free, stretches differ; `undefined` where there
 * were too few to tell.
 */
const isPaceEven = (refusals: Refusals): boolean | undefined => {
  const [first, last] = [refusals[0], refusals.at(-1)];
  if (!first || !last || last.admitted - first.admitted < FEWEST_BETWEEN) return undefined;
  const perMs = (last.admitted - first.admitted) / (last.at - first.at);
  return refusals.every((to, i) =>
    refusals.slice(0, i).every((from) => {
      const admitted = to.admitted - from.admitted;
      return admitted < FEWEST_EVEN || admitted - LEFT_OVER <= EVEN * perMs * (to.at - from.at);
    }),
  );
};

/** A bucket is empty, and did not just happen to refuse a call, if so many are refused from then on, and this share of those let in. */
const FEWEST_REFUSED = 5;
const REFUSED = 0.1;

/** What a full bucket bore of a block until it was empty. */
const onsetOf = ({ from, admissions }: Stretch, [first]: Refusals): Onset[] => {
  if (!first) return [];
  const { admitted, refused } = admissions.counts;
  const isEmpty = refused >= Math.max(FEWEST_REFUSED, REFUSED * (admitted - first.admitted));
  return isEmpty ? [{ attempts: first.admitted, afterMs: first.at - from }] : [];
};

/** Tells a bucket's burst from the pace that lasts (methods: docs/metrics.md). Blocks are averaged. */
export const burstOf = (blocks: readonly Stretch[], pace: Pace): BurstSummary => {
  const limited = blocks.filter(({ admissions }) => admissions.first429At !== undefined);
  const silent = new Map(
    limited.flatMap((block) => {
      // Before a later block there was a cool-down of a minute.
      const isRested = block !== blocks[0];
      const found = windowsOf(block.admissions.starts, { from: block.from, slots: pace.slots, isRested });
      return found ? [[block, found] as const] : [];
    }),
  );
  const windows = [...silent.values()].filter(({ only }) => only?.ms !== TEN_SECONDS);
  // What a block was let have that ended within a window depends on where.
  const whole = limited.filter((block) => silent.get(block)?.only?.ms !== TEN_SECONDS);
  const settled = whole.flatMap((block) => settledPart(block, pace.latency) ?? []);
  const first429AfterMs =
    limited.length === 0
      ? null
      : Math.min(...limited.map(({ from, admissions }) => (admissions.first429At ?? from) - from));
  const headerPerSecond = headerLimit(blocks, pace);
  const settling = SETTLING_LATENCIES * pace.latency;
  const between = whole.flatMap((block) => betweenRefusals(block, settling, 0) ?? []);
  // One silence says more than the pace of other blocks, which may have begun with part of a window used.
  const single = windows.length > 0 ? [] : [...silent.values()];
  const seen = [windows, single, settled, between].find((parts) => parts.length > 0);
  const limitedPerSecond = paceOf(seen ?? []);
  const betweenRefusalsPerSecond = paceOf(
    limited.flatMap((block) => betweenRefusals(block, 0, headerPerSecond ?? 0) ?? []),
  );
  const refusals = limited.map(({ admissions }) => admissions.refusals(LOOKED_AT));
  const even = refusals.flatMap((each) => isPaceEven(each) ?? []);
  const onsets = limited.flatMap((block, i) => onsetOf(block, refusals[i] ?? []));
  return {
    because: becauseOf(limited.length > 0, settled.length > 0, headerPerSecond, pace.perSecond),
    first429AfterMs,
    perSecond: perSecondUntilLimited(blocks),
    limitedPerSecond,
    ...(betweenRefusalsPerSecond === null ? {} : { betweenRefusalsPerSecond }),
    ...(even.length === 0 ? {} : { paceIsEven: even.every(Boolean) }),
    ...(onsets.length === 0 ? {} : { onsets }),
    ...(windows.length === 0 ? {} : { countsByWindows: true }),
    ...(single.length === 0 ? {} : { sawOneSilence: true }),
    ...onlyWindowOf(windows.length > 0 ? windows : single),
    bucketAttempts: bucketOf(limited, windows.length > 0 ? windows : single, limitedPerSecond),
    headerPerSecond,
  };
};

/** What a single window let in, where that is all that blocks saw. */
const onlyWindowOf = ([first, ...others]: readonly Windowed[]): Pick<BurstSummary, 'onlyWindow'> =>
  first?.only && others.length === 0 ? { onlyWindow: first.only } : {};

/** Whether the pace is known to last. */
export const isSustained = ({ because }: BurstSummary): boolean =>
  because === 'past-the-bucket' || because === 'below-the-limit';

const becauseOf = (
  wasLimited: boolean,
  hasSettled: boolean,
  headerPerSecond: number | null,
  perSecond: number,
): BurstSummary['because'] => {
  if (hasSettled) return 'past-the-bucket';
  if (headerPerSecond !== null) return perSecond <= headerPerSecond ? 'below-the-limit' : 'above-the-limit';
  return wasLimited ? 'not-settled' : 'no-limit-seen';
};

const settledPart = ({ admissions, lastStart }: Stretch, latency: Millis): LetIn | undefined => {
  const from = (admissions.first429At ?? 0) + SETTLING_LATENCIES * latency;
  const ms = lastStart - from;
  const admitted = admissions.between(from, lastStart);
  return ms >= SETTLING_LATENCIES * latency && ms > 0 && admitted >= FEWEST ? { admitted, ms } : undefined;
};

const paceOf = (parts: readonly LetIn[]): number | null => {
  const totalOf = (key: keyof LetIn) => parts.reduce((sum, part) => sum + part[key], 0);
  return parts.length > 0 ? (totalOf('admitted') / totalOf('ms')) * 1000 : null;
};

/**
 * What was let in between two refusals, from some time after the first one on: at both instants less than a call's worth was left in the
 * bucket, so what was let in between is what flowed in, however hard it was pressed. It is a pace once there were enough of them, or time
 * enough for as many at the pace that was told.
 */
const betweenRefusals = (
  { admissions }: Stretch,
  after: Millis,
  toldPerSecond: number,
): LetIn | undefined => {
  const refusals = admissions.refusalsFrom((admissions.first429At ?? 0) + after);
  if (!refusals) return undefined;
  const admitted = admissions.between(refusals.first, refusals.last);
  const ms = refusals.last - refusals.first;
  return Math.max(admitted, (toldPerSecond * ms) / 1000) >= FEWEST_BETWEEN ? { admitted, ms } : undefined;
};

const perSecondUntilLimited = (blocks: readonly Stretch[]): number => {
  let admitted = 0;
  let ms = 0;
  for (const { from, lastStart, wallClockMs, admissions } of blocks) {
    const { first429At } = admissions;
    const to = first429At ?? lastStart;
    admitted += admissions.between(Number.NEGATIVE_INFINITY, to);
    ms += first429At === undefined ? wallClockMs : to - from;
  }
  return ms > 0 ? (admitted / ms) * 1000 : 0;
};

const bucketOf = (
  limited: readonly Stretch[],
  windows: readonly Windowed[],
  limitedPerSecond: number | null,
): number | null => {
  if (limitedPerSecond === null) return null;
  return windows.length > 0
    ? Math.max(...windows.map(({ perWindow }) => perWindow))
    : meanBucket(limited, limitedPerSecond);
};

const meanBucket = (limited: readonly Stretch[], limitedPerSecond: number): number => {
  const buckets = limited.map(({ from, admissions }) => {
    const to = admissions.first429At ?? from;
    return admissions.between(Number.NEGATIVE_INFINITY, to) - (limitedPerSecond * (to - from)) / 1000;
  });
  return Math.max(0, mean(buckets));
};

/** Requests per second that the tightest limit of the headers allows; they count per minute. */
const headerLimit = (blocks: readonly Stretch[], { tokens, told }: Pace): number | null => {
  const perRequest: Readonly<Record<RateLimitName, number>> = {
    requests: 1,
    tokens: tokens.input + tokens.output,
    'input-tokens': tokens.input,
    'output-tokens': tokens.output,
  };
  const allowed = blocks.flatMap(({ admissions }) =>
    [...admissions.limitsPerMinute].flatMap(([name, limit]) => {
      const taken = chargePerCall(name, told[name], perRequest[name]);
      return taken > 0 ? [limit / 60 / taken] : [];
    }),
  );
  return allowed.length > 0 ? Math.min(...allowed) : null;
};
