import type { ClientKind } from '../client/create-client.ts';
import { isLoopback } from '../client/loopback.ts';
import type { TransportName } from '../client/transports.ts';
import type { Millis } from '../core/clock.ts';
import { UsageError } from '../core/errors.ts';
import type { LimiterName } from '../load/limiters.ts';
import { type Format, formatOf, listsRequests } from '../report/formats.ts';
import { isWorkflow, type Scenario } from '../workload/scenario.ts';
import { resolveHeaders } from './header-values.ts';
import { type LoadSettings, resolveLoad } from './load-settings.ts';
import type { SweepOptions } from './options.ts';
import { findScenario } from './scenarios.ts';
import { type HopSetting, type SimulationSetting, url } from './values.ts';

/** The endpoint to measure, with everything needed to reach it. */
export type TargetSettings =
  | { readonly kind: 'mock'; readonly profile: string; readonly model: string }
  | {
      readonly kind: 'openai' | 'anthropic';
      readonly baseUrl: string;
      readonly model: string;
      readonly apiKey: string;
      /** Sent with every request. */
      readonly headers: Readonly<Record<string, string>>;
    };

/** A sweep, ready to run: every default applied, every contradiction refused. */
export interface SweepSettings extends LoadSettings {
  readonly scenario: Scenario;
  readonly target: TargetSettings;
  readonly client: ClientKind;
  readonly transport: TransportName;
  readonly warmup: { readonly requests: number } | { readonly duration: Millis } | undefined;
  readonly cooldown: Millis | 'auto';
  readonly limiter: LimiterName;
  readonly maxRetries: number;
  readonly attemptTimeout: Millis;
  /** Model time ÷ real time; 1 in a simulation, which has no real time. */
  readonly speed: number;
  /** Simulated time, and how the simulated endpoint is spoken to. */
  readonly simulate: SimulationSetting;
  readonly hop: HopSetting;
  readonly keepRecords: boolean;
  readonly seed: number;
  readonly out: string;
  /** Each once, in the order given. */
  readonly formats: readonly Format[];
  /** Where an HTML page goes besides. */
  readonly html: string | undefined;
  readonly quiet: boolean;
}

/** Default factor on the mock: the largest that keeps the client below half a core at 30 at once (docs/decisions/0004). */
const MOCK_SPEED = 40;

const PROVIDERS = {
  openai: {
    baseUrl: 'https://api.openai.com/v1',
    baseUrlEnv: 'OPENAI_BASE_URL',
    keyEnv: 'OPENAI_API_KEY',
    model: 'gpt-5-mini',
  },
  anthropic: {
    baseUrl: 'https://api.anthropic.com',
    baseUrlEnv: 'ANTHROPIC_BASE_URL',
    keyEnv: 'ANTHROPIC_API_KEY',
    model: 'claude-haiku-4-5',
  },
} as const;

/** Sent where a server on this machine wants none: the SDKs refuse to start without a key. */
const NO_KEY = 'no-key-needed';

const targetOf = (options: SweepOptions, env: NodeJS.ProcessEnv): TargetSettings => {
  const { target, baseUrl, apiKeyEnv, header, model, profile } = options;
  if (target === 'mock') {
    for (const [name, value] of [
      ['--base-url', baseUrl],
      ['--api-key-env', apiKeyEnv],
      ['--header', header],
    ] as const) {
      if (value !== undefined)
        throw new UsageError(
          `${name} does not go with the embedded mock`,
          'Add --target openai or --target anthropic.',
        );
    }
    return { kind: 'mock', profile, model: model ?? 'gpt-4o-mini' };
  }
  const provider = PROVIDERS[target];
  if (model === undefined) {
    throw new UsageError(
      `--model is missing: --target ${target} does not say which model`,
      `For example --model ${provider.model}.`,
    );
  }
  const fromEnv = env[provider.baseUrlEnv];
  const root = baseUrl ?? (fromEnv ? url(fromEnv, provider.baseUrlEnv) : provider.baseUrl);
  const keyEnv = apiKeyEnv ?? provider.keyEnv;
  const key = env[keyEnv]?.trim();
  if (!key && (apiKeyEnv !== undefined || !isLoopback(root))) {
    throw new UsageError(
      `--target ${target} needs a key: the environment variable ${keyEnv} is not set`,
      `Set it (export ${keyEnv}=…), or name another one with --api-key-env. Keys are read from the environment only.`,
    );
  }
  return {
    kind: target,
    baseUrl: root,
    model,
    apiKey: key || NO_KEY,
    headers: header ? resolveHeaders(header, env) : {},
  };
};

/** An open loop starts single calls at instants of its own. */
const checkLoad = ({ arrival }: LoadSettings, scenario: Scenario): void => {
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

/** Turns options into settings. Throws `UsageError`, before any traffic, for whatever contradicts itself. */
export const resolveSweep = async (options: SweepOptions, env: NodeJS.ProcessEnv): Promise<SweepSettings> => {
  const scenario = await findScenario(options.scenario);
  const target = targetOf(options, env);
  if (target.kind !== 'mock' && options.speed !== undefined && options.speed !== 1) {
    throw new UsageError(
      '--speed scales the mock only: a real endpoint lives in real time',
      'Leave --speed out.',
    );
  }
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
  const load = await resolveLoad(options, scenario);
  checkLoad(load, scenario);
  return {
    scenario,
    target,
    client: options.client,
    transport: options.transport,
    ...load,
    warmup,
    cooldown: options.cooldown ?? 'auto',
    limiter: options.limiter,
    maxRetries: options.maxRetries,
    attemptTimeout: options.timeout,
    speed: target.kind === 'mock' && simulate === 'off' ? (options.speed ?? MOCK_SPEED) : 1,
    simulate,
    hop: options.hop,
    keepRecords: options.records === 'keep',
    seed: options.seed,
    out: options.out,
    formats,
    html: options.html,
    quiet: options.quiet,
  };
};
