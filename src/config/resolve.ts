import { type Assertion, checkAssertedLevels } from '../analyze/assertion.ts';
import type { ClientKind } from '../client/create-client.ts';
import type { Protocol } from '../client/provider-apis.ts';
import type { TransportName } from '../client/transports.ts';
import type { Call } from '../core/call.ts';
import type { Millis } from '../core/clock.ts';
import { UsageError } from '../core/errors.ts';
import { LIMITERS, type Limiter } from '../load/limiters.ts';
import { type Format, formatOf, listsRequests } from '../report/formats.ts';
import { isWorkflow, type Scenario } from '../workload/scenario.ts';
import { callsPerRequest, checkCalls, firstCalls } from './check-calls.ts';
import { type JudgeSettings, resolveJudge } from './judge-settings.ts';
import { SEARCHED } from './level-values.ts';
import { type LoadSettings, resolveLoad } from './load-settings.ts';
import { type MoneySettings, moneyOf } from './money.ts';
import { SWEEP_OPTIONS, type SweepOptions } from './options.ts';
import { type PolicyChoice, resolvePolicy } from './policy.ts';
import { findScenario } from './scenarios.ts';
import { type TargetSettings, targetOf } from './target-settings.ts';
import type { HopSetting, SimulationSetting } from './values.ts';

/** A sweep, ready to run: every default applied, every contradiction refused. */
export interface SweepSettings extends LoadSettings, JudgeSettings {
  readonly scenario: Scenario;
  /** The scenario's first calls, and how many one request (one item of a workflow) makes. */
  readonly sample: { readonly calls: readonly Call[]; readonly perRequest: number };
  readonly target: TargetSettings;
  readonly client: ClientKind;
  readonly transport: TransportName;
  readonly money: MoneySettings;
  /** Say what would be sent, and send nothing. */
  readonly dryRun: boolean;
  /** Ask nobody before money is spent. */
  readonly yes: boolean;
  /** One cheap call to a real endpoint before the run. */
  readonly preflight: boolean;
  readonly warmup: { readonly requests: number } | { readonly duration: Millis } | undefined;
  readonly cooldown: Millis | 'auto';
  /** How requests are sent, and the limits that the user named for it. */
  readonly policy: PolicyChoice['policy'];
  readonly limits: PolicyChoice['limits'];
  readonly attemptTimeout: Millis;
  /** Model time ÷ real time; 1 in a simulation, which has no real time. */
  readonly speed: number;
  /** Nobody asked for this speed: a machine that is too busy for it may take a lower one. */
  readonly speedMayFall: boolean;
  /** Simulated time, and how the simulated endpoint is spoken to. */
  readonly simulate: SimulationSetting;
  readonly hop: HopSetting;
  readonly keepRecords: boolean;
  readonly seed: number;
  readonly out: string;
  /** Each once, in the order given. */
  readonly formats: readonly Format[];
  /** Thresholds that the run has to keep. */
  readonly assertions: readonly Assertion[];
  /** Where an HTML page goes besides. */
  readonly html: string | undefined;
  readonly quiet: boolean;
}

/** Default factor on the mock: the largest that keeps the client below half a core at 30 at once (docs/decisions/0004). */
const MOCK_SPEED = 40;

const protocolOf = (target: TargetSettings, simulate: SimulationSetting): Protocol => {
  if (target.kind !== 'mock') return target.kind;
  return simulate === 'anthropic' ? 'anthropic' : 'openai';
};

/** An open loop starts single calls at instants of its own. */
const checkLoad = (
  { arrival }: LoadSettings,
  scenario: Scenario,
  { policy: { releases } }: PolicyChoice,
): void => {
  if (releases && (isWorkflow(scenario) || scenario.arrivesAt)) {
    throw new UsageError(
      `slots that are released do not go with ${scenario.name}, whose calls are not all there from the start`,
      'Leave --release-slot out.',
    );
  }
  if (!arrival) return;
  if (isWorkflow(scenario)) {
    throw new UsageError(
      `--arrival does not go with ${scenario.name}: the calls of a workflow start when those before have ended`,
      'Leave --arrival out, and compare levels: --levels 1,5,10.',
    );
  }
  if (scenario.arrivesAt) {
    throw new UsageError(
      `--arrival does not go with ${scenario.name}: its requests have their own times of arrival`,
      'Leave --arrival out, and compare levels: --levels 1,5,10.',
    );
  }
};

/** Highest level that a run without a limit may come to. */
const MOST_AT_ONCE = 10_000;

/** The levels to compare. Without a limit there is one, which is the whole batch. */
const levelsOf = (
  { levels }: SweepOptions,
  { policy: { limiter, releases } }: PolicyChoice,
  load: LoadSettings,
  isSearch: boolean,
): readonly number[] => {
  const { unbounded, adapts }: Limiter = LIMITERS[limiter];
  if (load.arrival && releases)
    throw new UsageError(
      'slots that are released do not go with an open loop, which has none',
      'Leave out --release-slot, or --arrival and --rate.',
    );
  if (isSearch && adapts)
    throw new UsageError(
      `a search does not go with --limiter ${limiter}, which looks for a limit of its own`,
      `For its opinion, run it once: bench sweep --levels 64 --limiter ${limiter}.`,
    );
  if (!unbounded || load.arrival) return load.levels;
  if (isSearch)
    throw new UsageError(
      `a search does not go with --limiter ${limiter}, under which everything starts at once`,
      'Use --limiter semaphore.',
    );
  if (levels !== SWEEP_OPTIONS.levels.fallback)
    throw new UsageError(
      `--levels and --limiter ${limiter} contradict each other: without a limit everything starts at once`,
      'Leave --levels out, or use --limiter semaphore.',
    );
  const { requests, duration, adapted } = load.measure;
  if (requests === undefined || duration !== undefined || adapted || requests > MOST_AT_ONCE)
    throw new UsageError(
      `--limiter ${limiter} starts all requests at once: their number must be known, and at most ${MOST_AT_ONCE}`,
      'Give --requests, for example --requests 500, and no --duration.',
    );
  return [requests];
};

/** Turns options into settings; `given` takes the place of `--scenario`. Throws `UsageError`, before any traffic, for whatever contradicts itself. */
export const resolveSweep = async (
  options: SweepOptions,
  env: NodeJS.ProcessEnv,
  given?: Scenario,
): Promise<SweepSettings> => {
  const scenario = given ?? (await findScenario(options.scenario));
  const judge = resolveJudge(options, scenario.slo);
  const target = targetOf(options, env);
  if (target.kind !== 'mock' && options.speed !== undefined && options.speed !== 1) {
    throw new UsageError(
      '--speed scales the mock only: a real endpoint lives in real time',
      'Leave --speed out.',
    );
  }
  const choice = resolvePolicy(options);
  const load = await resolveLoad(options, scenario);
  const levels = levelsOf(options, choice, load, judge.search !== undefined);
  const { warmup, simulate = 'off' } = options;
  if (simulate !== 'off' && target.kind !== 'mock') {
    throw new UsageError(
      '--simulate takes the embedded mock for its server, not a real endpoint',
      'Leave --target out.',
    );
  }
  if (simulate !== 'off' && options.speed !== undefined) {
    throw new UsageError('--speed scales real time, of which a simulation has none', 'Leave --speed out.');
  }
  const formats = options.json ? (['json'] as const) : [...new Set(options.format.map(formatOf))];
  const listed = formats.find(listsRequests);
  if (listed && options.records === 'drop') {
    throw new UsageError(
      `--format ${listed} lists the requests, which --records drop does not keep`,
      'Leave --records out.',
    );
  }
  checkLoad(load, scenario, choice);
  const calls = await firstCalls(scenario, options.seed);
  const highest = judge.search?.maxLevel ?? Math.max(...levels);
  const assertions = options.assert ?? [];
  if (!judge.search) checkAssertedLevels(assertions, levels, '--assert');
  if (simulate !== 'direct') checkCalls(calls, protocolOf(target, simulate));
  return {
    scenario,
    target,
    client: options.client,
    transport: options.transport,
    ...load,
    levels,
    sample: { calls, perRequest: callsPerRequest(calls, scenario) },
    money: await moneyOf(
      { ...options, budget: judge.search?.budget },
      load.arrival ? 1 : highest,
      target,
      calls,
    ),
    dryRun: options.dryRun,
    yes: options.yes,
    preflight: options.preflight && target.kind !== 'mock',
    ...judge,
    ...(judge.search ? { levels: SEARCHED, ramp: 'auto' as const } : {}),
    warmup,
    cooldown: options.cooldown ?? 'auto',
    ...choice,
    attemptTimeout: options.timeout,
    speed: target.kind === 'mock' && simulate === 'off' ? (options.speed ?? MOCK_SPEED) : 1,
    speedMayFall: target.kind === 'mock' && simulate === 'off' && options.speed === undefined,
    simulate,
    hop: options.hop,
    keepRecords: options.records === 'keep',
    seed: options.seed,
    out: options.out,
    formats,
    assertions,
    html: options.html,
    quiet: options.quiet,
  };
};
