import type { Millis } from '../../src/core/clock.ts';
import type { LimitName, Standing } from './bucket.ts';
import type { Columns } from './ledger-columns.ts';

/** What became of an attempt, as the server saw it. */
export type LedgerOutcome = 'ok' | 'rateLimited' | 'failed' | 'closedEarly' | 'faulted';

/** One attempt, written when it is over. Instants are model milliseconds of the server's clock. */
export interface LedgerEntry {
  readonly tag: string;
  readonly index: number;
  readonly attempt: number;
  readonly endpoint: string;
  readonly model: string;
  readonly stream: boolean;
  /** The SDK's `x-stainless-retry-count`. */
  readonly retryCount: number | undefined;
  readonly requestId: string;
  readonly outcome: LedgerOutcome;
  /** `admitted`, or the kind of refusal. */
  readonly decision: string;
  readonly status: number | undefined;
  readonly fault: string | undefined;
  readonly arrivedAt: Millis;
  readonly startedAt: Millis | undefined;
  readonly plannedFirstAt: Millis | undefined;
  readonly firstAt: Millis | undefined;
  readonly plannedEndAt: Millis | undefined;
  readonly endedAt: Millis;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly thinkingTokens: number;
  readonly outputTokens: number;
  /** Levels of the limits before and after the decision, by name. */
  readonly levelsBefore: Readonly<Partial<Record<LimitName, number>>>;
  readonly levelsAfter: Readonly<Partial<Record<LimitName, number>>>;
}

/** A request that was answered with an error before the engine saw it. */
export type Unread = Pick<
  LedgerEntry,
  'tag' | 'index' | 'attempt' | 'endpoint' | 'requestId' | 'status' | 'retryCount'
>;

/** An entry before it is stored. */
export type LedgerDraft = Omit<LedgerEntry, 'levelsBefore' | 'levelsAfter'> & {
  readonly before: readonly Standing[];
  readonly after: readonly Standing[];
};

const LIMITS: readonly LimitName[] = [
  'requests',
  'requests-per-day',
  'tokens',
  'input-tokens',
  'output-tokens',
];
const TEXTS = ['tag', 'endpoint', 'model', 'outcome', 'decision', 'fault'] as const;
const NUMBERS = [
  'index',
  'attempt',
  'retryCount',
  'status',
  'arrivedAt',
  'startedAt',
  'plannedFirstAt',
  'firstAt',
  'plannedEndAt',
  'endedAt',
  'inputTokens',
  'cachedTokens',
  'thinkingTokens',
  'outputTokens',
] as const;

/** Cells: texts, numbers, `stream`, the id as four words of 32 bits, and the row of the levels, if there are any. */
const ID_AT = TEXTS.length + NUMBERS.length + 1;
const ID_WORDS = 4;
const DIGITS_PER_WORD = 8;
const LEVELS_AT = ID_AT + ID_WORDS;

/** Cells of one entry. */
export const ENTRY_WIDTH: number = LEVELS_AT + 1;
/** Cells of the levels of all limits before and after a decision; entries without limits have no such row. */
export const LEVELS_WIDTH: number = 2 * LIMITS.length;

const writeLevels = (block: Float64Array, offset: number, standings: readonly Standing[]): void => {
  for (const { name, level } of standings)
    block[offset + LIMITS.indexOf(name)] = Math.round(level * 1000) / 1000;
};

/** Value of a hexadecimal digit in small letters. */
const digit = (code: number): number => (code < 58 ? code - 48 : code - 87);

/** Digit by digit: pieces of the text, and a look-up of each, would cost a busy server more than the rest of the row. */
const writeId = (block: Float64Array, offset: number, id: string): void => {
  for (let word = 0; word < ID_WORDS; word++) {
    let value = 0;
    for (let at = word * DIGITS_PER_WORD; at < (word + 1) * DIGITS_PER_WORD; at++)
      value = value * 16 + digit(id.charCodeAt(at));
    block[offset + word] = value;
  }
};

/** Stores an entry as the next row. Request ids are 32 hexadecimal digits. */
export const writeEntry = (columns: Columns, levels: Columns, draft: LedgerDraft): void => {
  const { block, offset } = columns.append();
  // Written out in the order of TEXTS and NUMBERS: looking the keys up would cost more than the rest of the ledger.
  block[offset] = columns.code(draft.tag);
  block[offset + 1] = columns.code(draft.endpoint);
  block[offset + 2] = columns.code(draft.model);
  block[offset + 3] = columns.code(draft.outcome);
  block[offset + 4] = columns.code(draft.decision);
  block[offset + 5] = columns.code(draft.fault);
  block[offset + 6] = draft.index;
  block[offset + 7] = draft.attempt;
  block[offset + 8] = draft.retryCount ?? Number.NaN;
  block[offset + 9] = draft.status ?? Number.NaN;
  block[offset + 10] = draft.arrivedAt;
  block[offset + 11] = draft.startedAt ?? Number.NaN;
  block[offset + 12] = draft.plannedFirstAt ?? Number.NaN;
  block[offset + 13] = draft.firstAt ?? Number.NaN;
  block[offset + 14] = draft.plannedEndAt ?? Number.NaN;
  block[offset + 15] = draft.endedAt;
  block[offset + 16] = draft.inputTokens;
  block[offset + 17] = draft.cachedTokens;
  block[offset + 18] = draft.thinkingTokens;
  block[offset + 19] = draft.outputTokens;
  block[offset + 20] = draft.stream ? 1 : 0;
  if (draft.requestId !== '') writeId(block, offset + ID_AT, draft.requestId);
  if (draft.before.length + draft.after.length === 0) return;
  block[offset + LEVELS_AT] = levels.rows;
  const place = levels.append();
  writeLevels(place.block, place.offset, draft.before);
  writeLevels(place.block, place.offset + LIMITS.length, draft.after);
};

const some = (cell: number | undefined): number | undefined =>
  cell === undefined || Number.isNaN(cell) ? undefined : cell;

const NO_LEVELS = new Float64Array(LEVELS_WIDTH).fill(Number.NaN);

const readLevels = (cells: Float64Array, at: number): Partial<Record<LimitName, number>> =>
  Object.fromEntries(
    LIMITS.flatMap((name, limit) => {
      const level = some(cells[at + limit]);
      return level === undefined ? [] : [[name, level]];
    }),
  );

const idOf = (cells: Float64Array): string => {
  if (some(cells[ID_AT]) === undefined) return '';
  let id = '';
  for (const word of cells.subarray(ID_AT, ID_AT + ID_WORDS))
    id += word.toString(16).padStart(DIGITS_PER_WORD, '0');
  return id;
};

/** Reads a row back. */
export const readEntry = (columns: Columns, levels: Columns, row: number): LedgerEntry => {
  const cells = columns.row(row);
  const levelsRow = some(cells[LEVELS_AT]);
  const levelCells = levelsRow === undefined ? NO_LEVELS : levels.row(levelsRow);
  const text = (key: (typeof TEXTS)[number]) => columns.decode(cells[TEXTS.indexOf(key)]);
  const number = (key: (typeof NUMBERS)[number]) => some(cells[TEXTS.length + NUMBERS.indexOf(key)]);
  return {
    tag: text('tag') ?? '',
    index: number('index') ?? 0,
    attempt: number('attempt') ?? 0,
    endpoint: text('endpoint') ?? '',
    model: text('model') ?? '',
    stream: cells[ID_AT - 1] === 1,
    retryCount: number('retryCount'),
    requestId: idOf(cells),
    outcome: (text('outcome') ?? 'failed') as LedgerOutcome,
    decision: text('decision') ?? '',
    status: number('status'),
    fault: text('fault'),
    arrivedAt: number('arrivedAt') ?? 0,
    startedAt: number('startedAt'),
    plannedFirstAt: number('plannedFirstAt'),
    firstAt: number('firstAt'),
    plannedEndAt: number('plannedEndAt'),
    endedAt: number('endedAt') ?? 0,
    inputTokens: number('inputTokens') ?? 0,
    cachedTokens: number('cachedTokens') ?? 0,
    thinkingTokens: number('thinkingTokens') ?? 0,
    outputTokens: number('outputTokens') ?? 0,
    levelsBefore: readLevels(levelCells, 0),
    levelsAfter: readLevels(levelCells, LIMITS.length),
  };
};
