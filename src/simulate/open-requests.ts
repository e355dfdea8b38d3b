import type { AttemptRecord, Recorder, RequestRecord } from '../core/record.ts';

type Opening = Pick<RequestRecord, 'level' | 'phase' | 'index'>;

/** So many requests are named; a level of a thousand would fill the screen. */
const NAMED = 5;

/** Knows which requests have begun and not ended, for the error that says what a simulation waits for in vain. */
export class OpenRequests implements Recorder {
  readonly #open = new Map<number, Opening>();
  #lastAttempt: AttemptRecord | undefined;

  begin(request: Opening): void {
    this.#open.set(request.index, request);
  }

  attempt(attempt: AttemptRecord): void {
    this.#lastAttempt = attempt;
  }

  record({ index }: RequestRecord): void {
    this.#open.delete(index);
  }

  /** The open requests, and when an attempt last ended. */
  describe(): string {
    const open = [...this.#open.values()];
    const named = open.slice(0, NAMED).map(({ level, phase, index }) => `${phase} ${level} #${index}`);
    const more = open.length > NAMED ? ` and ${open.length - NAMED} more` : '';
    const last = this.#lastAttempt ? `; the last attempt ended at ${this.#lastAttempt.endedAt} ms` : '';
    return open.length === 0 ? `no request${last}` : `requests ${named.join(', ')}${more}${last}`;
  }
}
