import { z } from 'zod';
import { COMPARED_METRIC_NAMES, type ComparedMetricName } from '../../analyze/compare-metrics.ts';

const verdict = z.enum(['regressed', 'improved', 'changed', 'no-change', 'inconclusive']);
const number = z.number();
const count = z.int().nonnegative();

const finding = z.object({
  level: z.number().positive().nullable().describe('null: of the run as a whole'),
  metric: z.enum(COMPARED_METRIC_NAMES as [ComparedMetricName, ...ComparedMetricName[]]),
  verdict,
  base: number,
  next: number,
  change: number
    .nullable()
    .describe('ratio - 1; the difference where the figure is a share or the sweet spot; null: from nothing'),
  interval: z.object({ low: number, high: number, confidence: number }).nullable(),
  p: number.nullable().describe("Holm's, over all figures; of what fresh pairs confirmed, theirs"),
  smallestVisible: number
    .nullable()
    .describe('the smallest change seen four times out of five; null: none of any size'),
});

/** The published form of a comparison, as a checker and as JSON Schema: docs/schema/compare-1.schema.json. */
export const ComparisonSchema = z.object({
  schema: z.literal('bench.compare/1'),
  method: z.enum(['exact', 'paired', 'unpaired', 'single']),
  verdict,
  threshold: number.describe('relative change that matters'),
  confidence: number,
  repeats: z.object({ base: count, next: count }),
  repeatsNeeded: count.nullable().describe('null: there are enough'),
  differences: z.array(
    z.object({ condition: z.string(), base: z.string().nullable(), next: z.string().nullable() }),
  ),
  findings: z.array(finding),
  notes: z.array(z.string()),
});

/** The comparison's JSON Schema (draft 2020-12), as published. */
export const comparisonJsonSchema = (): object => ({
  ...z.toJSONSchema(ComparisonSchema, { target: 'draft-2020-12' }),
  title: 'bench compare result, version 1',
});
