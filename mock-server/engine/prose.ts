const WORDS =
  'the a of to and in is it for on with as that by this from are was be at or an which one all more each when time value case part rate load call limit queue answer model server token measure request result number system point level early late small large steady even given known clear short simple after before under over between through while because however therefore'.split(
    ' ',
  );

const THOUGHTS =
  'so we first check whether the user wants this or that then compare both options again and note what follows if not step back count once more'.split(
    ' ',
  );

/** A word of the list by a multiplicative hash of its place, so that any token's text is known without the ones before. */
const pick = (words: readonly string[], start: number, token: number): string => {
  const place = Math.imul(start + token * 7919, 0x9e3779b1) >>> 0;
  return words[place % words.length] ?? '';
};

const sentence = (words: readonly string[], start: number, token: number): string => {
  const word = pick(words, start, token);
  const place = token % 13;
  if (place === 0) return `${token === 0 ? '' : ' '}${word.charAt(0).toUpperCase()}${word.slice(1)}`;
  return place === 12 ? ` ${word}.` : ` ${word}`;
};

/** Text of visible token number `token`: English-like words, one token each. */
export const wordAt = (start: number, token: number): string => sentence(WORDS, start, token);

/** Text of thinking token number `token`. */
export const thoughtAt = (start: number, token: number): string => sentence(THOUGHTS, start, token);

/** Cuts a JSON text into `tokens` pieces of about equal length. */
export const jsonPiece =
  (json: string, tokens: number) =>
  (_start: number, token: number): string =>
    json.slice(Math.floor((token * json.length) / tokens), Math.floor(((token + 1) * json.length) / tokens));
