import { expect, it } from 'vitest';
import type { SweepReport } from '../../src/analyze/report.ts';
import { agreement, type ComparedRun, disagreements, latenessOf } from '../support/agreement.ts';
import { bench } from '../support/bench-process.ts';

const SPEED = 30;
/** Real milliseconds: at this speed a twentieth of a call. A machine that is later than that measures itself. */
const LATE = (0.05 * 3840) / SPEED;

/** A real sweep against g1, short enough for a test, and what to simulate beside it. */
const measured = async (levels: readonly number[], requests: number) => {
  const args = `sweep --levels ${levels} --requests ${requests} --speed ${SPEED} --json --quiet`;
  const { code, stdout, stderr } = await bench(args.split(' '));
  if (code !== 0) throw new Error(stderr);
  const report: SweepReport = JSON.parse(stdout);
  const run: ComparedRun = { profile: 'g1', levels, requests };
  return { run, levels: report.levels };
};

const compared = async () => {
  const runs = [await measured([1], 20), await measured([5, 20, 30, 50], 120)];
  const late = Math.max(...runs.map(({ levels }) => latenessOf(levels)));
  const apart = [];
  for (const { run, levels } of runs) apart.push(...disagreements(await agreement(run, levels)));
  return { runs, late, apart };
};

it('simulated time agrees with real sockets in makespan, attempts and p95, and would notice a slower server', async ({
  skip,
}) => {
  let result = await compared();
  if (result.apart.length > 0) result = await compared();
  // Judged by the run's own instruments, which know nothing of the simulation; the report would warn of it too.
  const { apart, late } = result;
  if (apart.length > 0 && late > LATE)
    skip(`this machine is too busy to measure: ${late.toFixed(1)} ms late`);
  expect(apart).toEqual([]);

  for (const { run, levels } of result.runs) {
    const slower = { ...run, settings: ['latency.total.mean=5s'] };
    expect(disagreements(await agreement(slower, levels))).toContainEqual(
      expect.objectContaining({ figure: 'makespan' }),
    );
  }
});
