import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze/analyze.ts';
import type { KnownLimit } from '../../src/core/known-limit.ts';
import { POLICIES } from '../../src/run/policies.ts';
import { PLAIN, type PolicySpec } from '../../src/run/policy.ts';
import { simulatedRun } from '../support/simulated-run.ts';

/** Six requests a second last; 23 calls of 3.84 s keep that busy. */
const judged = async (
  policy: PolicySpec | undefined,
  levels: readonly number[],
  limits: readonly KnownLimit[] = [],
) => {
  const run = await simulatedRun({
    profile: 'g1',
    levels,
    requests: 500,
    keepRecords: false,
    policy,
    limits,
  });
  return analyze(run.levels, {
    meta: {},
    levels: levels.map((level) => ({ level, complete: true })),
    overhead: null,
    speed: 1,
    referenceRun: undefined,
  });
};

const byHeaders: PolicySpec = { ...PLAIN, name: 'pace', description: 'by headers', pacers: ['headers'] };

describe('a sweep of a client that paces itself', () => {
  it('takes no more retries for granted than there were: what the slots would ask for waits at the pacer', async () => {
    const { sweetSpot, levels } = await judged(byHeaders, [10, 30]);
    expect(levels.map(({ attemptsPerSuccess }) => attemptsPerSuccess)).toEqual([1, expect.closeTo(1, 1)]);
    expect(sweetSpot).toMatchObject({ level: 30, reason: 'pacer' });
    expect(sweetSpot?.because).toMatch(
      /^30: the client's own pacer holds calls back there \(\d+ % of the slots' time\), so more at once would only wait longer$/,
    );
  });

  it('does not call its waits starts that were held back, nor its pace a level that may collapse', async () => {
    const { warnings, levels, sweetSpot } = await judged(POLICIES.get('recommended'), [20, 50]);
    expect(sweetSpot?.level).toBe(50);
    expect(levels.map(({ littleResidual }) => Math.abs(littleResidual ?? 1) < 0.01)).toEqual([true, true]);
    expect(warnings.map(({ code }) => code)).not.toContain('edge-not-held');
  });

  it('is none where the pacer hardly holds back: the slots then ask for what they ask for', async () => {
    const tooFast: PolicySpec = {
      ...PLAIN,
      name: 'bucket',
      description: 'paced at more than the limit',
      pacers: ['token-bucket'],
    };
    const limit = { name: 'requests', perSecond: 20, burst: 20, source: 'options' } as const;
    const { sweetSpot } = await judged(tooFast, [10, 30], [limit]);
    expect(sweetSpot).toMatchObject({ level: 10, reason: 'rate-limit' });
  });

  it('is told apart from one whose slots ask for too much', async () => {
    const { sweetSpot } = await judged(undefined, [10, 30]);
    expect(sweetSpot).toMatchObject({ level: 10, reason: 'rate-limit' });
  });
});
