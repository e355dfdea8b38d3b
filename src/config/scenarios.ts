import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { SCENARIOS } from '../../scenarios/index.ts';
import { UsageError } from '../core/errors.ts';
import { nameHint } from '../core/nearest.ts';
import type { Scenario } from '../workload/scenario.ts';

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

const fromPrompts = (path: string, value: unknown): Scenario => {
  const parsed = PromptFile.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new UsageError(
      `${path}: ${issue?.path.join('.') || 'the file'}: ${issue?.message}`,
      'A scenario file holds prompts (a list of texts) and, if wanted, name, system, maxTokens, stream, temperature, requests.',
    );
  }
  const {
    prompts,
    system,
    maxTokens,
    stream,
    temperature,
    name = path,
    description = 'from a file',
    requests,
  } = parsed.data;
  return {
    name: name.replaceAll(/^.*[/\\]|\.json$/g, ''),
    description,
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
  typeof value.requests === 'number' &&
  'call' in value &&
  typeof value.call === 'function';

const fromFile = async (path: string): Promise<Scenario> => {
  if (!existsSync(path)) throw new UsageError(`--scenario ${path}: there is no such file`);
  if (extname(path) === '.json') {
    const source = await readFile(path, 'utf8');
    try {
      return fromPrompts(path, JSON.parse(source));
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw new UsageError(`${path} is not JSON: ${error instanceof Error ? error.message : error}`);
    }
  }
  let module: Record<string, unknown>;
  try {
    module = await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    throw new UsageError(`${path} cannot be loaded: ${error instanceof Error ? error.message : error}`);
  }
  const found = Object.values(module).find(isScenario);
  if (found) return found;
  throw new UsageError(
    `${path} exports no scenario`,
    "Export one: export const mine = defineScenario({ name, description, requests, call: (index, rng) => ({ messages, maxTokens, stream }) }), imported from 'sweetspot'.",
  );
};

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
