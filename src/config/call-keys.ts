import { z } from 'zod';

/** A number of tokens. */
export const tokens = z.int({ error: 'expected a whole number' }).positive({ error: 'expected at least 1' });

/** A text that says something. */
export const someText = z
  .string({ error: 'expected a text' })
  .min(1, { error: 'expected a text, not an empty one' });

const between = (min: number, max: number) => {
  const error = `expected a number from ${min} to ${max}`;
  return z.number({ error }).min(min, { error }).max(max, { error });
};

const oneOf = <const Names extends readonly string[]>(names: Names) =>
  z.enum(names, { error: `expected ${names.join(', ')}` });

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
const CHOICES = ['auto', 'none', 'required'] as const;
const schema = z.record(z.string(), z.unknown(), { error: 'expected a JSON Schema as an object' });

/** What stands in a call beside its messages and its length, in a scenario of any kind. */
export const CALL_KEYS = {
  model: someText.exactOptional(),
  endpoint: oneOf(['chat', 'responses', 'completions']).exactOptional(),
  temperature: between(0, 2).exactOptional(),
  topP: between(0, 1).exactOptional(),
  stop: z
    .array(someText, { error: 'expected a list of texts' })
    .min(1, { error: 'expected a list of texts, not an empty one' })
    .exactOptional(),
  seed: z.int({ error: 'expected a whole number' }).exactOptional(),
  tools: z
    .array(
      z.strictObject(
        { name: someText, description: z.string().exactOptional(), parameters: schema },
        { error: 'expected {name, description?, parameters}' },
      ),
      { error: 'expected a list of {name, description?, parameters}' },
    )
    .min(1, { error: 'expected a list of tools, not an empty one' })
    .exactOptional(),
  toolChoice: z
    .union([oneOf(CHOICES), z.strictObject({ name: someText })], {
      error: `expected ${CHOICES.join(', ')} or {name} of a tool`,
    })
    .exactOptional(),
  reasoning: z
    .union([z.strictObject({ effort: oneOf(EFFORTS) }), z.strictObject({ budgetTokens: tokens })], {
      error: `expected {effort} (${EFFORTS.join(', ')}) or {budgetTokens}`,
    })
    .exactOptional(),
  responseFormat: z
    .union(
      [
        z.literal('json', { error: 'expected json or {name, schema}' }),
        z.strictObject({ name: someText, schema }),
      ],
      {
        error: 'expected json or {name, schema}',
      },
    )
    .exactOptional(),
} as const;

/** Why a choice of tools cannot be met; `undefined` if it can. */
export const choiceProblem = ({
  tools,
  toolChoice,
}: {
  readonly tools?: readonly { readonly name: string }[];
  readonly toolChoice?: string | { readonly name: string };
}): string | undefined => {
  if (toolChoice === undefined) return undefined;
  if (!tools) return 'there are no tools to choose from';
  if (typeof toolChoice === 'string') return undefined;
  return tools.some(({ name }) => name === toolChoice.name)
    ? undefined
    : `there is no tool ${toolChoice.name} (known: ${tools.map(({ name }) => name).join(', ')})`;
};
