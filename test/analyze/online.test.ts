import { describe, expect, it } from 'vitest';
import { onlineOpinion } from '../../src/analyze/online.ts';
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
});
