/** Rows of one block. */
export const BLOCK_ROWS = 4096;

/** Rows that the first block starts with: most simulations end long before it is full. */
const FIRST_ROWS = 256;

/** Texts of which there are few, by number. */
class Dictionary {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];

  numberOf(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#texts.push(text) - 1;
      this.#numbers.set(text, number);
    }
    return number;
  }

  clear(): void {
    this.#numbers.clear();
    this.#texts.length = 0;
  }

  textOf(number: number): string {
    return this.#texts[number] ?? '';
  }
}

/**
 * Rows of numbers and short texts in blocks of doubles. A hundred thousand rows as objects make the garbage collector copy
 * and scan them all, which costs a server more than answering; as columns they cost it nothing. `undefined` is NaN.
 */
export class Columns {
  readonly #width: number;
  readonly #blocks: Float64Array[] = [];
  /** Blocks to be used again: memory that was never touched before is what costs most about a row. */
  readonly #spare: Float64Array[] = [];
  readonly #dictionary = new Dictionary();
  /** Rows that were dropped from the front, in whole blocks. */
  #dropped = 0;
  #rows = 0;

  constructor(width: number) {
    this.#width = width;
  }

  /** Rows ever added, and the first that is still kept. */
  get rows(): number {
    return this.#rows;
  }

  get firstKept(): number {
    return this.#dropped;
  }

  /** Number under which a text is stored. */
  code(text: string | undefined): number {
    return text === undefined ? Number.NaN : this.#dictionary.numberOf(text);
  }

  /** The text of a code. */
  decode(code: number | undefined): string | undefined {
    return code === undefined || Number.isNaN(code) ? undefined : this.#dictionary.textOf(code);
  }

  /** Appends a row of NaN and returns where its cells are to be written: a block and an offset. */
  append(): { readonly block: Float64Array; readonly offset: number } {
    const place = this.#rows++ - this.#dropped;
    const number = Math.floor(place / BLOCK_ROWS);
    const offset = (place % BLOCK_ROWS) * this.#width;
    let block = this.#blocks[number];
    if (block === undefined || offset >= block.length) {
      block = block ? this.#grown(block) : this.#fresh(number);
      this.#blocks[number] = block;
    }
    return { block, offset };
  }

  #fresh(number: number): Float64Array {
    const rows = number === 0 ? FIRST_ROWS : BLOCK_ROWS;
    return (this.#spare.pop() ?? new Float64Array(rows * this.#width)).fill(Number.NaN);
  }

  #grown(block: Float64Array): Float64Array {
    const larger = new Float64Array(Math.min(4 * block.length, BLOCK_ROWS * this.#width));
    larger.set(block);
    return larger.fill(Number.NaN, block.length);
  }

  /** Cells of a kept row. */
  row(row: number): Float64Array {
    const place = row - this.#dropped;
    const offset = (place % BLOCK_ROWS) * this.#width;
    return (this.#blocks[Math.floor(place / BLOCK_ROWS)] ?? new Float64Array(0)).subarray(
      offset,
      offset + this.#width,
    );
  }

  /** Drops whole blocks from the front while more than `capacity` rows remain. */
  keep(capacity: number): void {
    while (this.#rows - this.#dropped >= capacity + BLOCK_ROWS) {
      this.#spare.push(...this.#blocks.splice(0, 1));
      this.#dropped += BLOCK_ROWS;
    }
  }

  /** Drops everything, texts included. */
  clear(): void {
    this.#spare.push(...this.#blocks.splice(0));
    this.#dictionary.clear();
    this.#dropped = 0;
    this.#rows = 0;
  }
}
