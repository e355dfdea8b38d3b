import { createReadStream } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { z } from 'zod';
import type { Call } from '../core/call.ts';
import { UsageError } from '../core/errors.ts';
import type { Rng } from '../core/rng.ts';
import { parseSlo } from '../measure/slo.ts';
import { type Item, itemFormatOf, readItems } from '../workload/items.ts';
import { drawLength } from '../workload/lengths.ts';
import { type MixPart, mix } from '../workload/mix.ts';
import type { CallScenario } from '../workload/scenario.ts';
import { filled } from '../workload/template.ts';
import { textOfTokens } from '../workload/text.ts';
import { CALL_KEYS, choiceProblem, someText, tokens } from './call-keys.ts';
import { wordIssue } from './issue-words.ts';
import type { SourceFile } from './source-file.ts';

const lognormal = { sigma: z.number().nonnegative(), max: tokens.exactOptional() };
const TokenLength = z.union(
  [
    tokens,
    z
      .strictObject({ min: tokens, max: tokens })
      .refine(({ min, max }) => min <= max, { error: 'min is above max' }),
    z.strictObject({ median: tokens, ...lognormal }),
    z.strictObject({ mean: tokens, cv: z.number().nonnegative(), max: tokens.exactOptional() }),
  ],
  { error: 'expected a number of tokens, {min, max}, {median, sigma, max?} or {mean, cv, max?}' },
);

const flag = z.boolean({ error: 'expected true or false' });
const words = z.string({ error: 'expected a text' });

/** The keys that stand in the file, whatever it counts. */
const PartKeys = {
  name: someText.exactOptional(),
  description: words.exactOptional(),
  /** Sent in turn; `{i}` is the request's number, `{item}` the item, `{column}` one of its columns. */
  prompts: z
    .array(someText, { error: 'expected a list of texts' })
    .min(1, { error: 'expected a list of texts, not an empty one' })
    .exactOptional(),
  /** A file of items, beside this one; sent in turn. */
  items: someText.exactOptional(),
  column: someText.exactOptional(),
  /** Text made up for each request, of so many tokens. */
  inputTokens: TokenLength.exactOptional(),
  requests: tokens.exactOptional(),
  system: words.exactOptional(),
  maxTokens: TokenLength.default(256),
  stream: flag.default(false),
  ...CALL_KEYS,
};

const Part = z.strictObject(PartKeys);
const weight = z.number({ error: 'expected a number' }).positive({ error: 'expected a number above 0' });
const MixedKeys = { weight, ...PartKeys };
const ScenarioFile = z.strictObject(
  {
    ...PartKeys,
    slo: someText.exactOptional(),
    mix: z
      .array(z.strictObject(MixedKeys, { error: 'expected a part with its weight' }), {
        error: 'expected a list of parts',
      })
      .min(1, { error: 'expected a list of parts, not an empty one' })
      .exactOptional(),
  },
  { error: 'expected keys and values' },
);

type PartOf = z.infer<typeof Part>;

const KEYS = `A scenario file holds prompts (a list of texts), items (a file) or mix, and if wanted ${Object.keys(
  ScenarioFile.shape,
)
  .filter((key) => !['prompts', 'items', 'mix'].includes(key))
  .join(', ')}.`;

const refusal = ({ place }: SourceFile, keys: readonly (string | number)[], why: string, hint?: string) =>
  new UsageError(`${place(keys)}: ${keys.join('.') || 'the file'}: ${why}`, hint);

const keysAt = ([key]: readonly (string | number)[]): readonly string[] =>
  key === undefined ? Object.keys(ScenarioFile.shape) : key === 'mix' ? Object.keys(MixedKeys) : [];

const parse = (file: SourceFile) => {
  const parsed = ScenarioFile.safeParse(file.value);
  if (parsed.success) return parsed.data;
  const { keys, why, hint } = wordIssue(parsed.error, file.value, keysAt);
  throw refusal(file, keys, why, keys.length === 0 ? KEYS : hint);
};

const itemsOf = async (file: SourceFile, part: PartOf, keys: readonly (string | number)[]) => {
  if (part.items === undefined) return [];
  const path = resolve(dirname(file.path), part.items);
  const items: Item[] = [];
  try {
    const origin = { path: part.items, format: itemFormatOf(path), column: part.column };
    for await (const item of readItems(createReadStream(path), origin)) items.push(item);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw refusal(
      file,
      [...keys, 'items'],
      `${part.items} cannot be read`,
      'Relative paths start beside this file.',
    );
  }
  if (items.length === 0) throw refusal(file, [...keys, 'items'], `${part.items} holds no items`);
  return items;
};

/** What of a part stands in each of its calls as it is. */
const fixedOf = (part: PartOf): Omit<Call, 'messages' | 'maxTokens'> => {
  const { stream, endpoint, model, temperature, topP, stop, seed } = part;
  const { tools, toolChoice, reasoning, responseFormat } = part;
  const given = {
    endpoint,
    model,
    temperature,
    topP,
    stop,
    seed,
    tools,
    toolChoice,
    reasoning,
    responseFormat,
  };
  return { stream, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
};

const scenarioOf = async (
  file: SourceFile,
  part: PartOf,
  keys: readonly (string | number)[] = [],
): Promise<CallScenario> => {
  const { system, prompts, inputTokens, maxTokens, column } = part;
  if (!prompts && part.items === undefined && inputTokens === undefined)
    throw refusal(file, keys, 'it says nothing to send: prompts, items or inputTokens is missing', KEYS);
  if (column !== undefined && part.items === undefined)
    throw refusal(file, [...keys, 'column'], 'only items have columns');
  const choice = choiceProblem(part);
  if (choice !== undefined) throw refusal(file, [...keys, 'toolChoice'], choice);
  const items = await itemsOf(file, part, keys);
  const fixed = fixedOf(part);
  const userText = (index: number, rng: Rng): string => {
    const item = items[index % items.length];
    const prompt = prompts?.[index % prompts.length];
    const own = prompt === undefined ? item?.text : filled(prompt, index, item);
    const padding =
      inputTokens === undefined ? undefined : textOfTokens(drawLength(inputTokens, rng.fork('input')), rng);
    return [own, padding].filter((each) => each !== undefined).join('\n\n');
  };
  return {
    name: part.name ?? basename(file.path, extname(file.path)),
    description: part.description ?? 'from a file',
    requests: part.requests ?? (items.length || prompts?.length || 100),
    call: (index, rng) => ({
      messages: [
        ...(system === undefined
          ? []
          : [{ role: 'system' as const, content: filled(system, index, items[index % items.length]) }]),
        { role: 'user', content: userText(index, rng) },
      ],
      maxTokens: drawLength(maxTokens, rng.fork('output')),
      ...fixed,
    }),
  };
};

/** The scenario that a YAML or JSON file describes. Throws `UsageError` with file, line and key. */
export const scenarioFromFile = async (file: SourceFile): Promise<CallScenario> => {
  const { mix: parts, slo, ...whole } = parse(file);
  const judged = slo === undefined ? {} : { slo };
  if (slo !== undefined) parseSlo(slo, `${file.place(['slo'])}: slo`);
  if (!parts) return { ...(await scenarioOf(file, whole)), ...judged };
  if (whole.prompts || whole.items !== undefined || whole.inputTokens !== undefined)
    throw refusal(
      file,
      ['mix'],
      'beside it stand prompts, items or inputTokens',
      'Put them into a part of the mix.',
    );
  const made: MixPart[] = [];
  for (const [number, { weight, ...part }] of parts.entries())
    made.push({ weight, scenario: await scenarioOf(file, part, ['mix', number]) });
  return mix(
    {
      name: whole.name ?? basename(file.path, extname(file.path)),
      description: whole.description ?? `a mix of ${made.length} from a file`,
      requests: whole.requests ?? 100,
      ...judged,
    },
    made,
  );
};
