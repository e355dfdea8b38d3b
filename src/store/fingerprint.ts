import { createHash } from 'node:crypto';

/** A hash over texts in order, and how many there were; `about` is hashed first. */
export const fingerprintOf = async (
  about: readonly (string | number | undefined)[],
  texts: AsyncIterable<string>,
): Promise<{ readonly fingerprint: string; readonly items: number }> => {
  const hash = createHash('sha256').update(JSON.stringify(about));
  let items = 0;
  for await (const text of texts) {
    hash.update(`\n${text.length}:${text}`); // the length keeps "a", "b" and "a\nb" apart
    items++;
  }
  return { fingerprint: hash.digest('hex'), items };
};
