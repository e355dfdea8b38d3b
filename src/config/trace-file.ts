import { readFile } from 'node:fs/promises';
import type { Millis } from '../core/clock.ts';
import { UsageError } from '../core/errors.ts';

const HINT =
  'One arrival per line, ascending: seconds (12.5), or a JSON object with "timestamp" in milliseconds.';

/** Reads when requests arrived, as offsets from the first. Throws `UsageError` with file and line. */
export const readTrace = async (path: string): Promise<readonly Millis[]> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(
      `--trace: ${path} cannot be read: ${error instanceof Error ? error.message : error}`,
      HINT,
    );
  }
  const instants: Millis[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const place = `--trace: ${path}:${index + 1}`;
    const at = instantOf(line);
    if (at === undefined) throw new UsageError(`${place}: "${line.slice(0, 40)}" is no arrival`, HINT);
    if (at < (instants.at(-1) ?? at)) throw new UsageError(`${place}: earlier than the line before`, HINT);
    instants.push(at);
  }
  const [first = 0] = instants;
  if (instants.length < 2 || instants.at(-1) === first)
    throw new UsageError(`--trace: ${path} holds no two arrivals at different times`, HINT);
  return instants.map((at) => at - first);
};

const instantOf = (line: string): Millis | undefined => {
  const seconds = Number(line);
  if (Number.isFinite(seconds)) return seconds * 1000;
  try {
    const value: unknown = JSON.parse(line);
    const stamp =
      typeof value === 'object' && value !== null && 'timestamp' in value ? value.timestamp : undefined;
    return typeof stamp === 'number' && Number.isFinite(stamp) ? stamp : undefined;
  } catch {
    return undefined;
  }
};
