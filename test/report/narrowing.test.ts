import { describe, expect, it } from 'vitest';
import type { SweepReport } from '../../src/analyze/report.ts';
import { verdict } from '../../src/report/verdict.ts';
import { sixPerSecond } from '../support/report-fixtures.ts';
import { fiveLevels } from './canonical-reports.ts';

const swept = fiveLevels();
const searched = (used: number | null, nextLevel = 30): SweepReport => ({
  ...swept,
  meta: { ...swept.meta, search: 'up to 128 at once' },
  levels: swept.levels.map((each) => (each.level === 30 ? { ...each, level: nextLevel } : each)),
  sweetSpot: swept.sweetSpot && {
    ...swept.sweetSpot,
    nextLevel,
    limits: [sixPerSecond(used)],
  },
});

describe('what nobody looked at between the answer and the next level', () => {
  it('is named after a sweep', () => {
    expect(verdict(swept).next).toContain(
      'Nothing between 20 and 30 was tested. To narrow it down: --levels',
    );
  });

  it('is named after a search that had to leave a wide gap, as a command of its own', () => {
    expect(verdict(searched(0.4)).next).toBe(
      'Nothing between 20 and 30 was tested. To narrow it down: bench sweep --levels 20,23,27,30',
    );
  });

  it('is not after one that looked where it was worth it', () => {
    expect(verdict(searched(0.4, 22)).next).toBeUndefined();
    expect(verdict(searched(0.9)).next).toBeUndefined();
  });
});
