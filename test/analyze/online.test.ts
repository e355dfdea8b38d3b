import { describe, expect, it } from 'vitest';
import { CRITERIA } from '../../src/analyze/criteria.ts';
import { asCap, onlineOpinion } from '../../src/analyze/online.ts';
import { verdictOf } from '../../src/analyze/verdict.ts';
import { PLAIN } from '../../src/run/policy.ts';
import { simulatedRun } from '../support/simulated-run.ts';

const run = async (profile: string) =>
  (
    await simulatedRun({
      profile,
      levels: [64],
      requests: 500,
      keepRecords: false,
      policy: { ...PLAIN, name: 'aimd', description: 'learns', limiter: 'aimd' },
    })
  ).levels;

describe('the opinion of a limiter that learns', () => {
  it('is just below the ceiling of 23 where the endpoint refuses', async () => {
    const opinion = onlineOpinion('aimd', await run('requests-limited'));
    expect(opinion).toMatchObject({ limiter: 'aimd', cap: 64 });
    expect(opinion?.settled).toBeGreaterThan(17);
    expect(opinion?.settled).toBeLessThan(24);
    expect(opinion?.refusals).toBeGreaterThan(0);
  });

  it('tells that it had nothing to learn from where nothing is refused', async () => {
    expect(onlineOpinion('aimd', await run('unbounded'))?.refusals).toBe(0);
  });

  it('is none where nothing was measured', () => {
    expect(onlineOpinion('aimd', [])).toBeUndefined();
  });

  it('makes the level that it ran at its cap, and names what it kept in flight', async () => {
    const levels = await run('requests-limited');
    const spot = asCap(verdictOf(levels, CRITERIA), 'aimd', levels);
    expect(spot?.level).toBe(64);
    expect(spot?.because).toMatch(
      /^64: only as the cap of aimd, which kept (1[7-9]|2[0-3])\.\d calls in flight under it; without a limiter use about (1[7-9]|2[0-3])$/,
    );
  });

  it('leaves the verdict alone where all slots were used', async () => {
    const { levels } = await simulatedRun({
      profile: 'requests-limited',
      levels: [10],
      requests: 500,
      keepRecords: false,
    });
    const spot = verdictOf(levels, CRITERIA);
    expect(spot?.level).toBe(10);
    expect(asCap(spot, 'aimd', levels)).toBe(spot);
  });
});
