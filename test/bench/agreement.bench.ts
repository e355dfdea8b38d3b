/**
 * Does simulated time agree with reality? The same profile and seed, under the virtual clock and over real sockets in scaled
 * time, level by level: npm run bench:agreement [speed]. Tolerated: makespan 3 %, attempts 6 %, p95 8 %, outside the range of
 * seven simulations whose two hops take about what calls took beyond the server's time. On an idle machine; two minutes at
 * speed 20.
 */
import type { SweepReport } from '../../src/analyze/report.ts';
import { agreement, disagreements, latenessOf } from '../support/agreement.ts';
import { bench, freshDir } from '../support/bench-process.ts';

const speed = process.argv[2] ?? '20';
const LEVELS = [5, 20, 30, 50, 1];
const REQUESTS = 500;

const args = `sweep --levels ${LEVELS} --requests ${REQUESTS} --json --quiet --speed ${speed}`;
const { code, stdout, stderr } = await bench(args.split(' '), { cwd: freshDir() });
if (code !== 0) throw new Error(stderr);
const real: SweepReport = JSON.parse(stdout);
const compared = await agreement({ profile: 'g1', levels: LEVELS, requests: REQUESTS }, real.levels);

console.log(
  `profile g1, ${REQUESTS} requests, real at speed ${speed}; one call alone is ${real.overhead?.perCallMs.toFixed(1)} ms of model time late, the machine ${latenessOf(real.levels).toFixed(1)} ms of real time at worst (p99)`,
);
console.log(
  'level  figure     simulated (lowest … highest)      real   outside by  tolerated  overhead simulated',
);
for (const each of compared) {
  const { level, figure, median, lowest, highest, real: value, apart, tolerance, overheadMs } = each;
  const range = `(${lowest.toFixed(0)} … ${highest.toFixed(0)})`;
  console.log(
    `${String(level).padStart(5)}  ${figure.padEnd(9)} ${median.toFixed(0).padStart(9)} ${range.padEnd(19)} ${value.toFixed(0).padStart(10)} ${(apart * 100).toFixed(1).padStart(9)} %   ${Math.abs(apart) <= tolerance ? 'yes' : 'NO '}        ${overheadMs.toFixed(1)} ms`,
  );
}
for (const { message } of real.warnings) console.log(`! ${message}`);
if (disagreements(compared).length > 0) process.exitCode = 1;
