/** Arithmetic mean; `NaN` of no values. */
export const mean = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  return sum / values.length;
};

/** Sum of the squared distances from the mean. */
export const sumOfSquares = (values: ArrayLike<number>): number => {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += ((values[i] ?? 0) - centre) ** 2;
  return sum;
};

/** Variance of what the values are a sample of (n − 1); `NaN` of fewer than two. */
export const variance = (values: ArrayLike<number>): number => sumOfSquares(values) / (values.length - 1);

/** Standard error of the mean of independent values; `NaN` of fewer than two. */
export const standardErrorOfMean = (values: ArrayLike<number>): number =>
  Math.sqrt(variance(values) / values.length);
