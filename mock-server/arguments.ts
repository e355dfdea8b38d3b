import { parseArgs } from 'node:util';
import { UsageError } from '../src/core/errors.ts';
import { nearest } from './profiles/nearest.ts';

/** What the command line of the standalone mock says. */
export interface MockArguments {
  readonly host: string;
  readonly port: number;
  readonly profile: string;
  readonly set: readonly string[];
  readonly speed: number;
  readonly seed: number;
  readonly maxBodyBytes: number | undefined;
  readonly list: boolean;
  readonly help: boolean;
}

const FLAGS = {
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string', default: '0' },
  profile: { type: 'string', default: 'medium' },
  set: { type: 'string', multiple: true },
  speed: { type: 'string', default: '1' },
  seed: { type: 'string', default: '1' },
  'max-body-bytes': { type: 'string' },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** Help text of the standalone mock. */
export const HELP = `Usage: mock-server [options]
  --host HOST             interface to listen on (127.0.0.1: loopback only)
  --port PORT             port; 0 picks a free one (0)
  --profile NAME|FILE     behaviour: a built-in profile or a YAML, JSON or TS file (medium)
  --set KEY=VALUE         replaces one key of the profile: latency=100ms, limits.requestsPerMinute=60
  --speed N               model time over real time (1)
  --seed N                seed of all draws (1)
  --max-body-bytes N      larger requests are refused with 413 (33554432)
  --list                  lists the built-in profiles`;

const number = (flag: string, text: string, least: number, whole: boolean): number => {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= least && (!whole || Number.isInteger(value)))
    return value;
  throw new UsageError(`--${flag} ${text}: expected a ${whole ? 'whole ' : ''}number of at least ${least}`);
};

const parse = (argv: readonly string[]) => {
  try {
    return parseArgs({ args: [...argv], options: FLAGS, strict: true }).values;
  } catch (error) {
    const unknown = /'--([^'=]+)/.exec(error instanceof Error ? error.message : '')?.[1];
    if (unknown === undefined || unknown in FLAGS)
      throw new UsageError(error instanceof Error ? error.message : String(error));
    const near = nearest(unknown, Object.keys(FLAGS), 1).map((flag) => `--${flag}`);
    throw new UsageError(`unknown flag --${unknown}: did you mean ${near.join(' or ')}?`);
  }
};

/** Reads the command line; the error names the flag. */
export const parseArguments = (argv: readonly string[]): MockArguments => {
  const values = parse(argv);
  const port = number('port', values.port, 0, true);
  if (port > 65_535) throw new UsageError(`--port ${values.port}: ports end at 65535`);
  const speed = number('speed', values.speed, 0, false);
  if (speed === 0) throw new UsageError('--speed 0: time would stand still');
  const limit = values['max-body-bytes'];
  return {
    host: values.host,
    port,
    profile: values.profile,
    set: values.set ?? [],
    speed,
    seed: number('seed', values.seed, Number.MIN_SAFE_INTEGER, true),
    maxBodyBytes: limit === undefined ? undefined : number('max-body-bytes', limit, 1, true),
    list: values.list,
    help: values.help,
  };
};
