import type { AttemptTag } from '../run/endpoint.ts';

/** Header that joins our attempts with the mock's ledger. */
export const TAG_HEADER = 'x-bench-request';

/** The ledger's name for a part of the run: the level for what is measured, so that counts can be held against the report. */
export const ledgerTag = ({ level, phase }: Pick<AttemptTag, 'level' | 'phase'>): string =>
  phase === 'measure' ? String(level) : `${phase}-${level}`;

/** More requests than any block has: keeps the requests of repeats apart, so that each draws a latency of its own. */
const BLOCK_STRIDE = 10_000_000;

/** The header's value: `<tag>/<index>/<attempt>`; the index goes on from repeat to repeat. */
export const formatTag = (tag: AttemptTag): string =>
  `${ledgerTag(tag)}/${tag.block * BLOCK_STRIDE + tag.index}/${tag.attempt}`;

/** Reads the header back. */
export const parseTag = (
  text: string,
): { readonly tag: string; readonly index: number; readonly attempt: number } => {
  const end = text.indexOf('/');
  if (end < 0) return { tag: text, index: 0, attempt: 0 };
  const last = text.indexOf('/', end + 1);
  return {
    tag: text.slice(0, end),
    index: Number(last < 0 ? text.slice(end + 1) : text.slice(end + 1, last)),
    attempt: last < 0 ? 0 : Number(text.slice(last + 1)),
  };
};
