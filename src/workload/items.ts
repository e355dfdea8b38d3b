import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline, type Readable } from 'node:stream';
import { CsvError, parse as parseCsv } from 'csv-parse';
import { UsageError } from '../core/errors.ts';
import { nameHint } from '../core/nearest.ts';

/** One piece of work from a file. */
export interface Item {
  /** Its place in the file, from 0; empty lines do not count. */
  readonly index: number;
  readonly text: string;
  /** All columns or fields by name, as text; only `text` in a plain file. */
  readonly fields: Readonly<Record<string, string>>;
}

/** How a file of items is written. */
export type ItemFormat = 'txt' | 'jsonl' | 'csv';

/** Where items come from, for messages, and which of their fields is the text. */
export interface ItemOrigin {
  readonly path: string;
  readonly format: ItemFormat;
  readonly column?: string | undefined;
}

const ENDINGS: Readonly<Record<string, ItemFormat>> = {
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.csv': 'csv',
};

/** How a file is written, by the ending of its name: a line is an item unless that says otherwise. */
export const itemFormatOf = (path: string): ItemFormat => ENDINGS[extname(path).toLowerCase()] ?? 'txt';

/** Names that a text column is known to have, the likeliest first. */
const TEXT_COLUMNS = ['text', 'prompt', 'input', 'content', 'question', 'message', 'body'] as const;

/** Picks the column that holds the text: the one named, else the only one, else one with a usual name. */
const columnOf = (names: readonly string[], { path, column }: ItemOrigin, line: number): string => {
  if (column !== undefined) {
    if (names.includes(column)) return column;
    throw new UsageError(`${path}:${line}: there is no column "${column}"`, nameHint(column, names));
  }
  const found = names.length === 1 ? names[0] : TEXT_COLUMNS.find((name) => names.includes(name));
  if (found !== undefined) return found;
  throw new UsageError(
    `${path}:${line}: which column is the text? There are ${names.join(', ')}`,
    `Name it: --column ${names[0] ?? 'text'}`,
  );
};

interface Row {
  readonly line: number;
  /** Where the names of its fields stand, if not in the row itself. */
  readonly namesLine?: number;
  readonly fields: Readonly<Record<string, string>>;
}

async function* textRows(stream: Readable): AsyncGenerator<Row> {
  let line = 0;
  for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    const clean = line === 1 ? text.replace(/^\uFEFF/, '') : text;
    if (clean.trim() !== '') yield { line, fields: { text: clean } };
  }
}

/** A field as text; nothing at all is an empty one. */
const asText = (value: unknown): string =>
  typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);

async function* jsonRows(stream: Readable, path: string): AsyncGenerator<Row> {
  for await (const { line, fields } of textRows(stream)) {
    let value: unknown;
    try {
      value = JSON.parse(fields['text'] ?? '');
    } catch (error) {
      throw new UsageError(`${path}:${line} is not JSON: ${error instanceof Error ? error.message : error}`);
    }
    if (typeof value === 'string') yield { line, fields: { text: value } };
    else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const texts = Object.entries(value).map(([name, field]) => [name, asText(field)]);
      yield { line, fields: Object.fromEntries(texts) };
    } else throw new UsageError(`${path}:${line} is neither a text nor an object`);
  }
}

async function* csvRows(stream: Readable, path: string): AsyncGenerator<Row> {
  const rows = parseCsv({ columns: true, bom: true, info: true, skip_empty_lines: true });
  pipeline(stream, rows, () => {}); // whatever goes wrong with the stream is thrown below
  try {
    for await (const { record, info } of rows) {
      yield { line: info.lines, namesLine: 1, fields: record };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error; // of the file, not of what it holds
    throw new UsageError(
      `${path}${'lines' in error ? `:${error['lines']}` : ''} is not CSV: ${error.message}`,
    );
  }
}

/** Reads items one by one, in constant memory. Throws `UsageError` with file and line. */
export async function* readItems(stream: Readable, origin: ItemOrigin): AsyncGenerator<Item> {
  const { path, format } = origin;
  const rows = { txt: textRows, jsonl: jsonRows, csv: csvRows }[format](stream, path);
  let index = 0;
  let column: string | undefined;
  for await (const { line, namesLine = line, fields } of rows) {
    column ??= columnOf(Object.keys(fields), origin, namesLine);
    const text = fields[column];
    if (text === undefined)
      throw new UsageError(
        `${path}:${line}: there is no "${column}", which is the text of the lines before`,
        nameHint(column, Object.keys(fields)),
      );
    yield { index: index++, text, fields };
  }
}
