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

/**
 * Breaks unpainted text between words, and inside a word that fits no line. Lines after the first start with `indent`
 * spaces, which count; the caller paints the lines afterwards.
 */
export const wrap = (text: string, width: number, indent = 0): readonly string[] => {
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
