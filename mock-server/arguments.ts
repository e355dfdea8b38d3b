import { parseArgs } from 'node:util';
import { UsageError } from '../src/core/errors.ts';
import { nameHint } from '../src/core/nearest.ts';

/** What the command line of the standalone mock says. */
export interface MockArguments {
  readonly host: string;
  readonly port: number;
  readonly profile: string;
  /** The profile is the path of a file, whatever it looks like. */
  readonly profileIsFile: boolean;
  readonly set: readonly string[];
  readonly speed: number;
  readonly seed: number;
  readonly workers: number;
  readonly maxBodyBytes: number | undefined;
  readonly list: boolean;
  readonly help: boolean;
}

const FLAGS = {
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string', default: '0' },
  profile: { type: 'string', default: 'medium' },
  config: { type: 'string' },
  set: { type: 'string', multiple: true },
  speed: { type: 'string', default: '1' },
  seed: { type: 'string', default: '1' },
  workers: { type: 'string', default: '1' },
  'max-body-bytes': { type: 'string' },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** More processes than any machine has cores for. */
const MOST_WORKERS = 256;

const readNumber = (flag: string, text: string, least: number, whole: boolean): number => {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= least && (!whole || Number.isInteger(value)))
    return value;
  const kind = whole ? 'a whole number' : 'a number';
  throw new UsageError(
    `--${flag} ${text}: expected ${kind}${Number.isSafeInteger(least) && least > Number.MIN_SAFE_INTEGER ? ` of at least ${least}` : ''}`,
  );
};

const parse = (argv: readonly string[]) => {
  try {
    return parseArgs({ args: [...argv], options: FLAGS, strict: true }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const unknown = /^Unknown option '(-+)([^=']+)/.exec(message);
    if (unknown) {
      const known = Object.keys(FLAGS).map((flag) => `--${flag}`);
      throw new UsageError(`unknown flag ${unknown[1]}${unknown[2]}`, nameHint(`--${unknown[2]}`, known));
    }
    const stray = /^Unexpected argument '([^']*)'/.exec(message);
    if (stray)
      throw new UsageError(`unexpected argument "${stray[1]}"`, 'Profiles are named by --profile NAME.');
    const bare = /^Option '(?:-\w, )?(--[\w-]+)(?: <value>)?' argument (?:missing|is ambiguous)/.exec(
      message,
    );
    if (bare) throw new UsageError(`${bare[1]} needs a value`, `Write it as ${bare[1]}=VALUE.`);
    throw new UsageError(message.split('\n', 1)[0] ?? message, 'All flags: --help.');
  }
};

/** Reads the command line; the error names the flag. */
export const parseArguments = (argv: readonly string[]): MockArguments => {
  const values = parse(argv);
  const port = readNumber('port', values.port, 0, true);
  if (port > 65_535) throw new UsageError(`--port ${values.port}: ports end at 65535`);
  const speed = readNumber('speed', values.speed, 0, false);
  if (speed === 0) throw new UsageError('--speed 0: time would stand still');
  const workers = readNumber('workers', values.workers, 1, true);
  if (workers > MOST_WORKERS) throw new UsageError(`--workers ${workers}: at most ${MOST_WORKERS}`);
  const limit = values['max-body-bytes'];
  return {
    host: values.host,
    port,
    profile: values.config ?? values.profile,
    profileIsFile: values.config !== undefined,
    set: values.set ?? [],
    speed,
    seed: readNumber('seed', values.seed, Number.MIN_SAFE_INTEGER, true),
    workers,
    maxBodyBytes: limit === undefined ? undefined : readNumber('max-body-bytes', limit, 1, true),
    list: values.list,
    help: values.help,
  };
};
