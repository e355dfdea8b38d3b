import { describe, expect, it } from 'vitest';
import { ScaledClock, SystemClock, sleep, sleepUntil } from '../../src/core/clock.ts';
import { formatInstant, parseInstant } from '../../src/core/instant.ts';
import { VirtualClock } from '../../src/core/virtual-clock.ts';

describe('SystemClock', () => {
  // The one real-time test of this folder: timers of Node fire early in more than one case out of ten.
  it('never fires early', async () => {
    const clock = new SystemClock();
    const start = clock.now();
    const waits = Array.from({ length: 40 }, (_, i) => start + 1 + i * 0.37);
    const late = await Promise.all(waits.map((at) => sleepUntil(clock, at).then(() => clock.now() - at)));
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
  });

  it('fires for an instant that has passed, but not before `schedule` has returned', async () => {
    const clock = new SystemClock();
    let returned = false;
    const firedAfterReturn = new Promise<boolean>((resolve) => {
      clock.schedule(clock.now() - 5, () => resolve(returned));
    });
    returned = true;
    expect(await firedAfterReturn).toBe(true);
  });

  it('does not fire what was cancelled', async () => {
    const clock = new SystemClock();
    const fired: string[] = [];
    const start = clock.now();
    clock.schedule(start + 1, () => fired.push('soon'))();
    clock.schedule(start - 1, () => fired.push('now'))();
    clock.schedule(start + 2 ** 32, () => fired.push('in weeks'))();
    await sleepUntil(clock, start + 3);
    expect(fired).toEqual([]);
  });

  it('takes a wait beyond the longest timer of Node as the wait it is', async () => {
    const clock = new SystemClock();
    let fired = false;
    const cancel = clock.schedule(clock.now() + 2 ** 32, () => {
      fired = true;
    });
    await sleep(clock, 3);
    cancel();
    expect(fired).toBe(false);
  });
});

describe('sleepUntil', () => {
  it('waits for the instant, whatever came before', async () => {
    const clock = new VirtualClock();
    const woken = await clock.run(async () => {
      await sleep(clock, 30);
      await sleepUntil(clock, 100);
      return clock.now();
    });
    expect(woken).toBe(100);
  });

  it('rejects with the reason of a signal that has aborted, without a timer', async () => {
    const clock = new VirtualClock();
    const reason = new Error('stop');
    await expect(clock.run(() => sleep(clock, 50, AbortSignal.abort(reason)))).rejects.toBe(reason);
    expect(clock.now()).toBe(0);
  });

  it('rejects with the reason of a signal that aborts meanwhile, at that instant', async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    const reason = new Error('stop');
    clock.schedule(20, () => controller.abort(reason));
    await expect(clock.run(() => sleep(clock, 50, controller.signal))).rejects.toBe(reason);
    expect(clock.now()).toBe(20);
  });

  it('lets go of the signal when it wakes', async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    await clock.run(() => sleep(clock, 5, controller.signal));
    controller.abort(new Error('too late to matter'));
    expect(clock.now()).toBe(5);
  });
});

describe('ScaledClock', () => {
  it('runs `speed` times as fast as its base', async () => {
    const base = new VirtualClock(1_700_000_000_000);
    const clock = new ScaledClock(base, 40);
    await base.run(async () => {
      await sleep(clock, 4000);
      expect(clock.now()).toBe(4000);
      expect(base.now()).toBe(100);
      await sleepUntil(clock, 10_000);
      expect(base.now()).toBe(250);
    });
    expect(clock.epoch).toBe(1_700_000_000_000);
  });

  it('cancels on its base', async () => {
    const base = new VirtualClock();
    const clock = new ScaledClock(base, 10);
    const fired: number[] = [];
    await base.run(async () => {
      const cancel = clock.schedule(50, () => fired.push(50));
      clock.schedule(70, () => fired.push(70));
      cancel();
      await sleep(clock, 100);
    });
    expect(fired).toEqual([70]);
  });

  // A wait that ends one unit in the last place early would make a loop that waits again go on for ever.
  it.each([0.1, 1 / 3, 1, 3, 7, 40, 99.9])('never fires early at a speed of %d', async (speed) => {
    const base = new VirtualClock();
    const clock = new ScaledClock(base, speed);
    const early: number[] = [];
    await base.run(async () => {
      for (let at = 0.1; at < 400; at += 1.7) {
        await sleepUntil(clock, at);
        if (clock.now() < at) early.push(at);
      }
    });
    expect(early).toEqual([]);
  });
});

describe('instants', () => {
  it('read HTTP and RFC 3339 dates', () => {
    expect(parseInstant('Wed, 21 Oct 2015 07:28:00 GMT')).toBe(1_445_412_480_000);
    expect(parseInstant('2015-10-21T07:28:00Z')).toBe(1_445_412_480_000);
    expect(parseInstant('soon')).toBeUndefined();
  });

  it('are written so that they read back', () => {
    expect(formatInstant(1_445_412_480_000)).toBe('2015-10-21T07:28:00.000Z');
    expect(parseInstant(formatInstant(1_445_412_480_123))).toBe(1_445_412_480_123);
  });
});
