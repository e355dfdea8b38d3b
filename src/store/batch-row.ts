import { z } from 'zod';

const count = z.int().nonnegative();

/** What became of one item of a batch. */
export const BatchRowSchema = z.object({
  /** Its place in the input, from 0. */
  index: count,
  input: z.string(),
  /** `null` if it failed. */
  output: z.string().nullable(),
  inputTokens: count.nullable(),
  outputTokens: count.nullable(),
  attempts: count,
  /** What all its attempts have cost; `null` where there is no price. */
  costUsd: z.number().nonnegative().nullable(),
  /** Kind and words of the last failure; `null` if it succeeded. */
  error: z.string().nullable(),
});

/** See `BatchRowSchema`. */
export type BatchRow = z.infer<typeof BatchRowSchema>;
