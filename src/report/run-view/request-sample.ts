import type { RequestRecord } from '../../core/record.ts';
import { Keep } from './keep.ts';

/** How many requests of a level a picture of it holds, by why they are in it. */
export const SAMPLE_SIZE = { slowest: 100, unsuccessful: 150, typical: 350 } as const;

/** Spreads numbers that follow each other over all 32-bit integers (the finalizer of MurmurHash3). */
const scatter = (value: number): number => {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

type Order = (a: RequestRecord, b: RequestRecord) => number;

const byStart: Order = (a, b) => a.startedAt - b.startedAt || a.index - b.index || a.endedAt - b.endedAt;
const byChance: Order = (a, b) => scatter(a.index) - scatter(b.index) || byStart(a, b);
const bySlowness: Order = (a, b) => b.endedAt - b.startedAt - (a.endedAt - a.startedAt) || byStart(a, b);

/**
 * Some hundred requests that stand for any number: the slowest, those that did not succeed, and of the rest an even
 * selection by their number. The same requests give the same sample in any order, in one piece or merged.
 */
export class RequestSample {
  readonly #slowest = new Keep(SAMPLE_SIZE.slowest, bySlowness);
  readonly #unsuccessful = new Keep(SAMPLE_SIZE.unsuccessful, byChance);
  readonly #typical = new Keep(SAMPLE_SIZE.typical, byChance);

  add(record: RequestRecord): void {
    this.#slowest.add(record);
    this.#typical.add(record);
    if (record.outcome !== 'ok') this.#unsuccessful.add(record);
  }

  /** Adds all that another sample has kept. */
  merge(other: RequestSample): void {
    for (const record of other.#slowest.values) this.#slowest.add(record);
    for (const record of other.#unsuccessful.values) this.#unsuccessful.add(record);
    for (const record of other.#typical.values) this.#typical.add(record);
  }

  /** The requests in order of their start; `share` (0–1) of the sample's size where many levels must fit on one page. */
  requests(share = 1): readonly RequestRecord[] {
    const some = (records: readonly RequestRecord[], size: number) =>
      records.slice(0, Math.max(5, Math.round(size * share)));
    return [
      ...new Set([
        ...some(this.#slowest.values, SAMPLE_SIZE.slowest),
        ...some(this.#unsuccessful.values, SAMPLE_SIZE.unsuccessful),
        ...some(this.#typical.values, SAMPLE_SIZE.typical),
      ]),
    ].sort(byStart);
  }
}
