import { createRng, type Rng } from '../core/rng.ts';

/** Characters of English text per token, by the usual estimate. */
export const CHARACTERS_PER_TOKEN = 4;

const WORDS =
  'account address agree answer arrive begin between board budget build carry change check claim clear close committee contract copy cost customer date decide deliver detail draft early error evening example expect figure final form forward group hand hold hour include invoice issue keep later letter line list machine meeting member month morning move name note number offer office open order page part pay person place plan point price print problem process product question quarter rate read reason record report request result return review rule second send service set sheet short show sign site small stand start state store table team ticket time total under unit update use value visit wait week work write year'.split(
    ' ',
  );

const SENTENCE = 12;
const BOOK_LENGTH = 1 << 16;

const write = (): string => {
  const rng = createRng(0).fork('book');
  let text = '';
  for (let word = 0; text.length < BOOK_LENGTH; word++) {
    const next = WORDS[Math.floor(rng.next() * WORDS.length)] ?? '';
    const place = word % SENTENCE;
    text += place === 0 ? `${next.charAt(0).toUpperCase()}${next.slice(1)} ` : next;
    if (place > 0) text += place === SENTENCE - 1 ? '. ' : ' ';
  }
  return text.slice(0, BOOK_LENGTH);
};

let book: string | undefined;

/** Plain text of about so many tokens, four characters each; which passage depends on `rng`. */
export const textOfTokens = (tokens: number, rng: Rng): string => {
  book ??= write();
  const start = Math.floor(rng.next() * BOOK_LENGTH);
  const length = Math.max(1, Math.round(tokens * CHARACTERS_PER_TOKEN));
  let text = book.slice(start, start + length);
  while (text.length < length) text += book.slice(0, length - text.length);
  return text.trim();
};
