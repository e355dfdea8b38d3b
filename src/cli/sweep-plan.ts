import type { ArrivalSettings } from '../config/load-settings.ts';
import type { SweepSettings } from '../config/resolve.ts';
import { ARRIVALS } from '../load/arrivals.ts';
import { openLoop } from '../load/open-loop.ts';
import type { Runtime } from '../run/level.ts';
import type { Probe } from '../run/measure-plan.ts';
import type { LivePolicy } from '../run/policy.ts';
import { searchLevels } from '../run/search.ts';
import type { SweepPlan } from '../run/sweep.ts';
import type { RunSession } from './run-session.ts';
import type { OpenTarget } from './target.ts';

/** Sequential requests that serve as level 1 where it was not asked for. */
const REFERENCE_REQUESTS = 20;

/** How many requests the reference takes; a search needs none. */
export const referenceRequests = ({ arrival, levels, search }: SweepSettings): number =>
  search || arrival || levels.includes(1) ? 0 : REFERENCE_REQUESTS;

/** What a plan is put together from, besides the settings. */
interface PlanParts {
  readonly target: OpenTarget;
  readonly policy: LivePolicy;
  readonly runtime: Runtime;
  /** Needed for a search alone. */
  readonly session: RunSession | undefined;
}

/** The run's plan: what is sent where, how long, and in a search, how the next level is chosen. */
export const planOf = (
  settings: SweepSettings,
  { target: { endpoint }, policy, runtime, session }: PlanParts,
): SweepPlan => ({
  scenario: settings.scenario,
  endpoint,
  retry: policy.retry,
  pace: policy.pace(runtime.clock),
  releasesSlot: policy.releasesSlot,
  attemptTimeout: settings.attemptTimeout,
  levels: settings.levels,
  ...(settings.search && session ? { probes: probesOf(settings, settings.search, session, runtime) } : {}),
  driver: settings.arrival ? openDriver(settings.arrival, settings.measure.duration, runtime) : policy.driver,
  load: settings.arrival ? 'open' : 'closed',
  measure: settings.measure,
  warmup: settings.warmup,
  ramp: settings.ramp,
  repeat: settings.repeat,
  referenceRequests: referenceRequests(settings),
  cooldown: settings.cooldown,
});

/** The search's levels, each taken into the session's plan as it begins. */
function* probesOf(
  { criteria: { tolerance, slo }, money }: SweepSettings,
  { maxLevel, budget }: NonNullable<SweepSettings['search']>,
  session: RunSession,
  { clock, spending }: Runtime,
): Generator<Probe> {
  const from = clock.now();
  const probes = searchLevels({
    maxLevel,
    tolerance,
    needsUnloaded: slo.length === 0,
    budget: 'usd' in budget ? { ...budget, worst: money.worst } : budget,
    look: () => session.look(),
    spent: () => ({
      requests: session.recorded,
      duration: clock.now() - from,
      usd: spending?.spent ?? 0,
    }),
  });
  for (const probe of probes) {
    session.plan(probe.level);
    yield probe;
  }
}

const openDriver =
  (arrival: ArrivalSettings, duration = Number.POSITIVE_INFINITY, { clock, rng, stop }: Runtime) =>
  (perSecond: number, block: number) =>
    openLoop({
      clock,
      signal: stop.signal,
      arrivals: ARRIVALS[arrival.name].create({
        ...arrival,
        perSecond,
        rng: rng.fork('arrivals').fork(block),
      }),
      duration,
      maxInFlight: arrival.maxInFlight,
    });
