import { UsageError } from '../core/errors.ts';
import type { Read } from './values.ts';

/** Headers that hold a key: on a command line everybody on the machine could read it. */
const KEY_HEADERS = new Set(['authorization', 'proxy-authorization', 'x-api-key', 'api-key', 'cookie']);

const EXAMPLE = "For example --header 'x-team: search' or --header 'api-key: env:GATEWAY_KEY'.";

const looksLikeKey = (name: string, value: string): boolean =>
  KEY_HEADERS.has(name) || /\b(sk|pk|rk)-[\w-]{8,}/.test(value) || /^bearer\s/i.test(value);

/** Headers as given: literal texts, and names of environment variables to read. */
export interface HeaderValues {
  readonly literal: Readonly<Record<string, string>>;
  readonly fromEnv: Readonly<Record<string, string>>;
}

/** `name: value`, one per line. Values that are keys are refused: they come as `env:NAME`. */
export const headers: Read<HeaderValues> = (text, name) => {
  const literal: Record<string, string> = {};
  const fromEnv: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const [, key = '', value = ''] = /^([!#$%&'*+.^`|~\w-]+):\s*(\S.*?)\s*$/.exec(line.trim()) ?? [];
    const header = key.toLowerCase();
    if (header === '' || /[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw new UsageError(`${name}: "${line.split(':')[0]}" is not a header`, EXAMPLE);
    const variable = /^env:(\w+)$/.exec(value)?.[1];
    if (variable !== undefined) fromEnv[header] = variable;
    else if (looksLikeKey(header, value))
      throw new UsageError(
        `${name}: the value of ${header} looks like a key, and keys come from the environment only`,
        `Put it into a variable and name that: --header '${header}: env:NAME'.`,
      );
    else literal[header] = value;
  }
  return { literal, fromEnv };
};

/** All headers with their values. Throws `UsageError` for a variable that is not set. */
export const resolveHeaders = (
  { literal, fromEnv }: HeaderValues,
  env: NodeJS.ProcessEnv,
): Readonly<Record<string, string>> => {
  const read = Object.entries(fromEnv).map(([header, variable]) => {
    const value = env[variable]?.trim();
    if (!value)
      throw new UsageError(
        `--header ${header}: the environment variable ${variable} is not set`,
        `Set it (export ${variable}=…) or leave the header out.`,
      );
    return [header, value];
  });
  return { ...literal, ...Object.fromEntries(read) };
};
