/**
 * Does simulated time agree with reality? The same profile and seed, once under the virtual clock and once over real sockets
 * in scaled time, level by level: npm run bench:agreement [speed]. Meant to hold on an idle machine: makespan within 3 %,
 * attempts within 6 %, p95 within 8 %.
 */
import type { LevelReport, SweepReport } from '../../src/analyze/report.ts';
import { bench, freshDir } from '../support/bench-process.ts';

const speed = process.argv[2] ?? '40';
const LEVELS = '5,20,30,50,1';
const cwd = freshDir();

const sweep = async (...more: string[]): Promise<SweepReport> => {
  const args = ['sweep', '--levels', LEVELS, '--requests', '500', '--json', '--quiet', ...more];
  const { code, stdout, stderr } = await bench(args, { cwd });
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
};

const FIGURES: readonly (readonly [name: string, tolerance: number, of: (level: LevelReport) => number])[] = [
  ['makespan', 0.03, ({ wallClockMs }) => wallClockMs],
  ['attempts', 0.06, ({ counts }) => counts.attempts],
  ['p95', 0.08, ({ metrics }) => metrics.serviceTime?.p95 ?? Number.NaN],
];

const simulated = await sweep('--simulate');
const real = await sweep('--speed', speed);
console.log(
  `profile g1, 500 requests, real at speed ${speed}, harness ${real.overhead?.perCallMs.toFixed(0)} ms a call (model time)`,
);
console.log('level  figure     simulated        real  difference  tolerated');
for (const level of simulated.levels) {
  const other = real.levels.find((each) => each.level === level.level);
  if (!other) throw new Error(`no level ${level.level}`);
  for (const [name, tolerance, of] of FIGURES) {
    const difference = of(other) / of(level) - 1;
    console.log(
      `${String(level.level).padStart(5)}  ${name.padEnd(9)} ${of(level).toFixed(0).padStart(10)} ${of(other).toFixed(0).padStart(11)} ${(difference * 100).toFixed(1).padStart(9)} %  ${Math.abs(difference) <= tolerance ? 'yes' : 'NO'}`,
    );
  }
}
for (const { message } of real.warnings) console.log(`! ${message}`);
