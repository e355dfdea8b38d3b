/** Load per hour of a day relative to its mean: 24 weights whose mean is 1. */
export type LoadCurve = readonly number[];

const HOURS = 24;

const shape = (exponent: number): LoadCurve => {
  const raw = Array.from(
    { length: HOURS },
    (_, hour) => ((1 - Math.cos((2 * Math.PI * hour) / HOURS)) / 2) ** exponent,
  );
  const mean = raw.reduce((total, weight) => total + weight, 0) / HOURS;
  return raw.map((weight) => weight / mean);
};

/**
 * A day with one peak at noon, `peakFactor` = busiest hour ÷ mean hour: a raised cosine to the power that gives this ratio (1 is
 * flat, 2 the cosine itself, more is narrower).
 */
export const loadCurve = (peakFactor: number): LoadCurve => {
  if (peakFactor <= 1) return Array.from({ length: HOURS }, () => 1);
  let low = 0;
  let high = 1;
  const peak = (exponent: number) => Math.max(...shape(exponent));
  while (peak(high) < peakFactor && high < 1e6) high *= 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (peak(middle) < peakFactor) low = middle;
    else high = middle;
  }
  return shape(high);
};

/** Turns hourly weights of any scale into a curve. */
export const curveOf = (weights: readonly number[]): LoadCurve => {
  const mean = weights.reduce((total, weight) => total + weight, 0) / weights.length;
  return weights.map((weight) => weight / mean);
};

/** Busiest hour ÷ mean hour. */
export const peakFactorOf = (curve: LoadCurve): number => Math.max(...curve);

/**
 * A curve of the same shape with another peak: each weight to the power that gives it, so that hours keep their order; from a flat
 * curve the cosine.
 */
export const peakedAt = (curve: LoadCurve, peakFactor: number): LoadCurve => {
  if (peakFactor <= 1) return curve.map(() => 1);
  const to = (exponent: number) => curveOf(curve.map((weight) => weight ** exponent));
  let low = 0;
  let high = 1;
  while (peakFactorOf(to(high)) < peakFactor && high < 1e3) high *= 2;
  if (peakFactorOf(to(high)) < peakFactor) return loadCurve(peakFactor);
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (peakFactorOf(to(middle)) < peakFactor) low = middle;
    else high = middle;
  }
  return to(high);
};
