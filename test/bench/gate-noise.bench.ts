/**
 * How often the gate cries wolf, and how often it sees a tenth, on simulated noise: `comparePairs` over runs whose figures are
 * drawn, with a drift of 2 % per session of eight pairs. Nothing waits, so hundreds of comparisons take a minute. Every series of
 * seeds is a trial of its own: npm run bench:gate-noise -- [comparisons per row] [first seed].
 */
import { comparePairs, PAIR_DEFAULTS } from '../../src/analyze/compare-pairs.ts';
import type { ComparedRun } from '../../src/analyze/compare-run.ts';
import { createRng, normal, type Rng } from '../../src/core/rng.ts';
import { NOISE, type Noise, noisyRun } from '../support/compared-runs.ts';

const [trials = 300, firstSeed = 1] = process.argv.slice(2).map(Number);

type Take = (rng: Rng, slowdown: number) => ComparedRun;

const CONDITIONS = { scenario: 'short', target: 'mock', node: '24', seed: '1', levels: '20' };

/** One level whose figures all follow from one factor, drawn anew for every run. */
const together =
  (factorOf: (rng: Rng) => number, names?: readonly string[]): Take =>
  (rng, slowdown) => {
    const factor = slowdown * factorOf(rng);
    const all = {
      wallClock: 430 * factor,
      throughput: 200_000 / (430 * factor),
      p50: 40 * factor,
      p95: 41 * factor,
      p99: 43 * factor,
      attemptsPerSuccess: 1,
      retryOverhead: 0,
      failures: 0,
    };
    const values = Object.fromEntries(Object.entries(all).filter(([name]) => names?.includes(name) ?? true));
    return { exact: false, conditions: CONDITIONS, scopes: [{ level: 20, values, blocks: [] }], spot: null };
  };

const byItself =
  (noise: Noise, levels: readonly number[]): Take =>
  (rng, slowdown) =>
    noisyRun(rng, noise, slowdown, levels);

const lognormal = (cv: number) => (rng: Rng) => Math.exp(cv * normal(rng));

/** Student's t with three degrees of freedom, scaled to the standard deviation `cv`: now and then a run is far out. */
const heavyTailed = (cv: number) => (rng: Rng) => {
  const chiSquared = normal(rng) ** 2 + normal(rng) ** 2 + normal(rng) ** 2;
  return Math.exp((cv * normal(rng)) / Math.sqrt(chiSquared));
};

/** Quiet, but for one run in ten. */
const spiky = (cv: number) => (rng: Rng) => lognormal(rng.next() < 0.1 ? cv : cv / 10)(rng);

const ROWS: readonly (readonly [noise: string, figures: string, take: Take])[] = [
  ['1.7 %, as found', 'each by itself, two levels', byItself(NOISE.asFound, [5, 20])],
  ['2.3 %, two busy neighbours', 'each by itself, two levels', byItself(NOISE.busy, [5, 20])],
  ['18 %, four busy neighbours', 'wall-clock alone', together(lognormal(0.18), ['wallClock'])],
  ['18 %', 'all, moving together', together(lognormal(0.18))],
  ['18 %', 'each by itself', byItself(NOISE.heavy, [20])],
  ['18 % in one run of ten, else 1.8 %', 'all, moving together', together(spiky(0.18))],
  ["18 %, Student's t with 3 degrees of freedom", 'all, moving together', together(heavyTailed(0.18))],
];

const session = (seed: number, slowdown: number, take: Take) => {
  const rng = createRng(seed);
  let drift = 0;
  return comparePairs({ ...PAIR_DEFAULTS, threshold: 0.05, seed: 1 }, async ({ side, pair, confirming }) => {
    drift += 0.02 / 16;
    const own = rng.fork(`${side}${pair}${confirming}`);
    return { run: take(own, (1 + drift) * (side === 'next' ? slowdown : 1)), busy: false };
  });
};

const series = async (slowdown: number, take: Take): Promise<string> => {
  const verdicts = new Map<string, number>();
  let [pairs, confirming] = [0, 0];
  for (let seed = firstSeed; seed < firstSeed + trials; seed++) {
    const result = await session(seed, slowdown, take);
    const { verdict } = result.comparison;
    verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
    pairs += result.pairs / trials;
    confirming += result.confirmingPairs / trials;
  }
  const share = (verdict: string) => (((verdicts.get(verdict) ?? 0) / trials) * 100).toFixed(1);
  return `regressed ${share('regressed')} %, improved ${share('improved')} %, open ${share('inconclusive')} %; ${pairs.toFixed(0)} + ${confirming.toFixed(0)} pairs`;
};

process.stdout.write(`${trials} comparisons each, seeds from ${firstSeed}\n`);
for (const [noise, figures, take] of ROWS) {
  process.stdout.write(`${noise}; ${figures}\n`);
  process.stdout.write(`  the same:        ${await series(1, take)}\n`);
  process.stdout.write(`  a tenth slower:  ${await series(1.1, take)}\n`);
}
