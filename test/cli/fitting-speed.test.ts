import { expect, test } from 'vitest';
import { slowerBecause, withFittingSpeed } from '../../src/cli/fitting-speed.ts';
import type { SweepSettings } from '../../src/config/resolve.ts';

const settings = (change: Partial<SweepSettings>): SweepSettings =>
  ({ speed: 40, speedMayFall: true, dryRun: false, ...change }) as SweepSettings;

test('a speed that was asked for stays, and a default one never rises', async () => {
  expect(await withFittingSpeed(settings({ speedMayFall: false }))).toMatchObject({ speed: 40 });
  expect((await withFittingSpeed(settings({ speed: 5 }))).speed).toBe(5);
  expect([10, 20, 40]).toContain((await withFittingSpeed(settings({}))).speed);
});

test('a run that is slower than usual says why, and how much', () => {
  expect(slowerBecause(10, 40)).toMatchInlineSnapshot(
    `"this machine is busy, so the mock lives 10 and not 40 times faster than real time: the run takes 4 times as long (--speed 40 to insist)"`,
  );
});
