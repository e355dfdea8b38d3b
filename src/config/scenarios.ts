import { basename, extname } from 'node:path';
import { z } from 'zod';
import { SCENARIOS } from '../../scenarios/index.ts';
import { UsageError } from '../core/errors.ts';
import { nameHint } from '../core/nearest.ts';
import type { Scenario } from '../workload/scenario.ts';
import { loadModule, readJsonFile, type SourceFile } from './source-file.ts';

/** Endings of scenario files. */
const ENDINGS = ['.ts', '.js', '.mjs', '.json'];

const isFile = (name: string): boolean =>
  ENDINGS.includes(extname(name)) || name.includes('/') || name.includes('\\');

const PromptFile = z.strictObject({
  name: z.string().min(1).optional(),
  description: z.string().optional(),
  system: z.string().optional(),
  /** Sent in turn; `{i}` is replaced by the request's number. */
  prompts: z.array(z.string().min(1)).min(1),
  maxTokens: z.int().positive().default(256),
  stream: z.boolean().default(false),
  temperature: z.number().min(0).max(2).optional(),
  requests: z.int().positive().optional(),
});

const fromPrompts = ({ path, value, place }: SourceFile): Scenario => {
  const parsed = PromptFile.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const keys = (issue?.path ?? []).map((key) => (typeof key === 'symbol' ? String(key) : key));
    const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    throw new UsageError(
      `${place(unknown === undefined ? keys : [...keys, unknown])}: ${keys.join('.') || 'the file'}: ${issue?.message}`,
      'A scenario file holds prompts (a list of texts) and, if wanted, name, system, maxTokens, stream, temperature, requests.',
    );
  }
  const { prompts, system, maxTokens, stream, temperature, name, description, requests } = parsed.data;
  return {
    name: name ?? basename(path, extname(path)),
    description: description ?? 'from a file',
    requests: requests ?? prompts.length,
    call: (index) => ({
      messages: [
        ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
        { role: 'user', content: (prompts[index % prompts.length] ?? '').replaceAll('{i}', String(index)) },
      ],
      maxTokens,
      stream,
      ...(temperature === undefined ? {} : { temperature }),
    }),
  };
};

const isScenario = (value: unknown): value is Scenario =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  typeof value.name === 'string' &&
  'requests' in value &&
  'call' in value &&
  typeof value.call === 'function';

const fromModule = ({ path, value, place }: SourceFile): Scenario => {
  const found = Object.values(value ?? {}).find(isScenario);
  if (!found) {
    throw new UsageError(
      `${path} exports no scenario`,
      "Export one: export const mine = defineScenario({ name, description, requests, call: (index, rng) => ({ messages, maxTokens, stream }) }), imported from 'sweetspot'.",
    );
  }
  if (!Number.isSafeInteger(found.requests) || found.requests < 1) {
    throw new UsageError(
      `${place(['requests'])}: requests is ${found.requests}, which is not a whole number of at least 1`,
      'It is the number of requests that one batch has, for example 100.',
    );
  }
  return found;
};

const fromFile = async (path: string): Promise<Scenario> =>
  extname(path) === '.json'
    ? fromPrompts(await readJsonFile(path, '--scenario'))
    : fromModule(await loadModule(path, '--scenario'));

/** A scenario by the name it ships under, or from a file. Throws `UsageError`. */
export const findScenario = async (nameOrFile: string): Promise<Scenario> => {
  const shipped = SCENARIOS.find(({ name }) => name === nameOrFile);
  if (shipped) return shipped;
  if (isFile(nameOrFile)) return fromFile(nameOrFile);
  throw new UsageError(
    `--scenario: there is no "${nameOrFile}"`,
    nameHint(
      nameOrFile,
      SCENARIOS.map(({ name }) => name),
    ),
  );
};
