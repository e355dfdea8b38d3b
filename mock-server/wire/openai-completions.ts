import type { Opening } from '../engine/listener.ts';
import { visibleText } from '../engine/output.ts';
import { completionUsage, FAILURE_FRAME } from './openai-chat.ts';
import { fieldsOf, missingField, numberIn, objectIn, textIn, wrongField } from './parameters.ts';
import { promptTokens } from './prompt.ts';
import { DONE_FRAME, dataFrame, isAscii } from './sse.ts';
import type { Encoder, Endpoint, Identity } from './wire.ts';

const FIELDS = fieldsOf(
  'model prompt best_of echo frequency_penalty logit_bias logprobs max_tokens n presence_penalty seed stop stream stream_options suffix temperature top_p user',
  {
    model: 'string',
    prompt: 'prompt',
    stream: 'boolean',
    max_tokens: 'count',
    n: 'count',
  },
);

/** The legacy API generates this much unless told otherwise. */
const DEFAULT_MAX_TOKENS = 16;

const finish = ({ output }: Opening) => (output.reason === 'length' ? 'length' : 'stop');

const completionEncoder = (
  model: string,
  inputTokens: number,
  includeUsage: boolean,
  { id, created }: Identity,
): Encoder => {
  let opening: Opening | undefined;
  const fields = { id: `cmpl-${id}`, object: 'text_completion', created, model };
  const frame = (text: string, reason: string | null) =>
    dataFrame(
      JSON.stringify({
        ...fields,
        choices: [{ text, index: 0, logprobs: null, finish_reason: reason }],
        ...(includeUsage && { usage: null }),
      }),
    );
  return {
    whole: (whole) =>
      JSON.stringify({
        ...fields,
        choices: [
          { text: visibleText(whole.output), index: 0, logprobs: null, finish_reason: finish(whole) },
        ],
        usage: JSON.parse(completionUsage(whole, inputTokens)),
      }),
    ascii: ({ output }) => output.plain && isAscii(model),
    open(opened) {
      opening = opened;
      return '';
    },
    chunks(from, to) {
      let frames = '';
      for (let chunk = from; chunk < to; chunk++)
        frames += frame(opening?.output.text(chunk, chunk + 1) ?? '', null);
      return frames;
    },
    close() {
      if (!opening) return '';
      const usage = { ...fields, choices: [], usage: JSON.parse(completionUsage(opening, inputTokens)) };
      return frame('', finish(opening)) + (includeUsage ? dataFrame(JSON.stringify(usage)) : '');
    },
    terminator: () => DONE_FRAME,
    failure: () => FAILURE_FRAME,
  };
};

/** `POST /v1/completions`, the legacy API. */
export const openaiCompletions: Endpoint = {
  name: 'completions',
  parse(body) {
    const problem = missingField(body, ['model', 'prompt']) ?? wrongField(body, FIELDS);
    if (problem) return problem;
    const model = textIn(body, 'model');
    const inputTokens = promptTokens([body['prompt']]);
    const includeUsage = objectIn(body, 'stream_options')['include_usage'] === true;
    return {
      reading: {
        model,
        stream: body['stream'] === true,
        inputTokens,
        maxTokens: numberIn(body, 'max_tokens') ?? DEFAULT_MAX_TOKENS,
        thinkingShown: false,
      },
      encoder: (identity) => completionEncoder(model, inputTokens, includeUsage, identity),
    };
  },
};
