import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import type { RenderOptions } from './reporter.ts';

/** Signs that carry meaning, so that no meaning hangs on colour alone. */
export interface Symbols {
  /** The sweet spot's level. */
  readonly best: string;
  /** A level that is not recommended. */
  readonly refused: string;
  /** A level that was cut short. */
  readonly partial: string;
  /** A tested level that is none of these. */
  readonly point: string;
  readonly caution: string;
  readonly pointer: string;
  readonly rule: string;
}

const UNICODE: Symbols = {
  best: '★',
  refused: '✗',
  partial: '~',
  point: '●',
  caution: '!',
  pointer: '▲',
  rule: '─',
};
const ASCII: Symbols = {
  best: '*',
  refused: 'x',
  partial: '~',
  point: 'o',
  caution: '!',
  pointer: '^',
  rule: '-',
};

const TRANSCRIPTION: Readonly<Record<string, string>> = {
  '–': '-',
  '—': '-',
  '−': '-',
  '·': '|',
  '…': '...',
  '→': '->',
  '×': 'x',
  '≥': '>=',
  '≤': '<=',
  '÷': '/',
  '±': '+-',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  µ: 'u',
};

/** How one rendering looks: what paints, which signs, and how foreign text is made safe. */
export interface Style {
  readonly unicode: boolean;
  readonly symbols: Symbols;
  strong(text: string): string;
  quiet(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  /** One printable line: an endpoint's words may hold line breaks, control codes or signs this screen lacks. */
  plain(text: string): string;
}

/** The style for these options; without colour it emits no escape codes. */
export const styleOf = ({ color, unicode }: RenderOptions): Style => {
  const { bold, dim, green, red, yellow } = pc.createColors(color);
  // Nothing stays nothing: an empty line with codes in it would no longer count as empty.
  const painter = (paint: (text: string) => string) => (text: string) => (text === '' ? '' : paint(text));
  return {
    unicode,
    symbols: unicode ? UNICODE : ASCII,
    strong: painter(bold),
    quiet: painter(dim),
    good: painter((text) => bold(green(text))),
    bad: painter((text) => bold(red(text))),
    warn: painter(yellow),
    plain: (text) => (unicode ? printable(text) : ascii(printable(text))),
  };
};

/** Text on one line and without control codes, whoever wrote it. */
export const printable = (text: string): string =>
  stripVTControlCharacters(text)
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .replaceAll(/\p{Cf}/gu, '')
    .trim();

const ascii = (text: string): string =>
  text.replaceAll(/[^\x20-\x7e]/gu, (character) => TRANSCRIPTION[character] ?? '?');
