import type { Profile } from './profile.ts';

/** How many times slower than an idle server everything is with `active` requests in service. */
export const slowdownOf = ({ factor, at, thrash }: NonNullable<Profile['load']>, active: number): number => {
  const shared = 1 + ((factor - 1) * Math.max(active - 1, 0)) / (at - 1);
  return thrash ? shared * (1 + thrash.slowdown * Math.max(active - thrash.above, 0)) : shared;
};
