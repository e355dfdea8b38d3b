import type { Millis } from '../../src/core/clock.ts';
import type { Standing } from './bucket.ts';

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
  readonly levelsBefore: Readonly<Record<string, number>>;
  readonly levelsAfter: Readonly<Record<string, number>>;
}

/** Attempts by outcome; `attempts` is their sum. */
export type LedgerCounts = Readonly<Record<LedgerOutcome | 'attempts', number>>;

const NOTHING: LedgerCounts = { attempts: 0, ok: 0, rateLimited: 0, failed: 0, closedEarly: 0, faulted: 0 };

/** Bucket levels by name, to a thousandth. */
export const levelsOf = (standings: readonly Standing[]): Record<string, number> => {
  const levels: Record<string, number> = {};
  for (const { name, level } of standings) levels[name] = Math.round(level * 1000) / 1000;
  return levels;
};

/** Every attempt the server saw: counts are exact, of the entries the last `capacity` are kept. */
export class Ledger {
  readonly #capacity: number;
  readonly #counts = new Map<string, Record<LedgerOutcome | 'attempts', number>>();
  #entries: LedgerEntry[] = [];

  constructor(capacity = 200_000) {
    this.#capacity = capacity;
  }

  add(entry: LedgerEntry): void {
    if (this.#entries.length >= 2 * this.#capacity) this.#entries = this.#entries.slice(-this.#capacity);
    this.#entries.push(entry);
    const counts = this.#counts.get(entry.tag) ?? { ...NOTHING };
    this.#counts.set(entry.tag, counts);
    counts[entry.outcome]++;
    counts.attempts++;
  }

  /** Notes a request that was answered with an error before the engine saw it. */
  addUnread(
    place: Pick<LedgerEntry, 'tag' | 'index' | 'attempt' | 'endpoint' | 'requestId' | 'status'>,
    retryCount: number | undefined,
    now: Millis,
  ): void {
    this.add({
      ...place,
      retryCount,
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
      levelsBefore: {},
      levelsAfter: {},
    });
  }

  /** Kept entries in order of their end, of one tag or of all. */
  *entries(tag?: string): Generator<LedgerEntry> {
    for (const entry of this.#entries.slice(-this.#capacity))
      if (tag === undefined || entry.tag === tag) yield entry;
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

  reset(): void {
    this.#counts.clear();
    this.#entries = [];
  }
}
