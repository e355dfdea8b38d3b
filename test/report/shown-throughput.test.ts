import { describe, expect, it } from 'vitest';
import type { LimitFinding } from '../../src/analyze/limits.ts';
import type { SweepReport } from '../../src/analyze/report.ts';
import { shownThroughput } from '../../src/report/shown-throughput.ts';
import { levelReport, sixPerSecond } from '../support/report-fixtures.ts';
import { fiveLevels } from './canonical-reports.ts';

const usual = levelReport({ level: 30 });
const short = {
  ...usual,
  sustained: false,
  rates: { ...usual.rates, achievedPerSecond: 2.9 },
  goodput: { ...usual.goodput, perSecond: 7.5 },
};

const six = sixPerSecond(0.9);

const swept = fiveLevels();
const withLimits = (limits: readonly LimitFinding[], meta: SweepReport['meta']): SweepReport => ({
  ...swept,
  meta,
  sweetSpot: swept.sweetSpot && { ...swept.sweetSpot, limits },
});
const search = { search: 'up to 128 at once' };

describe('the throughput that is shown', () => {
  it('is that of the whole batch in a sweep', () => {
    expect(shownThroughput(short, withLimits([six], {}))).toBe(2.9);
  });

  it('leaves out the drain of the short runs of a search', () => {
    expect(shownThroughput(short, withLimits([], search))).toBe(7.5);
  });

  it('is no more than a known limit lets last', () => {
    expect(swept.sweetSpot).not.toBeNull();
    expect(shownThroughput(short, withLimits([six], search))).toBe(6);
    expect(shownThroughput({ ...short, sustained: true }, withLimits([six], search))).toBe(7.5);
  });
});
