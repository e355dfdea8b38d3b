import { createRng } from '../../src/core/rng.ts';

// ASCII without quotes and backslashes: encoders rely on it.
const WORDS =
  'the a of to and in is it for on with as that by this from are was be at or an which one all more each when time value case part rate load call limit queue answer model server token measure request result number system point level early late small large steady even given known clear short simple after before under over between through while because however therefore'.split(
    ' ',
  );

const THOUGHTS =
  'so we first check whether the user wants this or that then compare both options again and note what follows if not step back count once more'.split(
    ' ',
  );

/** Words of a sentence, and sentences of a book. */
const SENTENCE = 13;
const SENTENCES = 512;
const TOKENS = SENTENCE * SENTENCES;

/** A text of words, one token each, and where each token starts in it. Any passage of it is a slice, which costs nothing. */
interface Book {
  readonly text: string;
  readonly startsAt: Uint32Array;
}

const writeBook = (words: readonly string[]): Book => {
  const chance = createRng(words.length);
  const startsAt = new Uint32Array(TOKENS + 1);
  let text = '';
  for (let token = 0; token < TOKENS; token++) {
    startsAt[token] = text.length;
    const word = words[Math.floor(chance.next() * words.length)] ?? '';
    const place = token % SENTENCE;
    if (place === 0) text += ` ${word.charAt(0).toUpperCase()}${word.slice(1)}`;
    else text += place === SENTENCE - 1 ? ` ${word}.` : ` ${word}`;
  }
  startsAt[TOKENS] = text.length;
  return { text: Buffer.from(text, 'latin1').toString('latin1'), startsAt }; // flattens the rope
};

/** Written when somebody first reads in it: a simulation mostly does not. */
const book = (words: readonly string[]): (() => Book) => {
  let written: Book | undefined;
  return () => {
    written ??= writeBook(words);
    return written;
  };
};

const answers = book(WORDS);
const reasoning = book(THOUGHTS);

/** Tokens `from` to `to` of the text that starts with sentence `start` of the book, over and over. */
const passage = (book: Book, start: number, from: number, to: number): string => {
  const origin = (start % SENTENCES) * SENTENCE;
  let text = '';
  for (let token = from; token < to; ) {
    const place = (origin + token) % TOKENS;
    const count = Math.min(to - token, TOKENS - place);
    const begin = book.startsAt[place] ?? 0;
    const slice = book.text.slice(token === 0 ? begin + 1 : begin, book.startsAt[place + count]);
    text = text === '' ? slice : text + slice;
    token += count;
  }
  return text;
};

/** Visible tokens `from` (included) to `to` (excluded) of the text number `start`. */
export const answerText = (start: number, from: number, to: number): string =>
  passage(answers(), start, from, to);

/** The same for thinking tokens. */
export const thoughtText = (start: number, from: number, to: number): string =>
  passage(reasoning(), start, from, to);

/** The same for a JSON text that is cut into `tokens` pieces of about equal length. */
export const jsonText =
  (json: string, tokens: number) =>
  (_start: number, from: number, to: number): string =>
    json.slice(Math.floor((from * json.length) / tokens), Math.floor((to * json.length) / tokens));
