import { expect, test } from 'vitest';
import { WheelClock } from '../../mock-server/wheel-clock.ts';
import { sleepUntil } from '../../src/core/clock.ts';

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
