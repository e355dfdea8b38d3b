/** One turn of a conversation, in provider-neutral form. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** The content of one request, in provider-neutral form; the client turns it into its provider's wire format. */
export interface Call {
  readonly messages: readonly Message[];
  /** Upper bound of generated tokens. */
  readonly maxTokens: number;
  /** Server-sent events instead of one JSON body. */
  readonly stream: boolean;
  /** Sampling temperature; left out of the request unless given. */
  readonly temperature?: number;
}

/** A tool that the model wants called. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text, as the model wrote it; may be malformed. */
  readonly arguments: string;
}

/** What the model said: its visible text, reasoning left out, and the tools it wants called. */
export interface Answer {
  readonly text: string;
  readonly toolCalls?: readonly ToolCall[];
}

/** What the API says it charged for, in tokens. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens?: number;
  readonly reasoningTokens?: number;
}
