import { createRng } from '../../src/core/rng.ts';
import { fieldsOf, missingField, numberIn, textIn, wrongField } from './parameters.ts';
import { textLength } from './prompt.ts';
import type { Endpoint } from './wire.ts';

const FIELDS = fieldsOf('input model dimensions encoding_format user', {
  model: 'string',
  input: 'prompt',
  dimensions: 'count',
});
const DEFAULT_DIMENSIONS = 1536;

/** A unit vector that depends on the text alone. */
const embed = (input: unknown, dimensions: number): Float32Array => {
  const rng = createRng(0).fork(typeof input === 'string' ? input : JSON.stringify(input));
  const vector = new Float32Array(dimensions).map(() => rng.next() - 0.5);
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
};

/** `POST /v1/embeddings`; the SDKs ask for base64 unless told otherwise. */
export const openaiEmbeddings: Endpoint = {
  name: 'embeddings',
  parse(body) {
    const problem = missingField(body, ['model', 'input']) ?? wrongField(body, FIELDS);
    if (problem) return problem;
    const model = textIn(body, 'model');
    const { input } = body;
    // A list of numbers is one text as tokens; any other list is a list of texts.
    const one = !Array.isArray(input) || typeof input[0] === 'number';
    const inputs: readonly unknown[] = one ? [input] : input;
    const counted = inputs.reduce(
      (sum: number, each) => sum + (Array.isArray(each) ? each.length : Math.ceil(textLength(each) / 4)),
      0,
    );
    const inputTokens = Math.max(1, counted);
    const base64 = body['encoding_format'] === 'base64';
    const dimensions = numberIn(body, 'dimensions') ?? DEFAULT_DIMENSIONS;
    const encoded = (each: unknown) => {
      const vector = embed(each, dimensions);
      return base64 ? Buffer.from(vector.buffer).toString('base64') : [...vector];
    };
    return {
      reading: {
        model,
        stream: false,
        inputTokens,
        maxTokens: undefined,
        outputTokens: 0,
        thinkingShown: false,
      },
      encoder: () => ({
        ascii: () => false,
        whole: () =>
          JSON.stringify({
            object: 'list',
            data: inputs.map((each, index) => ({ object: 'embedding', index, embedding: encoded(each) })),
            model,
            usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
          }),
        open: () => '',
        chunks: () => '',
        close: () => '',
        terminator: () => '',
        failure: () => '',
      }),
    };
  },
};
