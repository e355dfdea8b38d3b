import type { LevelReport } from '../../src/analyze/report.ts';
import type { LevelSummary } from '../../src/measure/level-summary.ts';
import { simulatedRun } from './simulated-run.ts';

type Figured = Pick<LevelSummary, 'level' | 'wallClockMs' | 'counts' | 'metrics'>;

/** What simulated and real time must agree in, and how closely. */
const FIGURES: readonly (readonly [name: string, tolerance: number, of: (level: Figured) => number])[] = [
  ['makespan', 0.03, ({ wallClockMs }) => wallClockMs],
  ['attempts', 0.06, ({ counts }) => counts.attempts],
  ['p95', 0.08, ({ metrics }) => metrics.serviceTime?.p95 ?? Number.NaN],
];

/** Shares of the measured overhead that the simulated hops of one ensemble take. */
const SHARES = [0.5, 0.7, 0.9, 1, 1.1, 1.3, 1.5];

/** Which real run is compared. */
export interface ComparedRun {
  readonly profile: string;
  readonly settings?: readonly string[];
  readonly levels: readonly number[];
  readonly requests: number;
}

/** One figure of one level, simulated several times and measured once. */
export interface Comparison {
  readonly level: number;
  readonly figure: string;
  readonly tolerance: number;
  readonly lowest: number;
  readonly median: number;
  readonly highest: number;
  readonly real: number;
  /** By how much the measured figure lies outside what was simulated, as a share; 0 inside. */
  readonly apart: number;
  /** What a call took beyond the server's time, at the median; the simulation was told it as its two hops. */
  readonly overheadMs: number;
}

const levelOf = (levels: readonly Figured[], level: number): Figured => {
  const found = levels.find((each) => each.level === level);
  if (!found) throw new Error(`no level ${level}`);
  return found;
};

const simulatedWith = async (run: ComparedRun, level: number, delay: number): Promise<Figured> => {
  const { levels } = await simulatedRun({
    profile: run.profile,
    settings: run.settings ?? [],
    levels: [level],
    requests: run.requests,
    hop: { delay, jitter: delay / 4 },
    keepRecords: false,
  });
  return levelOf(levels, level);
};

const attemptP50 = ({ metrics }: Figured): number => metrics.attemptTime?.p50 ?? Number.NaN;

/**
 * Simulates each level with several networks and holds the real figures against them. The server's time for a request
 * depends on its number alone, so what real attempts took beyond simulated ones is what client, sockets and machine added:
 * that is simulated too. Several networks, because above a rate limit a run is chaotic: a hop that is a millisecond longer
 * sends other requests into the next backoff, so the same server gives makespans that differ by some percent, and one
 * simulation is as little the truth as one run.
 */
export const agreement = async (run: ComparedRun, real: readonly Figured[]): Promise<Comparison[]> => {
  const all: Comparison[] = [];
  for (const level of run.levels) {
    const measured = levelOf(real, level);
    const overheadMs = Math.max(0, attemptP50(measured) - attemptP50(await simulatedWith(run, level, 0)));
    const simulated: Figured[] = [];
    for (const share of SHARES) simulated.push(await simulatedWith(run, level, (overheadMs / 2) * share));
    for (const [figure, tolerance, of] of FIGURES) {
      const values = simulated.map(of).sort((a, b) => a - b);
      const [lowest = Number.NaN, highest = Number.NaN] = [values[0], values.at(-1)];
      const value = of(measured);
      const apart = value < lowest ? value / lowest - 1 : value > highest ? value / highest - 1 : 0;
      const median = values[Math.floor(values.length / 2)] ?? Number.NaN;
      all.push({ level, figure, tolerance, lowest, median, highest, real: value, apart, overheadMs });
    }
  }
  return all;
};

/**
 * Real milliseconds by which the machine itself was late at the worst level, by the run's own instruments: the event loop of
 * the client and the sends of the mock, at the 99th percentile. Knows nothing of the simulation.
 */
export const latenessOf = (levels: readonly LevelReport[]): number =>
  Math.max(
    ...levels.map(({ health, mockLatenessP99RealMs }) =>
      Math.max(health?.eventLoopDelayP99RealMs ?? 0, mockLatenessP99RealMs ?? 0),
    ),
  );

/** Comparisons that lie further apart than tolerated. */
export const disagreements = (comparisons: readonly Comparison[]): readonly Comparison[] =>
  comparisons.filter(({ apart, tolerance }) => !(Math.abs(apart) <= tolerance));
