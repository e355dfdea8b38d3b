import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/core/virtual-clock.ts';
import { diagnose, timerLateness } from '../../src/run/doctor.ts';

const healthy = { timers: { p50: 0.2, p99: 1, max: 2 }, eventLoopDelayP99: 1, sdkCall: 1, fetchCall: 0.5 };

describe('the doctor', () => {
  it('finds a quiet machine sound, and allows the speed at which a call stays 2 % of 3.84 s', () => {
    expect(diagnose(healthy)).toMatchObject({ sound: true, safeSpeed: 60 }); // 64 by half a core at 30 at once
    expect(diagnose({ ...healthy, sdkCall: 4 }).safeSpeed).toBe(10);
    expect(diagnose({ ...healthy, sdkCall: 500 }).safeSpeed).toBe(1);
  });

  it('says what is wrong with a busy one', () => {
    const { sound, advice } = diagnose({
      ...healthy,
      timers: { p50: 1, p99: 38, max: 50 },
      eventLoopDelayP99: 30,
    });
    expect(sound).toBe(false);
    expect(advice.join(' ')).toMatch(/Timers fire up to 38.0 ms late.*event loop stands still for 30 ms/);
  });

  it('finds no timer late where time is virtual', async () => {
    const clock = new VirtualClock();
    expect(await clock.run(() => timerLateness(clock, 10, 10))).toEqual({ p50: 0, p99: 0, max: 0 });
    expect(clock.now()).toBe(100);
  });
});
