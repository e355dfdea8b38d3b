/** Signs that no shell takes for anything but themselves. */
const PLAIN = /^[\w@%+=:,./-]+$/;

const quoted = (word: string): string =>
  PLAIN.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** Words as one line that a POSIX shell reads as these words again. */
export const shellLine = (words: readonly string[]): string => words.map(quoted).join(' ');

const PIECE = /'([^']*)'|\\([\s\S])|([^\s'\\]+)|(\s+)/g;

/** The words of a line that `shellLine` made. */
export const shellWords = (line: string): readonly string[] => {
  const words: string[] = [];
  let word: string | undefined;
  for (const [, inQuotes, escaped, plain, space] of line.matchAll(PIECE)) {
    if (space === undefined) {
      word = (word ?? '') + (inQuotes ?? escaped ?? plain ?? '');
    } else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
};
