/** Spreads a counter over 32 bits without collisions (finaliser of MurmurHash3, a bijection). */
const spread = (word: number): number => {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const byte = (word: number, shift: number): string => BYTES[(word >>> shift) & 255] ?? '';

/** By table: every request of a busy server needs one. */
const hex = (word: number): string => byte(word, 24) + byte(word, 16) + byte(word, 8) + byte(word, 0);

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
