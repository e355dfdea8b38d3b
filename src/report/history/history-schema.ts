import { z } from 'zod';

const figure = z.number().nullable();

const run = z.object({
  dir: z.string().describe('folder of the run'),
  startedAt: z.string().describe('RFC 3339; empty where the run does not say'),
  version: z.string().describe('of bench'),
  status: z.string(),
  sweetSpot: z.int().positive().nullable().describe('calls at once; null: none could be recommended'),
  throughputPerSecond: figure.describe('at the sweet spot, successes per second'),
  speedUp: figure.describe('at the sweet spot, over one call at a time'),
  p95Ms: figure.describe('request latency at the sweet spot, model milliseconds'),
  wallClockMs: figure.describe('of the sweet spot, model milliseconds'),
  failed: z.int().nonnegative().describe('requests that failed in the end, all levels'),
  rateLimited: z.int().nonnegative().describe('attempts answered with 429, all levels'),
  costUsd: figure.describe('all levels; null where no price is known'),
});

const change = z.object({
  metric: z.enum(['throughputPerSecond', 'p95Ms', 'sweetSpot']),
  at: z.int().positive().describe('index in runs of the first run after the change'),
  before: z.number().describe('mean of the runs before, up to the change before that'),
  after: z.number().describe('mean of the runs since, up to the next change'),
  p: z.number().describe('two-sided t test between the two'),
});

/** The published form of a history, as a checker and as JSON Schema: docs/schema/history-1.schema.json. */
export const HistorySchema = z.object({
  schema: z.literal('bench.history/1'),
  groups: z.array(
    z.object({
      about: z.record(z.string(), z.string()).describe('what the runs have in common'),
      levels: z.array(z.int().positive()),
      runs: z.array(run).describe('oldest first'),
      changes: z.array(change).describe('where a figure took another level for good; advice, never a gate'),
    }),
  ),
});

/** Stored runs that measured the same thing, group by group, each in order of time. */
export type History = z.infer<typeof HistorySchema>;

/** One group of a history. */
export type HistoryGroup = History['groups'][number];

/** One run of a history. */
export type HistoryRun = HistoryGroup['runs'][number];

/** A figure of a group took another level. */
export type HistoryChange = HistoryGroup['changes'][number];

/** The history's JSON Schema (draft 2020-12), as published. */
export const historyJsonSchema = (): object => ({
  ...z.toJSONSchema(HistorySchema, { target: 'draft-2020-12' }),
  title: 'bench history, version 1',
});
