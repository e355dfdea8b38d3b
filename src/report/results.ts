import { stringify } from 'csv-stringify/sync';

/** A row of results; every key is a column. */
export type ResultRow = Readonly<Record<string, string | number | null>>;

/** How results are written, piece by piece. */
export interface ResultWriter {
  /** Before the first row. */
  head(columns: readonly string[]): string;
  row(row: ResultRow, isFirst: boolean): string;
  /** After the last. */
  readonly foot: string;
}

/** Forms of a file of results, by the ending of its name. */
export const RESULT_WRITERS = {
  jsonl: { head: () => '', row: (row) => `${JSON.stringify(row)}\n`, foot: '' },
  json: {
    head: () => '[',
    row: (row, isFirst) => `${isFirst ? '\n' : ',\n'}  ${JSON.stringify(row)}`,
    foot: '\n]\n',
  },
  csv: {
    head: (columns) => stringify([[...columns]]),
    row: (row) => stringify([Object.values(row)]),
    foot: '',
  },
} as const satisfies Readonly<Record<string, ResultWriter>>;
