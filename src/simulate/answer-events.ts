import { type Output, textOf, visibleText } from '../../mock-server/engine/output.ts';
import type { ToolCall } from '../core/call.ts';

/** Part of an output. Text is made only where somebody reads it. */
class Part {
  readonly type = 'delta';
  readonly #output: Output;
  readonly #from: number;
  readonly #to: number;

  constructor(output: Output, from: number, to: number) {
    this.#output = output;
    this.#from = from;
    this.#to = to;
  }

  get text(): string {
    return textOf(this.#output, this.#from, this.#to);
  }
}

class TextDelta extends Part {
  readonly channel = 'content';
}

/** Part of the arguments of a tool that is called; the first, which names it, comes before any of them. */
class ToolDelta extends Part {
  readonly channel = 'tool';
  readonly index = 0;
}

/** Part of a stream, of text or of a tool call. */
export const deltaOf = (output: Output, from: number, to: number): TextDelta | ToolDelta =>
  output.tool === undefined ? new TextDelta(output, from, to) : new ToolDelta(output, from, to);

/** A whole answer, with text for whoever reads it. */
export class WholeAnswer {
  readonly type = 'answer';
  readonly #output: Output;
  readonly #id: string;

  constructor(output: Output, id: string) {
    this.#output = output;
    this.#id = id;
  }

  get text(): string {
    return this.#output.tool === undefined ? visibleText(this.#output) : '';
  }

  get toolCalls(): readonly ToolCall[] {
    const { tool } = this.#output;
    return tool === undefined ? [] : [{ id: this.#id, name: tool, arguments: visibleText(this.#output) }];
  }
}
