import { FORMAT_NAMES, FORMATS } from '../report/formats.ts';
import { assertions } from './assertion-values.ts';
import { ENDPOINT_OPTIONS } from './endpoint-options.ts';
import { JUDGE_OPTIONS } from './judge-options.ts';
import { LOAD_OPTIONS } from './load-options.ts';
import { defaulted, type OptionSpec, type OptionsOf, onOff, open, repeated } from './option-spec.ts';
import { POLICY_OPTIONS } from './policy-options.ts';
import { duration, factor, hop, LOOPBACK_HOP, oneOf, simulation, someOf, text, whole } from './values.ts';

/** What can be measured: the embedded mock, or an endpoint that speaks one of two protocols. */
const TARGETS = ['mock', 'openai', 'anthropic'] as const;

/** The one table of `bench sweep`'s options. */
export const SWEEP_OPTIONS = {
  ...LOAD_OPTIONS,
  ...JUDGE_OPTIONS,
  scenario: defaulted('--scenario <name|file>', 'what to send: see bench scenarios', text, 'classify-500'),
  target: defaulted('--target <name>', `where to: ${TARGETS.join(', ')}`, oneOf(TARGETS), 'mock'),
  profile: defaulted('--profile <name|file>', 'how the mock behaves: latency and limits', text, 'g1'),
  ...ENDPOINT_OPTIONS,
  ...POLICY_OPTIONS,
  timeout: defaulted('--timeout <time>', 'deadline of one attempt', duration('30s', 1), 120_000, '120s'),
  speed: open(
    '--speed <factor>',
    'how much faster than real time the mock lives, limits and waits alike',
    factor(1000, '1 or 40'),
    '40 on the mock, less on a busy machine',
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
  assert: repeated(
    '--assert <condition>',
    'threshold that the run has to keep, such as "goodput{level:20} >= 18/s"; may be repeated; warn: only warns, abort: ends the run early',
    assertions,
  ),
  seed: defaulted('--seed <n>', 'seed of all chance', whole(0, '7'), 1),
  out: defaulted('--out <dir>', 'where runs are kept', text, 'results'),
  format: defaulted(
    '--format <names>',
    `how to report: ${FORMATS.join(', ')}; of several, what is not for the console goes to files in the run's folder`,
    someOf(FORMAT_NAMES),
    ['terminal'],
  ),
  html: open('--html <file>', 'write the report as one HTML page to this file as well', text),
  json: onOff('--json', 'print the report as JSON (the same as --format json)'),
  quiet: onOff('--quiet', 'no progress, only the report'),
} as const satisfies Readonly<Record<string, OptionSpec<unknown>>>;

/** Options by key, each read or left at its default. */
export type SweepOptions = OptionsOf<typeof SWEEP_OPTIONS>;

/** Key of an option in a configuration file. */
export type SweepOptionKey = keyof typeof SWEEP_OPTIONS;
