import { describe, expect, it } from 'vitest';
import { inadmissible } from '../../src/analyze/admission.ts';
import { CRITERIA } from '../../src/analyze/criteria.ts';
import { formatSlo, meetsSlo, parseSlo } from '../../src/measure/slo.ts';
import { summarize } from '../../src/measure/summarize.ts';
import { level } from '../analyze/levels.ts';
import { attempt, request } from '../support/record-fixtures.ts';

const slo = (text: string) => parseSlo(text, '--slo');
const lasting = (index: number, ms: number) =>
  request([attempt(index * 10_000, index * 10_000 + ms)], { index });

describe('parseSlo', () => {
  it('reads bounds on the request latency and on others', () => {
    expect(slo('p95<4s, ttft.p95 < 800ms')).toEqual([
      { metric: 'serviceTime', percentile: 'p95', below: 4000 },
      { metric: 'ttft', percentile: 'p95', below: 800 },
    ]);
    expect(formatSlo(slo('p95<4s, ttft.p95 < 800ms'))).toBe('p95<4s, ttft.p95<800ms');
  });

  it.each([
    '',
    'p95',
    'p95>4s',
    'p95<4',
    'p95<0s',
    'p94<4s',
    'tfft.p95<1s',
    'outputTokens.p95<1s',
    'p95<4s,',
  ])('refuses %o and says what would do', (text) => {
    expect(() => slo(text)).toThrow(/^--slo: /);
  });

  it('names the nearest latency', () => {
    expect(() => slo('tfft.p95<1s')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('ttft') }),
    );
  });
});

describe('an SLO', () => {
  it('counts only requests that keep it', () => {
    const { rates } = summarize(1, [lasting(0, 1000), lasting(1, 5000)], { slo: slo('p95<4s') });
    expect(rates.goodputPerSecond).toBeCloseTo(rates.achievedPerSecond / 2, 12);
    expect(meetsSlo(lasting(0, 4000), slo('p95<4s'))).toBe(false);
    expect(meetsSlo(lasting(0, 3000), slo('ttft.p95<1s'))).toBe(true);
  });

  it('takes the place of the latency factor', () => {
    const base = level(1, { perSecond: 0.26, p95: 4000 });
    const slow = level(30, { perSecond: 6, p95: 9000 });
    expect(inadmissible(slow, base, { ...CRITERIA, slo: slo('p95<10s') })).toBeUndefined();
    expect(inadmissible(slow, base, { ...CRITERIA, slo: slo('p95<8s') })).toEqual({
      breach: 'latency',
      because: 'p95 is 9.00 s, above the 8.00 s of the SLO',
    });
  });
});
