/**
 * Does the gate cry wolf, and does it see what it should? The pairs of `bench ab`, on the real mock in processes of its own, over
 * real sockets and in real time, but without starting a program for each run: the same latency twice must never be called
 * regressed, a tenth more always. A noisy machine is the point: npm run bench:gate -- [tries] [latency in ms] [requests] [level] [number of the first try].
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyze } from '../../src/analyze/analyze.ts';
import type { Comparison } from '../../src/analyze/compare.ts';
import { comparePairs, PAIR_DEFAULTS, type PairedComparison } from '../../src/analyze/compare-pairs.ts';
import { type ComparedRun, comparedRun } from '../../src/analyze/compare-run.ts';
import { isHostBusy } from '../../src/cli/host-idle.ts';
import { startMock } from '../../src/cli/mock-process.ts';
import { createClient } from '../../src/client/create-client.ts';
import { SystemClock } from '../../src/core/clock.ts';
import { createRng } from '../../src/core/rng.ts';
import { turnstile } from '../../src/core/turnstile.ts';
import { semaphore } from '../../src/load/semaphore.ts';
import { LevelAccumulator } from '../../src/measure/summarize.ts';
import { sdkRetry } from '../../src/policy/sdk-retry.ts';
import { RunStop } from '../../src/run/run-stop.ts';
import { runSweep } from '../../src/run/sweep.ts';
import { oneCall } from '../support/lab.ts';

const [tries = 20, latency = 100, requests = 100, level = 10, first = 1] = process.argv.slice(2).map(Number);
const dir = mkdtempSync(join(tmpdir(), 'bench-gate-'));
const clock = new SystemClock();

/** An endpoint of constant latency, and a run against it. */
const sideOf = async (name: string, millis: number) => {
  const profile = join(dir, `${name}.json`);
  writeFileSync(profile, JSON.stringify({ extends: 'constant', latency: `${millis}ms` }));
  const mock = await startMock({ profile, speed: 1, seed: 1 }, (error) => {
    throw error;
  });
  const client = await createClient({
    kind: 'http',
    transport: 'default',
    protocol: 'openai',
    baseUrl: `${mock.url}/v1`,
    model: 'm',
    apiKey: 'k',
  });
  const run = async (seed: number): Promise<ComparedRun> => {
    const accumulator = new LevelAccumulator(level);
    const stop = new RunStop();
    const runtime = {
      clock,
      rng: createRng(seed),
      stop,
      turnstile: turnstile(),
      recorders: [{ record: accumulator.add.bind(accumulator) }],
    };
    const plan = {
      scenario: oneCall,
      endpoint: { client },
      retry: sdkRetry(10),
      attemptTimeout: 60_000,
      levels: [level],
      driver: semaphore,
      measure: { requests },
      warmup: undefined,
      referenceRequests: 0,
      cooldown: 0,
    };
    const silent = { onCooldown() {}, onStretch() {}, onMeasured() {} };
    for await (const _ of runSweep(plan, runtime, silent));
    const facts = { meta: {}, levels: [{ level, complete: true }], overhead: null, speed: 1 };
    return comparedRun(analyze([accumulator.finish()], { ...facts, referenceRun: undefined }));
  };
  return { run, stop: () => mock.stop() };
};

const base = await sideOf('base', latency);
const same = await sideOf('same', latency);
const slower = await sideOf('slower', latency * 1.1);
const sides = [base, same, slower];

const compared = async (next: typeof base, seed: number): Promise<PairedComparison> => {
  let busyBefore = await isHostBusy(clock);
  return comparePairs({ ...PAIR_DEFAULTS, threshold: 0.05, seed }, async (due) => {
    const run = await (due.side === 'base' ? base : next).run(due.seed);
    const busyAfter = await isHostBusy(clock);
    const busy = busyBefore || busyAfter;
    busyBefore = busyAfter;
    return { run, busy };
  });
};

const textOf = ({ comparison, pairs, confirmingPairs, busy }: PairedComparison): string => {
  const { change, smallestVisible } =
    comparison.findings.find(({ metric }) => metric === 'wallClock') ??
    ({} as Partial<Comparison['findings'][number]>);
  const percent = (share: number | null | undefined) => `${((share ?? Number.NaN) * 100).toFixed(2)} %`;
  return `${comparison.verdict}, wall-clock ${percent(change)}, could see ${percent(smallestVisible)}; ${pairs} + ${confirmingPairs} pairs, ${busy} busy`;
};

process.stdout.write(
  `${latency} ms, ${requests} requests at ${level} at once; ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}\n`,
);
let cried = 0;
let missed = 0;
for (const each of sides) await each.run(0);
for (let attempt = first; attempt < first + tries; attempt++) {
  const alike = await compared(same, attempt * 1000);
  const slow = await compared(slower, attempt * 1000);
  if (alike.comparison.verdict === 'regressed') cried++;
  if (slow.comparison.verdict !== 'regressed') missed++;
  process.stdout.write(
    `${attempt} (load ${loadavg()[0]?.toFixed(1)})\n  the same: ${textOf(alike)}\n  a tenth slower: ${textOf(slow)}\n`,
  );
}
for (const each of sides) await each.stop();
rmSync(dir, { recursive: true });
process.stdout.write(
  `${cried} of ${tries} called regressed though the same, ${missed} of ${tries} missed though slower\n`,
);
process.exitCode = cried + missed > 0 ? 1 : 0;
