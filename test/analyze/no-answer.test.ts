import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze/analyze.ts';
import { simulatedRun } from '../support/simulated-run.ts';

const noAnswer = async (profile: string, levels: readonly number[]) => {
  const run = await simulatedRun({ profile, levels, requests: 300, keepRecords: false });
  const { sweetSpot, warnings } = analyze(run.levels, {
    meta: {},
    levels: levels.map((level) => ({ level, complete: true })),
    overhead: null,
    speed: 1,
    referenceRun: undefined,
  });
  expect(sweetSpot).toBeNull();
  return warnings.find(({ code }) => code === 'no-sweet-spot');
};

describe('where no level can be recommended', () => {
  it('names the limit, what it has room for, and levels below it', async () => {
    const { message, hint } = (await noAnswer('requests-limited', [100, 200])) ?? {};
    expect(message).toMatch(
      /The endpoint's limit of 360 requests per minute has room for about 2[2-4]\.\d calls of 3\.\d\d s\.$/,
    );
    expect(hint).toMatch(/^Try below it: --levels 11,1[78],2[12]\.$/);
  });

  it('says to pace the calls where the limit is below one at a time', async () => {
    const { message, hint } = (await noAnswer('openai-free', [1])) ?? {};
    expect(message).toMatch(
      /of 3 requests per minute lets 0\.05 calls\/s through, less than the 0\.\d+\/s of one at a time\.$/,
    );
    expect(hint).toBe('Pace the calls instead: --policy recommended.');
  });

  it('tries lower levels where no limit is known', async () => {
    const { hint } = (await noAnswer('small-server', [64])) ?? {};
    expect(hint).toBe('Try lower levels: --levels 16,32,48.');
  });
});
