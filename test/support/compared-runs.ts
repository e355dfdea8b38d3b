import type { ComparedRun, Figures } from '../../src/analyze/compare-run.ts';
import { createRng, normal, type Rng } from '../../src/core/rng.ts';

/** What a noisy machine does to figures: relative standard deviations, drawn anew for every run. */
export interface Noise {
  /** Of the wall-clock and all that follows from it. */
  readonly cv: number;
  /** Of the tail of the latencies. */
  readonly tail: number;
}

/** The noise profiles that were measured on a shared two-core machine: as found, with two and with four busy neighbours. */
export const NOISE = {
  asFound: { cv: 0.017, tail: 0.059 },
  busy: { cv: 0.023, tail: 0.067 },
  heavy: { cv: 0.18, tail: 0.7 },
} as const satisfies Readonly<Record<string, Noise>>;

const CONDITIONS = { scenario: 'short', target: 'mock', node: '24', seed: '1', levels: '5, 20' };

/** One run's figures at two levels, `slowdown` times as slow as they should be. */
const noisyFigures = (rng: Rng, { cv, tail }: Noise, slowdown: number): Figures => {
  const wallClock = 430 * slowdown * Math.exp(cv * normal(rng));
  return {
    wallClock,
    throughput: 200_000 / wallClock,
    p50: 40 * slowdown * Math.exp(cv * normal(rng)),
    p95: 41 * slowdown * Math.exp(cv * normal(rng)),
    p99: 43 * slowdown * Math.exp(tail * normal(rng)),
    attemptsPerSuccess: 1,
    retryOverhead: 0,
    failures: 0,
  };
};

/** A run in real time; noise comes from `rng`, drift from the session's length. */
export const noisyRun = (
  rng: Rng,
  noise: Noise,
  slowdown = 1,
  levels: readonly number[] = [5, 20],
): ComparedRun => ({
  exact: false,
  conditions: CONDITIONS,
  scopes: levels.map((level) => ({
    level,
    values: noisyFigures(rng.fork(level), noise, slowdown),
    blocks: [],
  })),
  spot: null,
});

/** A run whose repeats are given, with the seed as its only condition besides the usual. */
export const runOf = (
  blocks: readonly Figures[],
  { seed = 1, exact = false, level = 20 }: { seed?: number; exact?: boolean; level?: number } = {},
): ComparedRun => ({
  exact,
  conditions: { ...CONDITIONS, seed: String(seed), levels: String(level) },
  scopes: [{ level, values: blocks[0] ?? {}, blocks: blocks.length > 1 ? blocks : [] }],
  spot: null,
});

/** Values around a centre. */
export const around = (centre: number, cv: number, count: number, seed: number): readonly number[] => {
  const rng = createRng(seed);
  return Array.from({ length: count }, () => centre * Math.exp(cv * normal(rng)));
};
