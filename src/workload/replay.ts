import { z } from 'zod';
import type { Millis } from '../core/clock.ts';
import { UsageError } from '../core/errors.ts';
import type { CallScenario } from './scenario.ts';
import { textOfTokens } from './text.ts';

/** What a trace tells of one request. */
export interface TraceEntry {
  /** When it arrived, counted from any one instant. */
  readonly arrivedAt: Millis;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

const tokens = z.int().nonnegative();

/** A line in our own words, or in those of the traces that Mooncake publishes. */
const Line = z.union([
  z.object({ arrivedAtMs: z.number(), inputTokens: tokens, outputTokens: tokens }),
  z
    .object({ timestamp: z.number(), input_length: tokens, output_length: tokens })
    .transform(({ timestamp, input_length, output_length }) => ({
      arrivedAtMs: timestamp,
      inputTokens: input_length,
      outputTokens: output_length,
    })),
]);

/** Reads a trace, one JSON object per line. Throws `UsageError` with file and line. */
export const parseTrace = (text: string, path: string): readonly TraceEntry[] => {
  const entries = text.split('\n').flatMap((line, number): TraceEntry[] => {
    if (line.trim() === '') return [];
    const place = `${path}:${number + 1}`;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      throw new UsageError(`${place} is not JSON: ${error instanceof Error ? error.message : error}`);
    }
    const parsed = Line.safeParse(value);
    if (!parsed.success) {
      throw new UsageError(
        `${place} is not a request of a trace`,
        'Each line has arrivedAtMs, inputTokens and outputTokens (or timestamp in ms, input_length and output_length).',
      );
    }
    const { arrivedAtMs, inputTokens, outputTokens } = parsed.data;
    return [{ arrivedAt: arrivedAtMs, inputTokens, outputTokens }];
  });
  if (entries.length === 0)
    throw new UsageError(`${path} has no requests`, 'A trace has one JSON object per line.');
  return entries.toSorted((a, b) => a.arrivedAt - b.arrivedAt);
};

/**
 * A trace again: as many requests at the same distances in time, with prompts and answers as long as theirs were. What arrives
 * while all slots are taken waits, and its response time counts from its arrival. Past its end the trace starts anew.
 */
export const replay = (
  about: Pick<CallScenario, 'name' | 'description'>,
  trace: readonly TraceEntry[],
): CallScenario => {
  const first = trace[0]?.arrivedAt ?? 0;
  const span = (trace.at(-1)?.arrivedAt ?? 0) - first;
  // The gap before the trace starts anew is the usual one.
  const period = span + (trace.length > 1 ? span / (trace.length - 1) : 0);
  const at = (index: number): TraceEntry => {
    const entry = trace[index % trace.length];
    if (!entry) throw new RangeError('a trace needs a request');
    return entry;
  };
  return {
    ...about,
    requests: trace.length,
    arrivesAt: (index) => Math.floor(index / trace.length) * period + at(index).arrivedAt - first,
    call(index, rng) {
      const { inputTokens, outputTokens } = at(index);
      return {
        messages: [{ role: 'user', content: textOfTokens(Math.max(1, inputTokens), rng) }],
        maxTokens: Math.max(1, outputTokens),
        stream: true,
      };
    },
  };
};
