/** Spreads a counter over 32 bits without collisions (finaliser of MurmurHash3, a bijection). */
const spread = (word: number): number => {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

const hex = (word: number): string => word.toString(16).padStart(8, '0');

/**
 * Names for answers: 32 hexadecimal digits, different for every call, the same in every run with the same seed. Each of several
 * processes takes every `step`-th name, so that theirs differ too.
 */
export const requestIds = (seed: number, first = 0, step = 1): (() => string) => {
  const suffix = hex(spread(seed ^ 0x9e3779b9)) + hex(spread(seed ^ 0x7f4a7c15)) + hex(spread(seed + 1));
  let count = first + 1 - step;
  return () => {
    count += step;
    return hex(spread(count)) + suffix;
  };
};
