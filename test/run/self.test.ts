import { describe, expect, it } from 'vitest';
import { SelfWatch } from '../../src/run/self.ts';

const NOON = 1_700_000_000_000;
const MINUTE = 60_000;

/** What is noticed where a minute goes by on the steady clock, and the wall clock moves by `step` beside it. */
const stepOf = (step: number) => {
  let gone = 0;
  let wall = NOON;
  const watch = new SelfWatch(() => {
    const from = gone;
    return { epoch: wall, now: () => gone - from };
  });
  watch.start();
  gone += MINUTE;
  wall += MINUTE + step;
  return watch.stop().clockStepRealMs;
};

describe('SelfWatch', () => {
  it('notices a wall clock that was set, and a machine that slept', () => {
    expect(stepOf(-1000)).toBe(-1000);
    expect(stepOf(3_600_000)).toBe(3_600_000);
  });

  it('leaves out what time synchronisation does', () => {
    expect(stepOf(0)).toBeUndefined();
    expect(stepOf(999)).toBeUndefined();
    expect(stepOf(-999)).toBeUndefined();
  });

  it('reads this process', () => {
    const watch = new SelfWatch();
    watch.start();
    const { cpuCores, eventLoopUtilization, eventLoopDelayP99RealMs, clockStepRealMs } = watch.stop();
    expect(cpuCores).toBeGreaterThanOrEqual(0);
    expect(eventLoopUtilization).toBeGreaterThanOrEqual(0);
    expect(eventLoopDelayP99RealMs).toBeGreaterThanOrEqual(0);
    expect(clockStepRealMs).toBeUndefined();
  });
});
