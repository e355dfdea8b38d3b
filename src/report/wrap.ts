import { stripVTControlCharacters } from 'node:util';

const WIDE =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;

const widthOf = (character: string): number => {
  if (character >= ' ' && character <= '~') return 1;
  if (/\p{M}/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
};

/** Columns that a line takes on a screen: colour codes take none, Chinese, Japanese and Korean signs two. */
export const visibleWidth = (text: string): number => {
  let width = 0;
  for (const character of stripVTControlCharacters(text)) width += widthOf(character);
  return width;
};

/** A command at the end of a text. */
const COMMAND = /(?<=: )bench (?:sweep|find) .+$/s;

/** Room for the sign that goes on with a command in the next line. */
const ON = ' \\';

/** What stays in one line: an option with its value, and whatever stands in quotes. */
const PIECE = /(?:--\S+ (?!--))?(?:'[^']*'|[^\s'])+/g;

/** A command on lines that a shell reads as one; none is broken inside a word, even where it is too long. */
const commandLines = (command: string, width: number, indent: number): readonly string[] => {
  const margin = ' '.repeat(indent);
  const lines: string[] = [];
  for (const piece of command.match(PIECE) ?? []) {
    const longer = `${lines.at(-1)} ${piece}`;
    if (lines.length > 0 && visibleWidth(longer) <= width - ON.length) lines[lines.length - 1] = longer;
    else lines.push(margin + piece);
  }
  return lines.map((line, place) => (place < lines.length - 1 ? line + ON : line));
};

/**
 * Breaks unpainted text between words, and inside a word that fits no line. Lines after the first start with `indent`
 * spaces, which count; the caller paints the lines afterwards. A command at the end that does not fit stands on lines of its own,
 * so that it can be copied.
 */
export const wrap = (text: string, width: number, indent = 0): readonly string[] => {
  const lines = wrapWords(text, width, indent);
  const { index } = COMMAND.exec(text) ?? {};
  if (index === undefined || lines.length === 1) return lines;
  const before = wrapWords(text.slice(0, index).trimEnd(), width, indent);
  return [...before, ...commandLines(text.slice(index), width, Math.min(indent, Math.max(0, width - 10)))];
};

const wrapWords = (text: string, width: number, indent: number): readonly string[] => {
  const margin = ' '.repeat(Math.min(indent, Math.max(0, width - 10)));
  const lines: string[] = [];
  let line = '';
  let used = 0;
  let isBlank = true; // nothing but the margin on it yet
  const put = (piece: string, columns: number) => {
    line += piece;
    used += columns;
  };
  const flush = () => {
    lines.push(line.trimEnd());
    line = margin;
    used = margin.length;
    isBlank = true;
  };
  for (const word of text.split(' ')) {
    if (!isBlank && used + 1 + visibleWidth(word) > width) flush();
    if (!isBlank) put(' ', 1);
    for (const character of word) {
      if (used + widthOf(character) > width) flush();
      put(character, widthOf(character));
    }
    isBlank = false;
  }
  lines.push(line.trimEnd());
  return lines;
};
