import type { Millis } from '../core/clock.ts';
import type { RateLimitName } from '../core/rate-limit.ts';
import type { LevelSummary } from '../measure/level-summary.ts';
import { chargePerCall } from '../measure/limit-evidence.ts';
import type { Bounds, Criteria } from './criteria.ts';
import { callCvOf, commonPerCall, throughputOf, unloadedOf } from './level-point.ts';
import { collapseOf } from './refusals.ts';
import { isSilent } from './silent.ts';
import { isUsedUpByRefusals, paceOfSaturated, type Slope, saturatedOf, slopeOf } from './slope.ts';

/** A rate limit of the endpoint, and how far from it the answer stays. */
export interface LimitFinding {
  /** What is limited; `unknown` where only the pace is seen. */
  readonly dimension: RateLimitName | 'unknown';
  /** Capacity per minute in the dimension's unit: requests, or tokens. */
  readonly perMinute: number;
  /** Told by headers, told by the words of 429s, or the slope of what a saturated level was let do. */
  readonly source: 'headers' | 'messages' | 'slope';
  /** What a request takes of it. */
  readonly perRequest: number;
  /** Requests per second that it allows. */
  readonly requestsPerSecond: number;
  /** Requests that the bucket held when it was full; `null` if no header told and no level emptied it. */
  readonly bucketRequests: number | null;
  /** Headers tell the time until the next window: one holds so many at least. Left out otherwise. */
  readonly countsByWindows?: true;
  /** How long a window of time lasts that holds so many, where it was seen to count by windows. */
  readonly windowMs?: Millis;
  /** Share of it that the recommended level uses; `null` without one. */
  readonly used: number | null;
  /** Whether it is the one that gives way first. */
  readonly binding: boolean;
}

/** Tokens or requests that a call takes of each dimension, as far as the answers tell. */
const demandOf = (levels: readonly LevelSummary[]): Readonly<Record<RateLimitName, number>> => {
  const sum = (of: (level: LevelSummary) => number) => levels.reduce((total, level) => total + of(level), 0);
  const ok = Math.max(
    1,
    sum(({ counts }) => counts.ok),
  );
  const [input, output] = [sum(({ tokens }) => tokens.input) / ok, sum(({ tokens }) => tokens.output) / ok];
  /** By the headers of levels that tell it, weighed by their calls; 0 without. */
  const shownBy = (name: RateLimitName, isAll: boolean): number => {
    const shown = levels.filter(
      ({ rateLimits: { told } }) => told[name]?.perRequest && (!isAll || told[name].isAllCharged),
    );
    const calls = shown.reduce((total, { counts }) => total + counts.ok, 0);
    const taken = shown.reduce(
      (total, { rateLimits, counts }) => total + (rateLimits.told[name]?.perRequest ?? 0) * counts.ok,
      0,
    );
    return calls > 0 ? taken / calls : 0;
  };
  const charged = (name: RateLimitName, used: number): number => {
    const all = shownBy(name, true);
    const shown =
      all > 0 ? { perRequest: all, isAllCharged: true as const } : { perRequest: shownBy(name, false) };
    return chargePerCall(name, shown, used);
  };
  return {
    requests: 1,
    tokens: charged('tokens', input + output),
    'input-tokens': charged('input-tokens', input),
    'output-tokens': charged('output-tokens', output),
  };
};

/**
 * What a call takes of a token limit is the provider's own reckoning (tokens reserved, cached or estimated), which usage does
 * not show. Where a level was saturated, the pace that it was let have tells.
 */
const asCharged = (
  limit: LimitFinding,
  { limitedPerSecond, bucketAttempts: bucketRequests }: Slope,
  pace: number | undefined,
): LimitFinding => {
  if (limitedPerSecond <= 0) return limit;
  return {
    ...limit,
    perRequest: limit.perMinute / 60 / limitedPerSecond,
    requestsPerSecond: limitedPerSecond,
    bucketRequests,
    used: pace === undefined ? null : pace / limitedPerSecond,
  };
};

/** A pace that differs more from the limit that was told is not the limit's: refusals use it up too, or it is shared. */
const SAME_PACE = 0.15;

const bucketOf = (measured: Slope | undefined, requestsPerSecond: number): number | null =>
  measured?.limitedPerSecond && Math.abs(measured.limitedPerSecond / requestsPerSecond - 1) <= SAME_PACE
    ? measured.bucketAttempts
    : null;

const NAMES: readonly RateLimitName[] = ['requests', 'tokens', 'input-tokens', 'output-tokens'];

/** What the levels tell of the endpoint's rate limits, the one that gives way first at the head. */
export const findLimits = (
  levels: readonly LevelSummary[],
  criteria: Criteria,
  recommended: LevelSummary | undefined,
): readonly LimitFinding[] => {
  const demand = demandOf(levels);
  const pace = recommended ? throughputOf(recommended) : undefined;
  const used = (requestsPerSecond: number) => (pace === undefined ? null : pace / requestsPerSecond);
  const refusals = (name: RateLimitName) =>
    levels.reduce((sum, { rateLimits }) => sum + (rateLimits.refusals[name] ?? 0), 0);
  const told = NAMES.flatMap((name): LimitFinding[] => {
    const sayings = levels.flatMap(({ rateLimits }) => rateLimits.told[name] ?? []);
    const lowest = sayings.toSorted((a, b) => a.perMinute - b.perMinute)[0];
    const perRequest = demand[name];
    if (!lowest || perRequest <= 0) return [];
    const requestsPerSecond = lowest.perMinute / 60 / perRequest;
    const full = sayings.find((each) => each.perMinute === lowest.perMinute && each.bucket);
    return [
      {
        dimension: name,
        perMinute: lowest.perMinute,
        source: lowest.by,
        perRequest,
        requestsPerSecond,
        bucketRequests: full?.bucket === undefined ? null : full.bucket / perRequest,
        ...(full?.countsByWindows ? { countsByWindows: true } : {}),
        used: used(requestsPerSecond),
        binding: false,
      },
    ];
  });
  // What refused is what binds; where nothing was refused, what allows least.
  const [binding, ...others] = told.toSorted(
    (a, b) =>
      refusals(b.dimension as RateLimitName) - refusals(a.dimension as RateLimitName) ||
      a.requestsPerSecond - b.requestsPerSecond,
  );
  if (binding) {
    const measured = paceOfSaturated(levels, criteria);
    const found = {
      ...binding,
      binding: true,
      bucketRequests: binding.bucketRequests ?? bucketOf(measured, binding.requestsPerSecond),
    };
    return [
      measured && binding.dimension !== 'requests' ? asCharged(found, measured, pace) : found,
      ...others,
    ];
  }
  const measured = slopeOf(levels, criteria);
  if (!measured) return [];
  const named = NAMES.toSorted((a, b) => refusals(b) - refusals(a))[0] ?? 'requests';
  const dimension = refusals(named) > 0 ? named : 'unknown';
  const perRequest = dimension === 'unknown' ? 1 : demand[dimension];
  const requestsPerSecond = measured.limitedPerSecond;
  return [
    {
      dimension,
      perMinute: requestsPerSecond * 60 * perRequest,
      source: 'slope',
      perRequest,
      requestsPerSecond,
      bucketRequests: measured.bucketAttempts,
      ...(measured.windowMs === undefined ? {} : { windowMs: measured.windowMs }),
      used: used(requestsPerSecond),
      binding: true,
    },
  ];
};

/** Whether a limit counts by windows of time, as headers tell or as levels saw. */
export const isWindowed = ({ windowMs, countsByWindows }: LimitFinding): boolean =>
  countsByWindows === true || windowMs !== undefined;

const UNITS: Readonly<Record<LimitFinding['dimension'], string>> = {
  requests: 'requests',
  tokens: 'tokens',
  'input-tokens': 'input tokens',
  'output-tokens': 'output tokens',
  unknown: 'requests',
};

/** `360 requests per minute`; `about` where it was measured rather than told. */
export const limitWords = ({ dimension, perMinute, source }: LimitFinding): string =>
  `${source === 'slope' ? 'about ' : ''}${Math.round(perMinute).toLocaleString('en-US')} ${UNITS[dimension]} per minute`;

/** Slot time that an attempt which failed cost, with the wait that followed; `undefined` where none did. */
const perRetryOf = (levels: readonly LevelSummary[]): Millis | undefined => {
  const sum = (of: (level: LevelSummary) => number) => levels.reduce((total, level) => total + of(level), 0);
  const failed = sum(({ failedAttempts }) =>
    Object.values(failedAttempts).reduce((total, count) => total + count, 0),
  );
  const lost = sum(
    ({ slotTime: { rejectedMs, failedAttemptsMs, backoffMs } }) => rejectedMs + failedAttemptsMs + backoffMs,
  );
  return failed > 0 && lost > 0 ? lost / failed : undefined;
};

/** A bucket of requests that headers tell: of windows a run may have begun in one and gone on in the next, and what tokens a call takes is known from few. */
const isToldExactly = (levels: readonly LevelSummary[], binding: LimitFinding | undefined): boolean =>
  binding?.source === 'headers' &&
  binding.dimension === 'requests' &&
  levels.some(({ rateLimits: { told } }) => told.requests?.bucket !== undefined) &&
  !levels.some(({ rateLimits: { told } }) => told.requests?.countsByWindows);

/** The criteria with what the levels together tell of the pace that lasts, and of what a retry costs. */
export const boundsOf = (levels: readonly LevelSummary[], criteria: Criteria): Bounds => {
  const binding = findLimits(levels, criteria, undefined).find((limit) => limit.binding);
  // One saturated level alone may be let have less than the limit, and would make retries of every other.
  const isSure = binding?.source !== 'slope' || saturatedOf(levels, criteria).length > 1;
  const perRetryMs = isSure ? perRetryOf(levels) : undefined;
  const perCallMs = commonPerCall(levels);
  const unloaded = unloadedOf(levels, criteria);
  const bounds = {
    ...criteria,
    ...(unloaded ? { callCv: callCvOf(unloaded) } : {}),
    ...(binding ? { allowedPerSecond: binding.requestsPerSecond } : {}),
    ...(isToldExactly(levels, binding) ? { isAllowedExactly: true } : {}),
    ...(binding?.source === 'slope' && isSilent(levels) ? { countsByWindows: true } : {}),
    ...(perRetryMs === undefined ? {} : { perRetryMs }),
    ...(perCallMs === undefined ? {} : { perCallMs }),
  };
  const isCounted =
    binding?.source === 'slope' && isUsedUpByRefusals(levels, criteria, binding.requestsPerSecond);
  const { requestsPerSecond = 0 } = binding ?? {};
  const ceiling = perCallMs === undefined ? Number.POSITIVE_INFINITY : (requestsPerSecond * perCallMs) / 1000;
  const collapsesAt = collapseOf(levels, bounds, isCounted ? ceiling : undefined);
  return collapsesAt === undefined ? bounds : { ...bounds, collapsesAt };
};
