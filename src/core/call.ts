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

/** What the API says it charged for, in tokens. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens?: number;
  readonly reasoningTokens?: number;
}
