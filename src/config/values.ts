import type { Millis } from '../core/clock.ts';
import { UsageError } from '../core/errors.ts';
import { nameHint } from '../core/nearest.ts';
import { parseDuration } from '../core/units.ts';

/** Reads one option's text; `name` is how the user gave it (`--levels`, `bench.config.json: levels`). Throws `UsageError`. */
export type Read<T> = (text: string, name: string) => T;

/** A whole number of at least `min`. */
export const whole =
  (min: number, example: string): Read<number> =>
  (text, name) => {
    const value = Number(text);
    if (!/^\d+$/.test(text.trim()) || value < min || !Number.isSafeInteger(value)) {
      throw new UsageError(
        `${name}: "${text}" is not a whole number of at least ${min}`,
        `For example ${example}.`,
      );
    }
    return value;
  };

/** A time with its unit. */
export const duration =
  (example: string, min: Millis = 0): Read<Millis> =>
  (text, name) => {
    const value = parseDuration(text);
    if (value === undefined || value < min) {
      throw new UsageError(
        `${name}: "${text}" is not a time${min > 0 ? ' above zero' : ''}`,
        `Give a number and a unit (ms, s, m, h), for example ${example}.`,
      );
    }
    return value;
  };

/** A number of requests, or a time. */
export const amount: Read<{ readonly requests: number } | { readonly duration: Millis }> = (text, name) => {
  if (/^\d+$/.test(text.trim())) return { requests: Number(text) };
  const value = parseDuration(text);
  if (value === undefined) {
    throw new UsageError(
      `${name}: "${text}" is neither a number of requests nor a time`,
      'For example 20 or 30s.',
    );
  }
  return { duration: value };
};

/** A number above zero, at most `max`. */
export const factor =
  (max: number, example: string): Read<number> =>
  (text, name) => {
    const value = Number(text);
    if (text.trim() === '' || !(value > 0 && value <= max)) {
      throw new UsageError(
        `${name}: "${text}" is not a number above 0 and up to ${max}`,
        `For example ${example}.`,
      );
    }
    return value;
  };

/** One of a few names. */
export const oneOf =
  <const N extends string>(names: readonly N[]): Read<N> =>
  (text, name) => {
    const found = names.find((known) => known === text);
    if (!found) throw new UsageError(`${name}: there is no "${text}"`, nameHint(text, names));
    return found;
  };

/** Some of a few names, between commas; each once, in the order given. */
export const someOf = <const N extends string>(names: readonly N[]): Read<readonly N[]> => {
  const one = oneOf(names);
  return (text, name) => [...new Set(text.split(',').map((part) => one(part.trim(), name)))];
};

/** Any text but none. */
export const text: Read<string> = (value, name) => {
  if (value.trim() === '') throw new UsageError(`${name} is empty`, 'Give a value or leave the option out.');
  return value;
};

/** An http(s) address without user and password in it. */
export const url: Read<string> = (value, name) => {
  const parsed = URL.canParse(value) ? new URL(value) : undefined;
  // What cannot be read as an address may still hold a password, with a slash in it for example.
  if (parsed ? parsed.username || parsed.password : value.includes('@')) {
    throw new UsageError(
      `${name} has a user name or password in it`,
      'Keys come from the environment only: see --api-key-env.',
    );
  }
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw new UsageError(
      `${name}: "${value}" is not an http(s) address`,
      'For example http://127.0.0.1:8000/v1.',
    );
  }
  return value;
};

/** A switch: on where it stands alone. */
export const flag: Read<boolean> = (value, name) => {
  if (value === 'true' || value === 'false') return value === 'true';
  throw new UsageError(`${name}: "${value}" is neither true nor false`);
};

/** How a simulated endpoint is spoken to; a bare `--simulate` is `direct`. */
export const simulation: Read<SimulationSetting> = (value, name) => {
  if (value === 'true') return 'direct';
  if (value === 'false') return 'off';
  const kind = oneOf(['direct', 'sdk', 'openai', 'anthropic', 'off'])(value, name);
  return kind === 'sdk' ? 'openai' : kind;
};

/** How a simulated endpoint is spoken to: straight onto the engine, or through a real SDK. */
export type SimulationSetting = 'direct' | 'openai' | 'anthropic' | 'off';

/** Network time each way. */
export interface HopSetting {
  readonly delay: Millis;
  readonly jitter: Millis;
}

/** About what a loopback hop through the kernel takes. */
export const LOOPBACK_HOP: HopSetting = { delay: 0.3, jitter: 0.2 };

/** A hop as it is given: `0.3ms,0.2ms`, or `off`. */
export const hopText = ({ delay, jitter }: HopSetting): string =>
  delay === 0 && jitter === 0 ? 'off' : `${delay}ms,${jitter}ms`;

/** `0.3ms,0.2ms`: delay and mean jitter; `off` for none. */
export const hop: Read<HopSetting> = (value, name) => {
  if (value === 'off') return { delay: 0, jitter: 0 };
  const parts = value.split(',').map(parseDuration);
  const [delay, jitter = 0] = parts;
  if (delay === undefined || parts.length > 2 || parts.includes(undefined)) {
    throw new UsageError(
      `${name}: "${value}" is not a hop`,
      'Give a time, or a time and its jitter, for example 20ms,5ms; off for none.',
    );
  }
  return { delay, jitter };
};
