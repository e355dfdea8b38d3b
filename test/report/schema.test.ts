import { expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { SweepReport } from '../../src/analyze/report.ts';
import { SweepReportSchema, sweepReportJsonSchema } from '../../src/report/schema.ts';
import { REPORTS } from './canonical-reports.ts';

type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;

it('is the type, in another form', () => {
  expectTypeOf<z.infer<typeof SweepReportSchema>>().toEqualTypeOf<Mutable<SweepReport>>();
});

it.each(Object.entries(REPORTS))('accepts the report "%s" as it comes back from disk', (_name, build) => {
  const read: unknown = JSON.parse(JSON.stringify(build()));
  expect(SweepReportSchema.parse(read)).toEqual(read);
});

it('refuses a report of another version', () => {
  expect(SweepReportSchema.safeParse({ schema: 'bench.sweep/2' }).success).toBe(false);
});

it('is published as JSON Schema', async () => {
  const published = `${JSON.stringify(sweepReportJsonSchema(), null, 2)}\n`;
  await expect(published).toMatchFileSnapshot('../../docs/schema/sweep-report-1.schema.json');
});
