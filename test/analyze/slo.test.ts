import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze/analyze.ts';
import { CRITERIA } from '../../src/analyze/criteria.ts';
import { parseSlo } from '../../src/measure/slo.ts';
import { simulatedRun } from '../support/simulated-run.ts';

const LEVELS = [1, 5];

/** Calls of 3.84 s on average, p95 near 5.9 s, judged by `slo`. */
const judged = async (slo: string, requests: number) => {
  const { levels } = await simulatedRun({ profile: 'g1', levels: LEVELS, requests, keepRecords: false });
  const report = analyze(levels, {
    meta: {},
    levels: LEVELS.map((level) => ({ level, complete: true })),
    overhead: null,
    speed: 1,
    referenceRun: undefined,
    criteria: { ...CRITERIA, slo: parseSlo(slo, '--slo') },
  });
  return {
    level: report.sweetSpot?.level,
    because: report.levels[0]?.inadmissibleBecause,
    warned: report.warnings.filter(({ code }) => code === 'slo-not-judged'),
  };
};

describe('an SLO', () => {
  it('is kept or broken by the percentile that it bounds', async () => {
    expect(await judged('p95<7s', 200)).toMatchObject({ level: 5, because: undefined, warned: [] });
    expect(await judged('p95<4s', 200)).toMatchObject({
      level: undefined,
      because: expect.stringMatching(/^p95 is \d\.\d\d s, above the 4\.00 s of the SLO$/),
      warned: [],
    });
  });

  it('is broken as well where few samples show that the percentile lies above the bound at least', async () => {
    expect(await judged('p99<4s', 60)).toMatchObject({
      level: undefined,
      because: expect.stringMatching(/^p99 is at least \d\.\d\d s, above the 4\.00 s of the SLO$/),
      warned: [],
    });
  });

  it('is said not to be judged where samples are too few to tell', async () => {
    const { level, warned } = await judged('p99<40s', 60);
    expect(level).toBe(5);
    expect(warned).toMatchObject([
      {
        message: "The SLO's bound on p99 was not judged at 2 of 2 levels: 60 samples are too few for it.",
        hint: 'Use --requests 100 or more.',
      },
    ]);
  });

  it('is said not to be judged where no request has what it bounds', async () => {
    const { level, warned } = await judged('p95<7s, ttft.p95<800ms', 200);
    expect(level).toBe(5);
    expect(warned.map(({ message }) => message)).toEqual([
      "The SLO's bound on ttft p95 was not judged: no request of this run has a time to first token.",
    ]);
  });
});
