import { nonNegativeLeastSquares } from './least-squares.ts';

/** A measured point: throughput at a concurrency. */
export interface CurvePoint {
  readonly level: number;
  readonly perSecond: number;
}

/** X(N) = γN / (1 + σ(N−1) + κN(N−1)): Gunther's Universal Scalability Law. */
export interface UslFit {
  /** Throughput of one, 1/s. */
  readonly gamma: number;
  /** Contention. */
  readonly sigma: number;
  /** Coherency. */
  readonly kappa: number;
  /** √((1−σ)/κ), where the curve turns down; `null` if it never does. */
  readonly peak: number | null;
  /** Root mean square of the relative errors. */
  readonly error: number;
}

/** X(N) = min(slope · N, ceiling): a server that is linear up to a hard limit. */
export interface HingeFit {
  /** Throughput of each slot below the limit, 1/s. */
  readonly slope: number;
  readonly ceiling: number;
  /** ceiling / slope; `null` if no point lies on the ceiling. */
  readonly knee: number | null;
  /** Root mean square of the relative errors. */
  readonly error: number;
}

const usable = (points: readonly CurvePoint[]): readonly CurvePoint[] =>
  points.filter(({ perSecond }) => perSecond > 0).toSorted((a, b) => a.level - b.level);

const relativeError = (points: readonly CurvePoint[], curve: (level: number) => number): number =>
  Math.sqrt(
    points.reduce((sum, { level, perSecond }) => sum + (curve(level) / perSecond - 1) ** 2, 0) /
      points.length,
  );

/** Fits the Universal Scalability Law by least relative squares of N/X; `undefined` for fewer than three points. */
export const fitUsl = (points: readonly CurvePoint[]): UslFit | undefined => {
  const measured = usable(points);
  if (measured.length < 3) return undefined;
  const times = measured.map(({ level, perSecond }) => level / perSecond);
  const fit = nonNegativeLeastSquares(
    measured.map(({ level }) => [1, level - 1, level * (level - 1)]),
    times,
    times.map((time) => 1 / time ** 2),
  );
  const [base = 0, contention = 0, coherency = 0] = fit?.coefficients ?? [];
  if (base <= 0) return undefined;
  const [gamma, sigma, kappa] = [1 / base, contention / base, coherency / base];
  const curve = (n: number) => (gamma * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1));
  return {
    gamma,
    sigma,
    kappa,
    peak: kappa > 0 ? Math.sqrt(Math.max(0, 1 - sigma) / kappa) : null,
    error: relativeError(measured, curve),
  };
};

/** Fits the hinge by least relative squares over every split of the points; `undefined` for fewer than two. */
export const fitHinge = (points: readonly CurvePoint[]): HingeFit | undefined => {
  const measured = usable(points);
  if (measured.length < 2) return undefined;
  const fits = measured.map((_, index): HingeFit => {
    const below = measured.slice(0, index + 1);
    const above = measured.slice(index + 1);
    // Least relative squares of a constant factor f over ratios r: f = Σ(1/r) / Σ(1/r²).
    const factor = (values: readonly number[]) =>
      values.reduce((sum, value) => sum + 1 / value, 0) /
      values.reduce((sum, value) => sum + 1 / value ** 2, 0);
    const slope = factor(below.map(({ level, perSecond }) => perSecond / level));
    const highest = slope * (measured.at(-1)?.level ?? 1);
    const ceiling = above.length > 0 ? factor(above.map(({ perSecond }) => perSecond)) : highest;
    return {
      slope,
      ceiling,
      knee: above.length > 0 && ceiling < highest ? ceiling / slope : null,
      error: relativeError(measured, (level) => Math.min(slope * level, ceiling)),
    };
  });
  return fits.reduce((best, fit) => (fit.error < best.error - 1e-12 ? fit : best));
};
