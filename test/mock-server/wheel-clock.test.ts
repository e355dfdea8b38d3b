import { expect, test } from 'vitest';
import { alarmOn } from '../../mock-server/engine/alarm.ts';
import { WheelClock } from '../../mock-server/wheel-clock.ts';
import { type Clock, sleepUntil } from '../../src/core/clock.ts';
import { VirtualClock } from '../../src/core/virtual-clock.ts';

test('fires everything in order of deadline, never early, and what is cancelled not at all', async () => {
  const clock = new WheelClock();
  const start = clock.now();
  const fired: { readonly at: number; readonly deadline: number }[] = [];
  const deadlines = Array.from({ length: 200 }, (_, place) => start + ((place * 37) % 60) + place / 1000);
  const cancels = deadlines.map((deadline) =>
    clock.schedule(deadline, () => fired.push({ at: clock.now(), deadline })),
  );
  for (const [place, cancel] of cancels.entries()) if (place % 2 === 0) cancel();
  await sleepUntil(clock, start + 70);
  expect(fired).toHaveLength(100);
  expect(fired.every(({ at, deadline }) => at >= deadline)).toBe(true);
});

test('what is scheduled for the past fires in a later turn, not at once', async () => {
  const clock = new WheelClock();
  let fired = false;
  clock.schedule(-5, () => {
    fired = true;
  });
  expect(fired).toBe(false);
  await sleepUntil(clock, clock.now() + 3);
  expect(fired).toBe(true);
});

test('a timer set while firing keeps its own deadline', async () => {
  const clock = new WheelClock();
  const start = clock.now();
  const at = await new Promise<number>((resolve) => {
    clock.schedule(start + 2, () => clock.schedule(start + 9, () => resolve(clock.now())));
  });
  expect(at).toBeGreaterThanOrEqual(start + 9);
});

/** Alarms set again, from within as well, and cleared, also by one that fires just before. */
const setAndClear = async (clock: Clock) => {
  const start = clock.now();
  const fired: string[] = [];
  const twice = alarmOn(clock, () => fired.push(`twice ${clock.now() >= start + 20}`));
  twice.set(start + 5);
  twice.set(start + 20);
  const cleared = alarmOn(clock, () => fired.push('cleared'));
  alarmOn(clock, () => cleared.clear()).set(start + 4);
  cleared.set(start + 4.5);
  let rounds = 0;
  const again = alarmOn(clock, () => {
    if (++rounds < 3) again.set(start - 1);
  });
  again.set(start - 1);
  twice.clear();
  twice.set(start + 20);
  await sleepUntil(clock, start + 40);
  cleared.clear();
  return { fired, rounds };
};

test('alarms have one deadline at a time, by the wheel and by a clock that knows timers alone', async () => {
  const expected = { fired: ['twice true'], rounds: 3 };
  expect(await setAndClear(new WheelClock())).toEqual(expected);
  const virtual = new VirtualClock();
  expect(await virtual.run(() => setAndClear(virtual))).toEqual(expected);
});

test('an alarm that is never due holds nobody up', async () => {
  const clock = new WheelClock();
  alarmOn(clock, () => {}).set(Number.POSITIVE_INFINITY);
  expect(() => alarmOn(clock, () => {}).set(Number.NaN)).toThrow('a deadline must be a number');
  const due = clock.now() + 3;
  await sleepUntil(clock, due);
  expect(clock.now()).toBeGreaterThanOrEqual(due);
});
