import { expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { PlanReport } from '../../src/plan/report.ts';
import { PlanSchema, planJsonSchema } from '../../src/report/plan/plan-schema.ts';
import { planOf } from '../plan/plan-of.ts';

type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;

it('takes every plan', () => {
  expectTypeOf<Mutable<PlanReport>>().toExtend<z.infer<typeof PlanSchema>>();
});

it.each([
  { requests: '3/day', tier: 'openai' },
  { requests: '20k/day', tier: 'anthropic', days: '1', growth: '10%', slo: 'p95<9s', price: '3,15,0.3' },
  { requests: '30k/day', tier: 'azure', days: '1', curve: `0,0,${Array(22).fill(1).join()}` },
  { requests: '5k', deadline: '1h', tier: 'anthropic' },
  { requests: '5k', deadline: '1s', maxTokens: '900', tier: 'openai' },
])('accepts the plan of %j as it comes back from a file, key for key', async (flags) => {
  const read: unknown = JSON.parse(JSON.stringify(await planOf(flags)));
  expect(PlanSchema.parse(read)).toEqual(read);
});

it('refuses a plan of another version', () => {
  expect(PlanSchema.safeParse({ schema: 'bench.plan/2' }).success).toBe(false);
});

it('is published as JSON Schema', async () => {
  const published = `${JSON.stringify(planJsonSchema(), null, 2)}\n`;
  await expect(published).toMatchFileSnapshot('../../docs/schema/plan-1.schema.json');
});
