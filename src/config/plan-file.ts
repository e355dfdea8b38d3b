import { UsageError } from '../core/errors.ts';
import type { ConfigFile } from './file.ts';
import { readJsonFile, readYamlFile } from './source-file.ts';

/** Reads the options of a plan from YAML or JSON, not yet understood. Throws `UsageError` with file and line. */
export const readPlanFile = async (path: string): Promise<ConfigFile> => {
  const file = await (path.endsWith('.json') ? readJsonFile : readYamlFile)(path, 'bench plan');
  if (typeof file.value !== 'object' || file.value === null || Array.isArray(file.value)) {
    throw new UsageError(`${path} holds no options`, 'For example: requests: 100k/day');
  }
  return { path, values: { ...file.value }, place: (key) => file.place([key]) };
};
