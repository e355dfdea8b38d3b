import stdNormalCdf from '@stdlib/stats-base-dists-normal-cdf';
import stdTQuantile from '@stdlib/stats-base-dists-t-quantile';

/** Quantile of Student's t distribution, p in (0, 1); the door to `@stdlib`'s distributions. */
export const tQuantile = (p: number, degreesOfFreedom: number): number => stdTQuantile(p, degreesOfFreedom);

/** Distribution function of the standard normal. */
export const normalCdf = (z: number): number => stdNormalCdf(z, 0, 1);
