import { describe, expect, it } from 'vitest';
import { collect } from '../../src/config/collect.ts';
import { PLAN_OPTIONS, type PlanOptions } from '../../src/config/plan-options.ts';
import { findTiers } from '../../src/config/plan-tiers.ts';
import { resolvePlan } from '../../src/config/resolve-plan.ts';
import { plan } from '../../src/plan/plan.ts';
import { planHtml } from '../../src/report/plan/plan-html.ts';

const planOf = async (flags: Readonly<Record<string, string>>) => {
  const options = collect(PLAN_OPTIONS, { flags, env: {}, file: undefined }) as PlanOptions;
  return plan(resolvePlan(options, await findTiers(options.tiers, options.tier), undefined));
};

const STREAM = { requests: '50k/day', tier: 'anthropic', inputTokens: '1.2k tokens', days: '1' };

describe('a plan', () => {
  it('takes the smallest tier that fits, and says which numbers nobody has measured', async () => {
    const report = await planOf(STREAM);
    expect(report.recommended).toBe('anthropic-tier-2');
    const [first] = report.tiers;
    expect(first).toMatchObject({ verdict: 'too-small', simulation: null });
    expect(report.assumptions.map(({ name }) => name)).toContain('latency of a call');
    expect(report.inputs.inputTokens).toMatchObject({ value: 1200, provenance: 'given' });
  });

  it('agrees with its own simulation where formula and simulation speak of the same', async () => {
    const { tiers } = await planOf(STREAM);
    for (const { checks } of tiers)
      for (const { what, difference } of checks) expect(Math.abs(difference), what).toBeLessThan(0.16);
  });

  it('is one page that asks for nothing, with the day, the tiers and every source', async () => {
    const page = planHtml(await planOf({ ...STREAM, model: 'gpt-4o-mini' }));
    expect(page).toContain('anthropic-tier-2 carries it');
    expect(page).toContain('data-chart="day"');
    expect(page).toContain('data-chart="what-if"');
    expect(page).toMatch(/genai-prices [\d.]+ of \d{4}-\d\d-\d\d/);
    expect(page).not.toMatch(/(?:src|href)="https?:/);
  });

  it.each([
    [{}, '--requests is missing'],
    [{ requests: '20k', slo: 'p95<1s' }, '--slo is about work that keeps coming'],
    [{ requests: '100k/day', model: 'nobody-knows-it' }, 'does not know it'],
    [{ requests: '100k/day', tier: 'antropic' }, 'there is no "antropic"'],
  ] as const)('refuses %j', async (flags, message) => {
    await expect(planOf(flags)).rejects.toThrow(message);
  });
});
