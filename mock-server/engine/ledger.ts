import type { Millis } from '../../src/core/clock.ts';
import { Columns } from './ledger-columns.ts';
import {
  ENTRY_WIDTH,
  type LedgerDraft,
  type LedgerEntry,
  type LedgerOutcome,
  readEntry,
  writeEntry,
} from './ledger-entry.ts';

/** Attempts by outcome; `attempts` is their sum. */
export type LedgerCounts = Readonly<Record<LedgerOutcome | 'attempts', number>>;

const NOTHING: LedgerCounts = { attempts: 0, ok: 0, rateLimited: 0, failed: 0, closedEarly: 0, faulted: 0 };

/** Every attempt the server saw: counts are exact, of the entries at least the last `capacity` are kept. */
export class Ledger {
  readonly #capacity: number;
  readonly #counts = new Map<string, Record<LedgerOutcome | 'attempts', number>>();
  #columns = new Columns(ENTRY_WIDTH);

  constructor(capacity = 200_000) {
    this.#capacity = capacity;
  }

  /** Notes an attempt that is over. */
  add(draft: LedgerDraft): void {
    writeEntry(this.#columns, draft);
    this.#columns.keep(this.#capacity);
    let counts = this.#counts.get(draft.tag);
    if (!counts) {
      counts = { ...NOTHING };
      this.#counts.set(draft.tag, counts);
    }
    counts[draft.outcome]++;
    counts.attempts++;
  }

  /** Notes a request that was answered with an error before the engine saw it. */
  addUnread(
    place: Pick<
      LedgerEntry,
      'tag' | 'index' | 'attempt' | 'endpoint' | 'requestId' | 'status' | 'retryCount'
    >,
    now: Millis,
  ): void {
    this.add({
      ...place,
      model: '',
      stream: false,
      outcome: 'failed',
      decision: 'malformed',
      fault: undefined,
      arrivedAt: now,
      startedAt: undefined,
      plannedFirstAt: undefined,
      firstAt: undefined,
      plannedEndAt: undefined,
      endedAt: now,
      inputTokens: 0,
      cachedTokens: 0,
      thinkingTokens: 0,
      outputTokens: 0,
      before: [],
      after: [],
    });
  }

  /** Kept entries in order of their end, of one tag or of all. */
  *entries(tag?: string): Generator<LedgerEntry> {
    for (let row = this.#columns.firstKept; row < this.#columns.rows; row++) {
      const entry = readEntry(this.#columns, row);
      if (tag === undefined || entry.tag === tag) yield entry;
    }
  }

  /** Counts of each tag. */
  summary(): { readonly tags: Readonly<Record<string, LedgerCounts>> } {
    return { tags: Object.fromEntries([...this.#counts].map(([tag, counts]) => [tag, { ...counts }])) };
  }

  /** Counts over all tags. */
  totals(): LedgerCounts {
    const totals = { ...NOTHING };
    for (const counts of this.#counts.values())
      for (const key of Object.keys(NOTHING) as (keyof LedgerCounts)[]) totals[key] += counts[key];
    return totals;
  }

  /** Forgets everything. */
  reset(): void {
    this.#counts.clear();
    this.#columns = new Columns(ENTRY_WIDTH);
  }
}
