import type { Answer, Usage } from '../core/call.ts';
import { type Api, fieldsOf } from './api.ts';
import type { ClientEvent } from './client.ts';

interface CompletionUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number | undefined } | null | undefined;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number | undefined } | null | undefined;
}

interface Completion<Choice> {
  readonly choices: readonly Choice[];
  readonly usage: CompletionUsage | null;
}

/** Usage in our form; `undefined` where the API tells none. */
const usageOf = (usage: CompletionUsage | null | undefined): Usage | undefined =>
  usage
    ? {
        inputTokens: usage.prompt_tokens,
        outputTokens: usage.completion_tokens,
        ...(usage.prompt_tokens_details?.cached_tokens
          ? { cachedTokens: usage.prompt_tokens_details.cached_tokens }
          : {}),
        ...(usage.completion_tokens_details?.reasoning_tokens
          ? { reasoningTokens: usage.completion_tokens_details.reasoning_tokens }
          : {}),
      }
    : undefined;

/** What a choice says, whole or in pieces. */
interface ChoiceReader<Choice> {
  whole(choice: Partial<Choice>): Answer;
  piece(choice: Choice, out: ClientEvent[]): void;
}

/** Reads answers that stand in a list of choices, of which the first counts: OpenAI's chat and its legacy completions. */
export const choiceAnswers = <Choice extends { readonly finish_reason?: string | null }>({
  whole,
  piece,
}: ChoiceReader<Choice>): Pick<Api, 'whole' | 'reader'> => {
  const tell = (usage: CompletionUsage | null | undefined, out: ClientEvent[]) => {
    const told = usageOf(usage);
    if (told) out.push({ type: 'usage', usage: told });
  };
  return {
    whole(answer, out) {
      const { choices, usage } = fieldsOf<Completion<Choice>>(answer);
      const choice = choices?.[0];
      out.push({ type: 'answer', ...whole(choice ?? {}) });
      tell(usage, out);
      return choice?.finish_reason ?? undefined;
    },
    reader() {
      let finishReason: string | undefined;
      return {
        get finishReason() {
          return finishReason;
        },
        read(frame, out) {
          const { choices, usage } = fieldsOf<Completion<Choice>>(frame);
          const choice = choices?.[0];
          if (choice) piece(choice, out);
          finishReason = choice?.finish_reason ?? finishReason;
          tell(usage, out);
        },
      };
    },
  };
};
