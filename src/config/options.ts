import { TRANSPORTS, type TransportName } from '../client/transports.ts';
import { LIMITERS, type LimiterName } from '../load/limiters.ts';
import { FORMAT_NAMES, FORMATS } from '../report/formats.ts';
import { headers } from './header-values.ts';
import {
  amount,
  duration,
  factor,
  flag,
  hop,
  LOOPBACK_HOP,
  levels,
  oneOf,
  type Read,
  simulation,
  text,
  url,
  whole,
} from './values.ts';

/** One option: its flag, environment variable, file key, help and default all derive from this row. */
export interface OptionSpec<T> {
  /** As commander wants it: `--levels <list>`, or `--json` for a switch. */
  readonly flag: string;
  readonly help: string;
  readonly read: Read<T>;
  /** What is used if it is not given; `undefined` where that depends on other options. */
  readonly fallback: T | undefined;
  /** The default in words, for the help. */
  readonly fallbackText: string | undefined;
  /** It may be given several times. */
  readonly repeatable?: true;
}

interface Defaulted<T> extends OptionSpec<T> {
  readonly fallback: T;
}

interface Open<T> extends OptionSpec<T> {
  readonly fallback: undefined;
}

const defaulted = <T>(
  flag: string,
  help: string,
  read: Read<T>,
  fallback: T,
  words = String(fallback),
): Defaulted<T> => ({
  flag,
  help,
  read,
  fallback,
  fallbackText: words,
});

const open = <T>(flag: string, help: string, read: Read<T>, words?: string): Open<T> => ({
  flag,
  help,
  read,
  fallback: undefined,
  fallbackText: words,
});

/** An option that may be given several times; what was given arrives as lines. */
const repeated = <T>(flag: string, help: string, read: Read<T>): Open<T> => ({
  ...open(flag, help, read),
  repeatable: true,
});

const onOff = (name: string, help: string): Defaulted<boolean> => ({
  flag: name,
  help,
  read: flag,
  fallback: false,
  fallbackText: undefined,
});

/** What can be measured: the embedded mock, or an endpoint that speaks one of two protocols. */
const TARGETS = ['mock', 'openai', 'anthropic'] as const;

const transportNames = Object.keys(TRANSPORTS) as readonly TransportName[];

const describe = (table: Readonly<Record<string, { readonly description: string }>>): string =>
  Object.entries(table)
    .map(([name, { description }]) => `${name} (${description})`)
    .join(', ');

const limiterNames = Object.keys(LIMITERS) as readonly LimiterName[];

/** The one table of `bench sweep`'s options. */
export const SWEEP_OPTIONS = {
  levels: defaulted(
    '--levels <list>',
    'how many calls at once, to compare',
    levels,
    [1, 5, 10, 20, 30],
    '1,5,10,20,30',
  ),
  scenario: defaulted('--scenario <name|file>', 'what to send: see bench scenarios', text, 'classify-500'),
  target: defaulted('--target <name>', `where to: ${TARGETS.join(', ')}`, oneOf(TARGETS), 'mock'),
  profile: defaulted('--profile <name|file>', 'how the mock behaves: latency and limits', text, 'g1'),
  baseUrl: open('--base-url <url>', 'API root of the endpoint, for gateways and self-hosted servers', url),
  model: open('--model <name>', 'model to ask for; needed with a real target', text),
  apiKeyEnv: open(
    '--api-key-env <name>',
    'environment variable that holds the key',
    text,
    'OPENAI_API_KEY or ANTHROPIC_API_KEY',
  ),
  client: defaulted(
    '--client <name>',
    "who speaks to the endpoint: sdk (the provider's own), http (raw, to see what the SDK costs)",
    oneOf(['sdk', 'http']),
    'sdk',
  ),
  transport: defaulted(
    '--transport <name>',
    `how the SDK's requests travel: ${describe(TRANSPORTS)}`,
    oneOf(transportNames),
    'default',
  ),
  header: repeated(
    "--header <'name: value'>",
    'send this header too; may be repeated; env:NAME as value reads an environment variable',
    headers,
  ),
  requests: defaulted(
    '--requests <n>',
    'requests per level',
    whole(1, '500'),
    undefined,
    "the scenario's own",
  ),
  duration: open('--duration <time>', 'start no new request after this time at a level', duration('30s', 1)),
  warmup: open('--warmup <n|time>', 'requests or time at each level before it is measured', amount, 'none'),
  cooldown: open(
    '--cooldown <time>',
    'fixed wait before each level',
    duration('60s'),
    'until the rate limits are full again',
  ),
  limiter: defaulted(
    '--limiter <name>',
    `what keeps the level: ${limiterNames.join(', ')}`,
    oneOf(limiterNames),
    'semaphore',
  ),
  maxRetries: defaulted(
    '--max-retries <n>',
    'retries per request, with the backoff of the SDKs',
    whole(0, '2'),
    10,
  ),
  timeout: defaulted('--timeout <time>', 'deadline of one attempt', duration('30s', 1), 120_000, '120s'),
  speed: open(
    '--speed <factor>',
    'how much faster than real time the mock lives, limits and waits alike',
    factor(1000, '1 or 40'),
    '40 on the mock',
  ),
  simulate: open(
    '--simulate [client]',
    'run in simulated time, exactly repeatable: direct, or through a real SDK in process: openai (or sdk), anthropic',
    simulation,
  ),
  hop: defaulted(
    '--hop <delay[,jitter]>',
    'network time each way in a simulation; off for none',
    hop,
    LOOPBACK_HOP,
    '0.3ms,0.2ms',
  ),
  records: defaulted(
    '--records <keep|drop>',
    'one line per request on disk; without them a run cannot be rendered again',
    oneOf(['keep', 'drop']),
    'keep',
  ),
  seed: defaulted('--seed <n>', 'seed of all chance', whole(0, '7'), 1),
  out: defaulted('--out <dir>', 'where runs are kept', text, 'results'),
  format: defaulted(
    '--format <name>',
    `what to print: ${FORMATS.join(', ')}`,
    oneOf(FORMAT_NAMES),
    'terminal',
  ),
  json: onOff('--json', 'print the report as JSON (the same as --format json)'),
  quiet: onOff('--quiet', 'no progress, only the report'),
} as const satisfies Readonly<Record<string, OptionSpec<unknown>>>;

/** Options by key, each read or left at its default. */
export type SweepOptions = {
  readonly [K in keyof typeof SWEEP_OPTIONS]: (typeof SWEEP_OPTIONS)[K] extends Open<infer T>
    ? T | undefined
    : (typeof SWEEP_OPTIONS)[K] extends Defaulted<infer T>
      ? T
      : never;
};

/** Key of an option in a configuration file. */
export type SweepOptionKey = keyof typeof SWEEP_OPTIONS;

/** The environment variable of an option: `maxRetries` is `BENCH_MAX_RETRIES`. */
export const envName = (key: string): string =>
  `BENCH_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

/** The flag of an option without its argument: `--levels`. */
export const flagName = (spec: OptionSpec<unknown>): string => spec.flag.split(' ')[0] ?? spec.flag;
