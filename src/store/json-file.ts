import { readFile } from 'node:fs/promises';
import { UsageError } from '../core/errors.ts';

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of that path is a file and no folder',
  EACCES: 'permission denied',
};

/** The parser quotes what it found: of a binary file, nothing that a terminal would obey. */
const printable = (text: string): string => text.replace(/[^\P{C}\n]|[\uFFFD\n]/gu, '·');

/** The value in a JSON file. Throws `UsageError` with one sentence if it is missing, cut off, or no JSON. */
export const readJsonValue = async (path: string, hint: string): Promise<unknown> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new UsageError(`${path} cannot be read: ${WHY[code] ?? error}`, hint);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${path} is cut off, or is not JSON: ${printable(why)}`, hint);
  }
};

/** What a file says that it is; `undefined` if it does not. */
export const schemaOf = (value: unknown): string | undefined =>
  typeof value === 'object' && value !== null && 'schema' in value && typeof value.schema === 'string'
    ? value.schema
    : undefined;
