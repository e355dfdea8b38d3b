import type { ProviderBlock } from '../core/call.ts';

/** A piece of a block, as a frame of a stream brings it. */
interface Piece {
  readonly type?: string;
  readonly text?: string;
  readonly thinking?: string;
  readonly signature?: string;
  readonly partial_json?: string;
}

interface Growing {
  readonly [key: string]: unknown;
  text?: string;
  thinking?: string;
  signature?: string;
  input?: unknown;
  json?: string;
}

/** Whether a block is the model's thinking, shown or sealed. A turn that holds one must be passed back as it was. */
export const isThinking = ({ type }: { readonly type?: unknown }): boolean =>
  type === 'thinking' || type === 'redacted_thinking';

/** Puts the blocks of a streamed turn together again; only of a turn that began with thinking, nothing of any other. */
export class TurnBlocks {
  readonly #blocks = new Map<number, Growing>();
  #isKept = false;

  /** A block begins. */
  start(index: number, block: ProviderBlock): void {
    if (this.#blocks.size === 0) this.#isKept = isThinking(block);
    if (this.#isKept) this.#blocks.set(index, { ...block });
  }

  /** A piece of a block. */
  add(index: number, { text, thinking, signature, partial_json: json }: Piece): void {
    const block = this.#blocks.get(index);
    if (!block) return;
    if (text !== undefined) block.text = (block.text ?? '') + text;
    if (thinking !== undefined) block.thinking = (block.thinking ?? '') + thinking;
    if (signature !== undefined) block.signature = (block.signature ?? '') + signature;
    if (json !== undefined) block.json = (block.json ?? '') + json;
  }

  /** The blocks in their order; `undefined` if they need not be passed back. */
  finish(): readonly ProviderBlock[] | undefined {
    if (this.#blocks.size === 0) return undefined;
    return [...this.#blocks.entries()]
      .toSorted(([a], [b]) => a - b)
      .map(([, { json, ...block }]) => (json ? { ...block, input: parsed(json) } : block));
  }
}

/** Arguments that were cut off are none: such a turn is of no use to the next. */
const parsed = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
};
