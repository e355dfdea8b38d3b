import { type Api, refuse } from './api.ts';
import { choiceAnswers } from './choice-answers.ts';

interface Choice {
  readonly text?: string;
  readonly finish_reason?: string | null;
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
  ...choiceAnswers<Choice>({
    whole: ({ text = '' }) => ({ text }),
    piece({ text }, out) {
      if (text) out.push({ type: 'delta', channel: 'content', text });
    },
  }),
};
