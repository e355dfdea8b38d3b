/** A tool that the model wants called. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text, as the model wrote it; may be malformed. */
  readonly arguments: string;
}

/** Part of a turn in the form of its provider, to be passed back as it is. */
export type ProviderBlock = Readonly<Record<string, unknown>>;

/** One turn of a conversation, in provider-neutral form. */
export type Message = (
  | { readonly role: 'system' | 'user'; readonly content: string }
  | {
      readonly role: 'assistant';
      readonly content: string;
      readonly toolCalls?: readonly ToolCall[];
      /** As the answer gave them; the provider that gave them is sent these instead of content and tool calls. */
      readonly blocks?: readonly ProviderBlock[];
    }
  /** What a tool that the assistant called has returned. */
  | { readonly role: 'tool'; readonly toolCallId: string; readonly content: string }
) & {
  /** All up to here is the same in many calls: to be cached, where the provider wants to be told. */
  readonly cache?: boolean;
};

/** A JSON Schema, as an object. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A function that the model may ask to be called. */
export interface Tool {
  readonly name: string;
  readonly description?: string;
  readonly parameters: JsonSchema;
}

/** How much to think before the answer: in the provider's words, or in tokens. */
export type Reasoning =
  | { readonly effort: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max' }
  | { readonly budgetTokens: number };

/** Names of the APIs a call may ask for; Anthropic's only one, messages, stands for `chat`. */
export type CallEndpoint = 'chat' | 'responses' | 'completions';

/**
 * The content of one request, in provider-neutral form; the client turns it into its provider's wire format. What is left
 * out is not sent. What an API has no field for is refused before any traffic, never dropped.
 */
export interface Call {
  readonly messages: readonly Message[];
  /** Upper bound of generated tokens, reasoning included. */
  readonly maxTokens: number;
  /** Server-sent events instead of one JSON body. */
  readonly stream: boolean;
  /** Of the provider's APIs; `chat` unless given. */
  readonly endpoint?: CallEndpoint;
  /** Instead of the run's model. */
  readonly model?: string;
  /** Sampling temperature. */
  readonly temperature?: number;
  readonly topP?: number;
  /** Texts at which to stop. */
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly tools?: readonly Tool[];
  /** `required`: some tool; a name: that one. `auto` unless given. */
  readonly toolChoice?: 'auto' | 'none' | 'required' | { readonly name: string };
  readonly reasoning?: Reasoning;
  /** `json`: any JSON object; else JSON that fits a schema. Text unless given. */
  readonly responseFormat?: 'json' | { readonly name: string; readonly schema: JsonSchema };
}

/** What the model said: its visible text, reasoning left out, and the tools it wants called. */
export interface Answer {
  readonly text: string;
  readonly toolCalls?: readonly ToolCall[];
  /** All of the turn, where the provider wants it passed back unmodified in the next: thinking with its signatures. */
  readonly blocks?: readonly ProviderBlock[];
}

/** What the API says it charged for, in tokens. */
export interface Usage {
  /** All of the prompt, cached or not. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Part of the input that was read from the provider's cache. */
  readonly cachedTokens?: number;
  /** Part of the input that was written to it. */
  readonly cacheWriteTokens?: number;
  /** Part of the output. */
  readonly reasoningTokens?: number;
  /** The API gave no usage: counted here at four characters per token. */
  readonly estimated?: true;
}
