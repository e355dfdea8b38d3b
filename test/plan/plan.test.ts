import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { planHtml } from '../../src/report/plan/plan-html.ts';
import { planOf } from './plan-of.ts';

const dir = mkdtempSync(join(tmpdir(), 'bench-plan-'));
afterAll(() => rmSync(dir, { recursive: true }));

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
      for (const { what, difference, chance } of checks)
        expect(Math.abs(difference), what).toBeLessThan(0.16 + chance);
  });

  it('is one page that asks for nothing, with the day, the tiers and every source', async () => {
    const page = planHtml(await planOf({ ...STREAM, model: 'gpt-4o-mini' }));
    expect(page).toContain('anthropic-tier-2 carries it');
    expect(page).toContain('data-chart="day"');
    expect(page).toContain('data-chart="what-if"');
    expect(page).toMatch(/genai-prices [\d.]+ of \d{4}-\d\d-\d\d/);
    expect(page).not.toMatch(/(?:src|href)="https?:/);
  });

  it('reads the amounts that people write', async () => {
    const perDay = async (requests: string) => {
      const { work } = (await planOf({ requests, tier: 'anthropic-scale', days: '1' })).inputs;
      return work.kind === 'stream' ? work.perDay.value : Number.NaN;
    };
    expect(await perDay('100 per minute')).toBeCloseTo(144_000, 6);
    expect(await perDay('1,000 requests/hour')).toBeCloseTo(24_000, 6);
    expect(await perDay('1 rps')).toBeCloseTo(86_400, 6);
    expect(await perDay('20k a day')).toBeCloseTo(20_000, 6);
  });

  it('lets no peak count against a daily quota', async () => {
    const { tiers } = await planOf({
      requests: '6k/day',
      peakFactor: '3',
      tier: 'openai-tier-1',
      inputTokens: '50',
      outputTokens: '10',
    });
    expect(tiers[0]).toMatchObject({ verdict: 'fits' });
    expect(tiers[0]?.buckets[0]?.dimension).toBe('requests per day');
    expect(tiers[0]?.utilization?.peak).toBeCloseTo(0.612, 3);
  });

  it('allows more at once where requests come in bursts, and its formula still tells how many start at once', async () => {
    const [even, bursty] = [await planOf(STREAM), await planOf({ ...STREAM, burstiness: '0.2' })];
    const [, calm] = even.tiers;
    const [, rough] = bursty.tiers;
    expect(rough?.concurrency.slots).toBeGreaterThan(calm?.concurrency.slots ?? 0);
    expect(rough?.simulation?.startedAtOnce).toBeGreaterThan(0.98);
  });

  it('scales a load down that is too large to simulate, and says so', async () => {
    const { tiers } = await planOf({
      ...STREAM,
      requests: '40M/day',
      tier: 'openai-tier-5',
      latency: '2s',
      inputTokens: '50',
      outputTokens: '10',
    });
    expect(tiers[0]?.verdict).toBe('too-small');
    const half = await planOf({
      ...STREAM,
      requests: '5M/day',
      tier: 'openai-tier-5',
      latency: '2s',
      inputTokens: '50',
      outputTokens: '10',
    });
    expect(half.tiers[0]?.simulation?.oneIn).toBeCloseTo(8.5, 1);
    expect(half.tiers[0]?.simulation?.startedAtOnce).toBeGreaterThan(0.98);
    expect(half.tiers[0]?.simulation?.peakP95Ms).toBeCloseTo(3100, -3);
  });

  it('gives a batch a day unless it is told otherwise, and finishes the nearest tier first where none is in time', async () => {
    const { inputs, recommended, tiers } = await planOf({ requests: '50k', tier: 'anthropic' });
    expect(inputs.work).toMatchObject({ deadlineMs: { value: 86_400_000, provenance: 'assumed' } });
    expect(recommended).toBe('anthropic-tier-2');
    for (const { checks } of tiers)
      for (const { difference } of checks) expect(Math.abs(difference)).toBeLessThan(0.016);
    const late = await planOf({ requests: '50k', deadline: '1m', tier: 'anthropic' });
    expect(late.recommended).toBeNull();
    expect(late.summary).toContain('The nearest is anthropic-scale');
  });

  it('says which limits it takes where no tier has them', async () => {
    const stream = await planOf({ requests: '10M/day', tier: 'anthropic-scale', days: '1' });
    // 10,000,000 ÷ 1,440 min × peak 2 × 1.02 attempts ÷ 0.8 = 17,708 a minute, of 1,000 and 300 tokens.
    expect(stream.warnings.join()).toContain(
      'It takes 17,800 requests, 17,800,000 input tokens and 5,320,000 output tokens per minute, with which 20 % stay free at the peak',
    );
    const batch = await planOf({ requests: '500k', deadline: '10min', tier: 'anthropic-tier-1' });
    // 510,000 attempts in 600 s less 1.5 latencies of 4 s, at 95 %: 54,226 a minute.
    expect(batch.warnings.join()).toMatch(/It takes 54,300 requests, .* done in time at 95 % of each/);
    const daily = await planOf({ requests: '100k/day', tier: 'openai-tier-1', days: '1' });
    expect(daily.warnings.join()).toContain('and 102,000 requests a day where those are limited');
    const fits = await planOf({ requests: '1k/day', tier: 'anthropic-scale', days: '1' });
    expect(fits.warnings.join()).not.toContain('It takes');
    const slow = await planOf({ requests: '1k/day', slo: '1s', tier: 'anthropic-scale', days: '1' });
    expect(slow.warnings.join()).not.toContain('It takes');
  });

  it.each([
    ['', 'it holds no list of tiers'],
    ['mine:\n  requestsPerMinute: 500\n', 'a list of tiers is missing'],
    ['tiers: []\n', 'the list is empty'],
    ['tiers:\n  - requestsPerMinute: 500\n', 'name: '],
    ['tiers:\n  - name: mine\n    requestPerMinute: 500\n', 'a tier has no "requestPerMinute"'],
  ])('says in words what is wrong with a file of tiers (%j)', async (text, why) => {
    const path = join(dir, 'tiers.yaml');
    writeFileSync(path, text);
    await expect(planOf({ requests: '1k/day', tiers: path })).rejects.toThrow(why);
  });

  it('says that no tier can be faster than the model', async () => {
    const { warnings, recommended } = await planOf({ ...STREAM, slo: 'p95<1s' });
    expect(recommended).toBeNull();
    expect(warnings.join()).toContain('a call alone takes 6.2');
  });

  it.each([
    [{}, '--requests is missing'],
    [{ requests: '20k', slo: 'p95<1s' }, '--slo is about work that keeps coming'],
    [{ requests: '100k/day', model: 'nobody-knows-it' }, 'does not know it'],
    [{ requests: '100k/day', tier: 'antropic' }, 'there is no "antropic"'],
    [{ requests: '20k', burstiness: '0.5' }, '--burstiness is about work that keeps coming'],
    [{ requests: '100k/day', price: '3,15', model: 'gpt-4o-mini' }, '--price and --model both name a price'],
    [{ requests: '100k/day', growth: '10' }, '"10" without a sign is a fraction, 1000 %'],
    [{ requests: '100k/day', curve: '1,2', peakFactor: '3' }, '24 numbers'],
    [{ requests: '100k/day', latency: '4' }, 'is not a time'],
    [{ requests: '100k/day', maxTokens: '100' }, 'less than the 300 output tokens'],
  ] as const)('refuses %j', async (flags, message) => {
    await expect(planOf(flags)).rejects.toThrow(message);
  });
});
