import { describe, expect, it } from 'vitest';
import { inadmissible } from '../../src/analyze/admission.ts';
import { CRITERIA } from '../../src/analyze/criteria.ts';
import { boundsOf } from '../../src/analyze/limits.ts';
import { refusalsOf } from '../../src/analyze/refusals.ts';
import { verdictOf } from '../../src/analyze/verdict.ts';
import type { LevelSummary } from '../../src/measure/level-summary.ts';
import { judgedRun } from '../support/judged-run.ts';
import { level } from './levels.ts';

describe('a level next to one that collapses by being refused', () => {
  const refused = (number: number, perSecond: number, times: number): LevelSummary => ({
    ...level(number, { perSecond, failedAttempts: { 'rate-limited': times } }),
    rateLimits: { told: {}, refusals: {} },
  });
  const well = [level(4, { perSecond: 1.04 }), level(16, { perSecond: 4.17 }), level(20, { perSecond: 5.2 })];
  const collapsed = refused(24, 0.2, 900);
  const answer = (...levels: readonly LevelSummary[]) => verdictOf([...well, ...levels], CRITERIA)?.level;

  it('is not recommended where it is refused already', () => {
    expect(answer(refused(22, 5.7, 10), collapsed)).toBe(20);
  });

  it('is recommended where it is not, or so little that it is an accident', () => {
    expect(answer(level(22, { perSecond: 5.7 }), collapsed)).toBe(22);
    expect(answer(refused(22, 5.7, 2), collapsed)).toBe(22);
  });

  it('is recommended once it was held for five minutes', () => {
    const held = { ...refused(22, 5.7, 10), wallClockMs: 310_000 };
    expect(answer(held, collapsed)).toBe(22);
  });

  it('is recommended where refused calls leave the limit alone', () => {
    expect(answer(refused(22, 5.7, 10), refused(24, 5.9, 900))).toBe(22);
  });

  it('is told from one that lives on a full bucket, which pressing cannot match', () => {
    const burst = { ...level(22, { perSecond: 14 }), sustained: false };
    const told = { requests: { perMinute: 360, by: 'headers' as const } };
    const pressed = { ...refused(24, 5.8, 900), rateLimits: { told, refusals: {} } };
    expect(boundsOf([...well, burst, pressed], CRITERIA).collapsesAt).toBeUndefined();
    expect(boundsOf([...well, collapsed], CRITERIA).collapsesAt).toBe(24);
  });

  it('says why', () => {
    const levels = [...well, refused(22, 5.7, 10), collapsed];
    const [edge, idle] = [levels[3], levels[0]];
    if (!edge || !idle) throw new Error('no such level');
    expect(inadmissible(edge, idle, boundsOf(levels, CRITERIA))).toMatchInlineSnapshot(`
      {
        "because": "it was refused 10 times already, and refused calls use the limit up here: 24 collapses, and a level so close to it may do so within minutes",
        "breach": "edge",
      }
    `);
  });
});

describe('what refused calls do to a told limit of 6/s', () => {
  it.each([
    { profile: 'requests-limited', is: 'free' },
    { profile: 'rejects-drain', is: 'counted' },
  ] as const)('is known of $profile from 43 requests at 35, whatever the seed', async ({ profile, is }) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const levels = await judgedRun({ profile, levels: [35], seed, measure: { requests: 43 } });
      expect(refusalsOf(6, levels)).toBe(is);
    }
  });
});
