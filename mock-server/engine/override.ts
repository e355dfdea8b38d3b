import { z } from 'zod';
import { nameHint } from '../../src/core/nearest.ts';

const overrideSchema = z.strictObject({
  /** Exact model time of the whole answer. */
  latencyMs: z.number().nonnegative().optional(),
  ttftMs: z.number().nonnegative().optional(),
  tokensPerSecond: z.number().positive().optional(),
  outputTokens: z.number().int().nonnegative().optional(),
  thinkingTokens: z.number().int().nonnegative().optional(),
  cachedTokens: z.number().int().nonnegative().optional(),
  /** Answers with this error instead. */
  status: z.number().int().min(400).max(599).optional(),
  /** Breaks the answer in this way. */
  fault: z
    .enum([
      'hang',
      'stall',
      'reset',
      'truncate',
      'garbage',
      'error',
      'drip',
      'duplicate',
      'late-done',
      'late-end',
      'close-early',
    ])
    .optional(),
  faultAt: z.number().min(0).max(1).optional(),
  toolCall: z.boolean().optional(),
  /** `false` bypasses buckets, queue and load. */
  limits: z.boolean().optional(),
  /** `false` keeps the profile's faults and episodes away; follows `limits` unless given. */
  faults: z.boolean().optional(),
  /** `false` leaves no trace in the ledger. */
  ledger: z.boolean().optional(),
});

/** What one request asks of the mock itself, through the header `x-bench-override`. */
export type Override = z.output<typeof overrideSchema>;

/** A request that asks for nothing special. */
export const NO_OVERRIDE: Override = {};

/** Reads the header's JSON; a string says what is wrong with it. */
export const parseOverride = (text: string): Override | string => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'x-bench-override is not JSON';
  }
  const parsed = overrideSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  const stray = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const hint = stray === undefined ? '' : `. ${nameHint(stray, Object.keys(overrideSchema.shape))}`;
  return `x-bench-override: ${where}${issue?.message ?? 'is not valid'}${hint}`;
};
