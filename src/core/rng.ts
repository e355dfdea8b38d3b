import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** A seeded stream of chance. What a request draws depends on labels, never on the order in which requests interleave. */
export interface Rng {
  /** Uniform in [0, 1), 53 bits. */
  next(): number;
  /** An independent stream named by `label`; forking does not advance this stream, so forks commute. */
  fork(label: string | number): Rng;
}

/** Finaliser of MurmurHash3: spreads every input bit over the whole word. */
const mix = (word: number): number => {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
};

const PRIME = 0x01000193;

type State = readonly [number, number, number, number];

/**
 * FNV-1a over the label, once per state word with its own start, so that 128 bits depend on every character. All four in one
 * pass: a simulated request forks some ten streams.
 */
const derive = (state: State, prefix: string, label: string): State => {
  let a = state[0] ^ 0x811c9dc5;
  let b = state[1] ^ 0x9e3779b9;
  let c = state[2] ^ 0x7f4a7c15;
  let d = state[3] ^ 0x2545f491;
  for (let i = -prefix.length; i < label.length; i++) {
    const code = i < 0 ? prefix.charCodeAt(i + prefix.length) : label.charCodeAt(i);
    a = Math.imul(a ^ code, PRIME);
    b = Math.imul(b ^ code, PRIME);
    c = Math.imul(c ^ code, PRIME);
    d = Math.imul(d ^ code, PRIME);
  }
  return [mix(a), mix(b), mix(c), mix(d) | 1]; // never all zero, which is the generator's fixed point
};

class Stream implements Rng {
  readonly #state: State;
  #generator: ReturnType<typeof xoroshiro128plusFromState> | undefined;

  constructor(state: State) {
    this.#state = state;
  }

  next(): number {
    this.#generator ??= xoroshiro128plusFromState(this.#state);
    const high = this.#generator.next() >>> 5;
    const low = this.#generator.next() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  fork(label: string | number): Rng {
    // The prefixes keep fork(1) and fork('1') apart.
    return new Stream(derive(this.#state, typeof label === 'number' ? '#' : ':', String(label)));
  }
}

/** The root stream of a run. Every seed is a seed, 0 included; the same seed gives the same draws on any machine. */
export const createRng = (seed: number): Rng => new Stream(derive([0, 0, 0, 0], 'seed:', String(seed)));

/** Exponential draw with the given mean. */
export const exponential = (rng: Rng, mean: number): number => -Math.log(1 - rng.next()) * mean;

/** Standard normal draw: inverse of the distribution function (Acklam's rational approximation, error < 1.2e-9), one uniform per draw. */
export const normal = (rng: Rng): number => inverseNormal(Math.max(rng.next(), Number.EPSILON / 2));

/** Lognormal draw given by its median and the standard deviation of its logarithm. */
export const lognormal = (rng: Rng, median: number, sigma: number): number =>
  median * Math.exp(sigma * normal(rng));

/** Lognormal draw given by its mean and coefficient of variation (σ² = ln(1 + cv²), median = mean / √(1 + cv²)). */
export const lognormalMean = (rng: Rng, mean: number, cv: number): number =>
  lognormal(rng, mean / Math.sqrt(1 + cv * cv), Math.sqrt(Math.log(1 + cv * cv)));

/** Gamma draw of scale 1, whose mean is `shape` (Marsaglia & Tsang 2000; below shape 1 by way of shape + 1). */
export const gamma = (rng: Rng, shape: number): number => {
  if (shape < 1) return gamma(rng, shape + 1) * (1 - rng.next()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(rng);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - rng.next()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
};

const A = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
  2.506628277459239,
] as const;
const B = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572,
] as const;
const C = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
] as const;
const D = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416] as const;

/** Quantile of the standard normal distribution for p in (0, 1) (P. J. Acklam, 2003). */
export const inverseNormal = (p: number): number => {
  const tail = (q: number) =>
    (((((C[0] * q + C[1]) * q + C[2]) * q + C[3]) * q + C[4]) * q + C[5]) /
    ((((D[0] * q + D[1]) * q + D[2]) * q + D[3]) * q + 1);
  if (p < 0.02425) return tail(Math.sqrt(-2 * Math.log(p)));
  if (p > 1 - 0.02425) return -tail(Math.sqrt(-2 * Math.log(1 - p)));
  const q = p - 0.5;
  const r = q * q;
  return (
    ((((((A[0] * r + A[1]) * r + A[2]) * r + A[3]) * r + A[4]) * r + A[5]) * q) /
    (((((B[0] * r + B[1]) * r + B[2]) * r + B[3]) * r + B[4]) * r + 1)
  );
};
