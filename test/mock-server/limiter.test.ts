import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limitedAdmission } from '../../mock-server/engine/admission.ts';
import { Bucket } from '../../mock-server/engine/bucket.ts';
import { NO_OVERRIDE } from '../../mock-server/engine/override.ts';
import { type LimitsSpec, type ProfileInput, parseProfile } from '../../mock-server/engine/profile.ts';
import type { EngineRequest } from '../../mock-server/engine/request.ts';

const limits = (spec: NonNullable<ProfileInput['limits']>): LimitsSpec => {
  const parsed = parseProfile({ latency: 0, output: { tokens: 1 }, limits: spec }, 'of a test').limits;
  if (!parsed) throw new Error('no limits');
  return parsed;
};

const request = (inputTokens = 1, maxTokens?: number, key = 'k', model = 'm'): EngineRequest => ({
  reading: { model, stream: false, inputTokens, maxTokens, thinkingShown: false },
  tag: '',
  index: 0,
  attempt: 0,
  endpoint: 'chat',
  key,
  override: NO_OVERRIDE,
  requestId: '',
});

const estimateOf = ({ reading }: EngineRequest, cachedTokens = 0, produced = () => 0) => ({
  inputTokens: reading.inputTokens,
  cachedTokens,
  maxTokens: reading.maxTokens,
  produced,
});

const arrivals = fc.array(fc.double({ min: 0, max: 4000, noNaN: true }), { minLength: 1, maxLength: 200 });

describe('in every window', () => {
  test('no more is admitted than burst + rate × time', () => {
    fc.assert(
      fc.property(
        arrivals,
        fc.integer({ min: 30, max: 6000 }),
        fc.integer({ min: 1, max: 30 }),
        fc.boolean(),
        (gaps, limit, burst, countRejected) => {
          const admission = limitedAdmission(limits({ requestsPerMinute: { limit, burst }, countRejected }));
          const admitted: number[] = [];
          let now = 0;
          for (const gap of gaps) {
            now += gap;
            const answer = admission.admit(request(), estimateOf(request()), now);
            if (!('rejection' in answer)) admitted.push(now);
          }
          for (const [first, from] of admitted.entries())
            for (const [last, to] of admitted.entries())
              if (last >= first)
                expect(last - first + 1).toBeLessThanOrEqual(burst + ((to - from) * limit) / 60_000 + 1e-6);
        },
      ),
    );
  });
});

describe('a request that waits', () => {
  test('is refused before its wait is over and admitted just after, when alone', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.boolean(),
        (requests, first, second, countRejected) => {
          const spec = limits({ requestsPerMinute: requests, tokensPerMinute: 5000, countRejected });
          const attempt = (at: number, early: number) => {
            const admission = limitedAdmission(spec);
            admission.admit(request(1, first), estimateOf(request(1, first)), at);
            const answer = admission.admit(request(1, second), estimateOf(request(1, second)), at);
            if (!('rejection' in answer)) return 'at once';
            const wait = 'wait' in answer.rejection ? answer.rejection.wait : Number.NaN;
            const again = admission.admit(
              request(1, second),
              estimateOf(request(1, second)),
              at + wait - early,
            );
            return 'rejection' in again ? 'refused' : 'admitted';
          };
          const afterwards = attempt(1000, 0);
          expect(['at once', 'admitted']).toContain(afterwards);
          if (afterwards === 'admitted') expect(attempt(1000, 0.01)).toBe('refused');
        },
      ),
    );
  });
});

describe('buckets', () => {
  test('levels only rise between charges, and reset only falls', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 500, noNaN: true }), { maxLength: 50 }), (gaps) => {
        const bucket = new Bucket('requests', 60, 60_000, 10, 0);
        bucket.take(25, 0);
        let now = 0;
        let before = bucket.standing(now);
        for (const gap of gaps) {
          now += gap;
          const after = bucket.standing(now);
          expect(after.level).toBeGreaterThanOrEqual(before.level);
          expect(after.fullIn).toBeLessThanOrEqual(before.fullIn);
          before = after;
        }
      }),
    );
  });

  test('all limits are charged or none', () => {
    const admission = limitedAdmission(limits({ requestsPerMinute: 10, tokensPerMinute: 100 }));
    const big = request(1, 80);
    admission.admit(big, estimateOf(big), 0);
    const refused = admission.admit(big, estimateOf(big), 0);
    expect(refused).toMatchObject({
      rejection: { kind: 'rate-limited', standing: { name: 'tokens' }, wait: 36_000 },
    });
    expect(admission.standings(big, 0).map(({ level }) => level)).toEqual([9, 20]);
  });

  test('hold per key and model, dated snapshots together, and per class where one is named', () => {
    const admission = limitedAdmission(
      limits({ requestsPerMinute: 1, models: { 'big-': { requestsPerMinute: 2 } } }),
    );
    const admits = (key: string, model: string) =>
      !('rejection' in admission.admit(request(1, 1, key, model), estimateOf(request()), 0));
    expect(admits('a', 'm')).toBe(true);
    expect(admits('a', 'm-2025-01-02')).toBe(false);
    expect(admits('b', 'm')).toBe(true);
    expect(admits('a', 'other')).toBe(true);
    expect([admits('a', 'big-1'), admits('a', 'big-2'), admits('a', 'big-3')]).toEqual([true, true, false]);
  });

  test('a drawn charge counts instead of prompt and max_tokens, up to what the bucket holds', () => {
    const spec = { tokensPerMinute: { limit: 60_000, burst: 5000 }, reconcile: 'on-complete' } as const;
    const admission = limitedAdmission(limits({ ...spec, charge: { mean: 1000, cv: 0.8 } }));
    const admit = (drawnTokens: number, now: number) =>
      admission.admit(request(), { ...estimateOf(request(100, 4000)), drawnTokens }, now);
    const first = admit(1200, 0);
    if ('rejection' in first) throw new Error('a full bucket');
    first.settle(0, { outputTokens: 10, complete: true });
    expect(admission.standings(request(), 0)).toMatchObject([{ level: 3800 }]);
    expect(admit(9000, 0)).toMatchObject({ rejection: { kind: 'rate-limited', wait: 1200 } });
    expect(admit(9000, 1200)).toMatchObject({ standings: [{ level: 0 }] });
  });

  test('a window below the period caps the burst', () => {
    const admission = limitedAdmission(limits({ requestsPerMinute: 60, burstWindow: '1s' }));
    expect('rejection' in admission.admit(request(), estimateOf(request()), 0)).toBe(false);
    expect(admission.admit(request(), estimateOf(request()), 0)).toMatchObject({ rejection: { wait: 1000 } });
  });

  test('a request that fits the limit but not the window waits for a full bucket, and leaves a debt', () => {
    const admission = limitedAdmission(limits({ inputTokensPerMinute: 6000, burstWindow: '10s' }));
    const admit = (tokens: number, now: number) =>
      admission.admit(request(tokens), estimateOf(request(tokens)), now);
    expect(admit(1, 0)).toMatchObject({ standings: [{ level: 999 }] });
    expect(admit(4000, 0)).toMatchObject({ rejection: { kind: 'rate-limited', wait: 10 } });
    expect(admit(4000, 10)).toMatchObject({ standings: [{ level: -3000 }] });
    expect(admit(1, 10)).toMatchObject({ rejection: { kind: 'rate-limited', wait: 30_010 } });
    expect(admit(6001, 60_000)).toMatchObject({ rejection: { kind: 'too-large' } });
  });
});

describe('reservations', () => {
  const settled = (spec: NonNullable<ProfileInput['limits']>, complete: boolean) => {
    const admission = limitedAdmission(limits(spec));
    const call = request(100, 1000);
    let produced = 0;
    const reservation = admission.admit(
      call,
      estimateOf(call, 40, () => produced),
      0,
    );
    if ('rejection' in reservation) throw new Error('refused');
    const during = admission.standings(call, 0).map(({ level }) => level);
    produced = 50;
    const later = admission.standings(call, 0).map(({ level }) => level);
    reservation.settle(0, { outputTokens: 50, complete });
    return [during, later, admission.standings(call, 0).map(({ level }) => level)];
  };

  test('OpenAI reserves max_tokens and by default keeps it', () => {
    expect(settled({ tokensPerMinute: 5000 }, true)).toEqual([[4000], [4000], [4000]]);
    expect(settled({ tokensPerMinute: 5000, reconcile: 'on-complete' }, true)).toEqual([
      [4000],
      [4000],
      [4850],
    ]);
    expect(settled({ tokensPerMinute: 5000, reconcile: 'on-complete' }, false)).toEqual([
      [4000],
      [4000],
      [4000],
    ]);
    expect(settled({ tokensPerMinute: 5000, charge: 'sum' }, true)).toEqual([[3900], [3900], [3900]]);
  });

  test('Anthropic charges output as it is produced, and cache reads not at all', () => {
    const spec = { inputTokensPerMinute: 5000, outputTokensPerMinute: 5000 };
    expect(settled(spec, true)).toEqual([
      [4940, 5000],
      [4940, 4950],
      [4940, 4950],
    ]);
    expect(settled({ outputTokensPerMinute: 5000, outputTokens: 'reserve' }, true)).toEqual([
      [4000],
      [4000],
      [4950],
    ]);
  });
});
