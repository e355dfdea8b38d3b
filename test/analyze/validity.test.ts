import { describe, expect, it } from 'vitest';
import { analyze, type SweepFacts } from '../../src/analyze/analyze.ts';
import { CRITERIA } from '../../src/analyze/criteria.ts';
import { judgeHealth } from '../../src/analyze/health.ts';
import { level } from './levels.ts';

const idle = { cpuCores: 0.1, eventLoopUtilization: 0.1, eventLoopDelayP99RealMs: 1 };
const busy = { cpuCores: 1, eventLoopUtilization: 0.97, eventLoopDelayP99RealMs: 60 };

const levels = [level(1, { perSecond: 0.26 }), level(10, { perSecond: 2.6 }), level(20, { perSecond: 3 })];

const report = (saturated: readonly number[], facts: Partial<SweepFacts> = {}) =>
  analyze(levels, {
    meta: {},
    levels: levels.map((each) => ({
      level: each.level,
      complete: true,
      health: saturated.includes(each.level) ? busy : idle,
    })),
    overhead: null,
    speed: 40,
    referenceRun: undefined,
    ...facts,
  });

describe('judgeHealth', () => {
  // Typical latency: 3500 ms.
  it.each([
    ['good', 1, idle],
    ['warn', 1, { ...idle, eventLoopUtilization: 0.71 }],
    ['invalid', 1, { ...idle, eventLoopUtilization: 0.96 }],
    ['warn', 1, { ...idle, eventLoopDelayP99RealMs: 21 }],
    ['warn', 1, { ...idle, eventLoopDelayP99RealMs: 174 }], // 5 % of the latency is 175
    ['invalid', 1, { ...idle, eventLoopDelayP99RealMs: 176 }],
    ['warn', 40, { ...idle, eventLoopDelayP99RealMs: 15 }], // 17 % of 87.5 real ms
    ['invalid', 40, { ...idle, eventLoopDelayP99RealMs: 22 }], // 25 %
  ] as const)('finds it %s at speed %d: %o', (state, speed, health) => {
    expect(judgeHealth({ ...level(10, { perSecond: 2.6 }), health }, speed).state).toBe(state);
  });
});

describe('a level at which this machine was the bottleneck', () => {
  it('is no result and is not judged, and a verdict that would need it is not valid', () => {
    const { sweetSpot, levels: judged, validity, warnings } = report([20]);
    expect(judged.map(({ valid, admissible }) => [valid, admissible])).toEqual([
      [true, true],
      [true, true],
      [false, false],
    ]);
    expect(sweetSpot).toMatchObject({ level: 10, reason: 'client-bound', nextLevel: 20, interval: null });
    expect(validity).toMatchInlineSnapshot(`
      {
        "because": "at 20 at once this machine was the bottleneck, not the endpoint, and the verdict depends on that level",
        "hint": "Use a smaller factor, for example --speed 20. To judge anyway: --allow-saturated.",
        "valid": false,
      }
    `);
    expect(warnings.map(({ code }) => code)).toEqual(['client-saturated']);
  });

  it('spoils nothing where the answer does not depend on it', () => {
    const refused = level(30, { perSecond: 5.2, overhead: 0.3, failedAttempts: { 'rate-limited': 366 } });
    const facts = {
      levels: [...levels, refused].map((each) => ({
        level: each.level,
        complete: true,
        health: each.level === 1 ? busy : idle,
      })),
    };
    const { sweetSpot, validity } = analyze([...levels, refused], {
      meta: {},
      overhead: null,
      speed: 40,
      referenceRun: undefined,
      ...facts,
    });
    expect(sweetSpot).toMatchObject({ level: 20, reason: 'rate-limit' });
    expect(validity.valid).toBe(true);
  });

  it('leaves nothing where it was so everywhere', () => {
    const { sweetSpot, validity, warnings } = report([1, 10, 20]);
    expect(sweetSpot).toBeNull();
    expect(validity.valid).toBe(false);
    expect(validity.because).toContain('1, 10 and 20');
    expect(warnings.map(({ code }) => code)).not.toContain('no-sweet-spot');
  });

  it('is judged all the same where the user wants it', () => {
    const { sweetSpot, validity } = report([20], { criteria: { ...CRITERIA, allowSaturated: true } });
    expect(sweetSpot?.level).toBe(20);
    expect(validity.valid).toBe(true);
  });
});
