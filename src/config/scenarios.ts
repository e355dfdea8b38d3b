import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { SCENARIOS } from '../../scenarios/index.ts';
import { UsageError } from '../core/errors.ts';
import { nameHint } from '../core/nearest.ts';
import { parseTrace, replay } from '../workload/replay.ts';
import type { Scenario } from '../workload/scenario.ts';
import { checkedScenario } from './checked-scenario.ts';
import { scenarioFromFile } from './scenario-file.ts';
import { loadModule, readJsonFile, readYamlFile, type SourceFile } from './source-file.ts';

const isScenario = (value: unknown): value is Scenario =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  typeof value.name === 'string' &&
  (('requests' in value && 'call' in value && typeof value.call === 'function') ||
    ('items' in value && 'run' in value && typeof value.run === 'function'));

const EXAMPLES =
  "Export one: export const mine = defineScenario({ name, description, requests, call: (index, rng) => ({ messages, maxTokens, stream }) }), or a workflow with items and run(item, ask, rng), imported from 'sweetspot'. bench init writes a starter.";

const fromModule = (file: SourceFile): Scenario => {
  const { path, value, place } = file;
  const exported = Object.values(value ?? {});
  // A module of the older kind stands in the default export as a whole.
  const found = [...exported, ...exported.flatMap((each) => Object.values(each ?? {}))].find(isScenario);
  if (!found) throw new UsageError(`${path} exports no scenario`, EXAMPLES);
  const [key, size] = 'run' in found ? ['items', found.items] : ['requests', found.requests];
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new UsageError(
      `${place([key])}: ${key} is ${size}, which is not a whole number of at least 1`,
      `It is the number of ${key} that one batch has, for example 100.`,
    );
  }
  return checkedScenario(found, file);
};

const fromTrace = async (path: string): Promise<Scenario> => {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new UsageError(`--scenario ${path}: there is no such file`);
  });
  return replay({ name: 'replay', description: `the trace ${path}` }, parseTrace(text, path));
};

const fromDescription =
  (read: (path: string, flag: string) => Promise<SourceFile>) =>
  async (path: string): Promise<Scenario> =>
    scenarioFromFile(await read(path, '--scenario'));

const fromCode = async (path: string): Promise<Scenario> => fromModule(await loadModule(path, '--scenario'));

/** How a scenario file is read, by the ending of its name. */
const READERS: Readonly<Record<string, (path: string) => Promise<Scenario>>> = {
  '.ts': fromCode,
  '.mts': fromCode,
  '.js': fromCode,
  '.mjs': fromCode,
  '.json': fromDescription(readJsonFile),
  '.yaml': fromDescription(readYamlFile),
  '.yml': fromDescription(readYamlFile),
  '.jsonl': fromTrace,
};

/** A scenario by the name it ships under, or from a file. Throws `UsageError`. */
export const findScenario = async (nameOrFile: string): Promise<Scenario> => {
  const shipped = SCENARIOS.find(({ name }) => name === nameOrFile);
  if (shipped) return shipped;
  const reader = READERS[extname(nameOrFile).toLowerCase()];
  if (reader) return reader(nameOrFile);
  if (/[/\\]/.test(nameOrFile)) {
    throw new UsageError(
      `--scenario ${nameOrFile}: nothing is known about this kind of file`,
      `A scenario file ends in ${Object.keys(READERS).join(', ')}.`,
    );
  }
  throw new UsageError(
    `--scenario: there is no "${nameOrFile}"`,
    nameHint(
      nameOrFile,
      SCENARIOS.map(({ name }) => name),
    ),
  );
};
