/** Spreads a counter over 32 bits without collisions (finaliser of MurmurHash3, a bijection). */
const spread = (word: number): number => {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

const hex = (word: number): string => word.toString(16).padStart(8, '0');

/** Names for answers: 32 hexadecimal digits, different for every call, the same in every run with the same seed. */
export const requestIds = (seed: number): (() => string) => {
  const suffix = hex(spread(seed ^ 0x9e3779b9)) + hex(spread(seed ^ 0x7f4a7c15)) + hex(spread(seed + 1));
  let count = 0;
  return () => hex(spread(++count)) + suffix;
};
