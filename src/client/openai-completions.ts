import { type Api, fieldsOf, refuse } from './api.ts';
import { type CompletionUsage, usageOf } from './openai-chat.ts';

interface TextCompletion {
  readonly choices: readonly { readonly text?: string; readonly finish_reason?: string | null }[];
  readonly usage: CompletionUsage | null;
}

/** Legacy completions: `POST /completions`. A conversation becomes one prompt, its turns apart by an empty line. */
export const openaiCompletions: Api = {
  name: 'legacy completions',
  path: '/completions',
  body(call, { model }) {
    refuse('legacy completions', call, ['tools', 'toolChoice', 'reasoning', 'responseFormat']);
    return {
      model: call.model ?? model,
      prompt: call.messages.map(({ content }) => content).join('\n\n'),
      max_tokens: call.maxTokens,
      ...(call.temperature === undefined ? {} : { temperature: call.temperature }),
      ...(call.topP === undefined ? {} : { top_p: call.topP }),
      ...(call.stop === undefined ? {} : { stop: call.stop }),
      ...(call.seed === undefined ? {} : { seed: call.seed }),
      ...(call.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    };
  },
  whole(answer, out) {
    const { choices, usage } = fieldsOf<TextCompletion>(answer);
    const choice = choices?.[0];
    out.push({ type: 'answer', text: choice?.text ?? '' });
    const told = usageOf(usage);
    if (told) out.push({ type: 'usage', usage: told });
    return choice?.finish_reason ?? undefined;
  },
  reader() {
    let finishReason: string | undefined;
    return {
      get finishReason() {
        return finishReason;
      },
      read(frame, out) {
        const { choices, usage } = fieldsOf<TextCompletion>(frame);
        const choice = choices?.[0];
        if (choice?.text) out.push({ type: 'delta', channel: 'content', text: choice.text });
        finishReason = choice?.finish_reason ?? finishReason;
        const told = usageOf(usage);
        if (told) out.push({ type: 'usage', usage: told });
      },
    };
  },
};
