import type { Millis } from '../../src/core/clock.ts';
import { Lateness } from './lateness.ts';
import { BLOCK_ROWS, Columns } from './ledger-columns.ts';
import {
  ENTRY_WIDTH,
  LEVELS_WIDTH,
  type LedgerDraft,
  type LedgerEntry,
  type LedgerOutcome,
  readEntry,
  type Unread,
  writeEntry,
} from './ledger-entry.ts';

/** Attempts by outcome; `attempts` is their sum. */
export type LedgerCounts = Readonly<Record<LedgerOutcome | 'attempts', number>>;

/** What became of the attempts of one tag. */
export type TagSummary = LedgerCounts & {
  /** Real milliseconds by which answers that ended as planned were late, p99; absent while there are none. */
  readonly latenessP99Ms?: number;
};

interface Tally {
  readonly counts: Record<LedgerOutcome | 'attempts', number>;
  readonly lateness: Lateness;
}

const NOTHING: LedgerCounts = { attempts: 0, ok: 0, rateLimited: 0, failed: 0, closedEarly: 0, faulted: 0 };

/** Every attempt the server saw: counts are exact, of the entries at least the last `capacity` are kept. */
export class Ledger {
  readonly #capacity: number;
  readonly #tallies = new Map<string, Tally>();
  readonly #columns = new Columns(ENTRY_WIDTH);
  readonly #levels = new Columns(LEVELS_WIDTH);

  constructor(capacity = 200_000) {
    this.#capacity = capacity;
  }

  /** Notes an attempt that is over; `late` is how late it ended, if it ended as planned. */
  add(draft: LedgerDraft, late?: Millis): void {
    writeEntry(this.#columns, this.#levels, draft);
    this.#columns.keep(this.#capacity);
    this.#levels.keep(this.#capacity + BLOCK_ROWS); // no kept entry may lose its levels
    let tally = this.#tallies.get(draft.tag);
    if (!tally) {
      tally = { counts: { ...NOTHING }, lateness: new Lateness() };
      this.#tallies.set(draft.tag, tally);
    }
    tally.counts[draft.outcome]++;
    tally.counts.attempts++;
    if (late !== undefined) tally.lateness.record(late);
  }

  /** Notes a request that was answered with an error before the engine saw it. */
  addUnread(unread: Unread, now: Millis): void {
    this.add({
      ...unread,
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
      const entry = readEntry(this.#columns, this.#levels, row);
      if (tag === undefined || entry.tag === tag) yield entry;
    }
  }

  /** Counts and lateness of each tag. */
  summary(): { readonly tags: Readonly<Record<string, TagSummary>> } {
    const tags = [...this.#tallies].map(([tag, { counts, lateness }]) => {
      const late = lateness.count > 0 && { latenessP99Ms: lateness.quantile(0.99) };
      return [tag, { ...counts, ...late }] as const;
    });
    return { tags: Object.fromEntries(tags) };
  }

  /** Attempts of each tag by outcome. */
  *counts(): Generator<readonly [tag: string, counts: LedgerCounts]> {
    for (const [tag, { counts }] of this.#tallies) yield [tag, counts];
  }

  /** Counts over all tags. */
  totals(): LedgerCounts {
    const totals = { ...NOTHING };
    for (const { counts } of this.#tallies.values())
      for (const key of Object.keys(NOTHING) as (keyof LedgerCounts)[]) totals[key] += counts[key];
    return totals;
  }

  /** Forgets everything. */
  reset(): void {
    this.#tallies.clear();
    this.#columns.clear();
    this.#levels.clear();
  }
}
