import { describe, expect, it } from 'vitest';
import type { ForeignServer } from '../support/foreign/foreign-server.ts';
import { judgedRun, type Served } from '../support/judged-run.ts';

const SERVER = {
  work: { by: 'nothing' },
  latencyMs: 700,
  cv: 0.2,
  law: 'gamma',
  tells: 'nothing',
  status: 429,
} as const satisfies ForeignServer;

const OTHER = { ...SERVER, latencyMs: 3800, tells: 'retry-after' } as const;

/** Twice, since a log has not forgotten the sequential calls before the first run; before the second there is a cool-down. */
const burstsOf = async (profile: Served, level: number, requests: number) => {
  const found = [];
  for (let seed = 1; seed <= 5; seed++) {
    const [summary] = await judgedRun({ profile, levels: [level], seed, repeat: 2, measure: { requests } });
    if (summary) found.push(summary.burst);
  }
  return found;
};

describe('a level that is pressed', () => {
  it.each([
    [
      '314 in ten seconds by a window',
      { ...SERVER, gate: { by: 'window', calls: 314, ms: 10_000 } },
      64,
      1000,
    ],
    [
      'the same, and tells when to come again',
      { ...SERVER, tells: 'retry-after', gate: { by: 'window', calls: 314, ms: 10_000 } },
      64,
      1000,
    ],
    ['270 in ten seconds by a log', { ...SERVER, gate: { by: 'log', calls: 270, ms: 10_000 } }, 40, 900],
    ['190 in a minute by a log', { ...OTHER, gate: { by: 'log', calls: 190, ms: 60_000 } }, 30, 500],
    [
      '300 in half a minute by a window',
      { ...OTHER, gate: { by: 'window', calls: 300, ms: 30_000 } },
      64,
      900,
    ],
  ] as const)('knows what %s lets in by its silences', async (_, server, level, requests) => {
    const perSecond = (server.gate.calls / server.gate.ms) * 1000;
    const bursts = await burstsOf(server, level, requests);
    expect(bursts.map(({ countsByWindows }) => countsByWindows)).toEqual(bursts.map(() => true));
    for (const { limitedPerSecond } of bursts)
      expect(Math.abs((limitedPerSecond ?? 0) / perSecond - 1)).toBeLessThan(0.12);
  });

  it('takes a single short silence for a sign of a window, and for no measure of it', async () => {
    const gate = { by: 'window', calls: 314, ms: 10_000 } as const;
    const bursts = await burstsOf({ ...SERVER, gate }, 64, 400);
    const single = bursts.filter(({ sawOneSilence }) => sawOneSilence);
    expect(single.length).toBeGreaterThan(0);
    for (const { countsByWindows } of single) expect(countsByWindows).toBeUndefined();
  });

  it.each([
    ['a bucket by due times', { ...SERVER, gate: { by: 'gcra', everyMs: 30, early: 60 } }, 64],
    ['a cap on calls in flight', { ...SERVER, gate: { by: 'cap', calls: 20 } }, 64],
    ['refused calls that use the limit up', 'rejects-drain', 24],
    ['the same, far above it', 'rejects-drain', 32],
    ['tokens that are charged when calls end', 'anthropic-tier-1', 64],
  ] as const)('takes %s for no window', async (_, server, level) => {
    for (const { countsByWindows, sawOneSilence } of await burstsOf(server, level, 400)) {
      expect(countsByWindows).toBeUndefined();
      expect(sawOneSilence).toBeUndefined();
    }
  });
});
