/** Levenshtein distance: insertions, deletions and replacements between two words. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, place) => place);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
};

/** The `count` names that resemble `word` most. */
export const nearest = (word: string, names: readonly string[], count = 2): readonly string[] =>
  names.toSorted((a, b) => distance(word, a) - distance(word, b)).slice(0, count);
