import type { RequestRecord } from '../core/record.ts';
import { Admissions } from '../measure/admissions.ts';
import { isSilenceOpen, silencesOf } from '../measure/silences.ts';

/** How much more must be known before it is worth another look; keeps the work in proportion to the requests. */
const GROWTH = 1.02;

/** From the end of one silence to that of another whole windows flow in. */
const ENOUGH_SILENCES = 2;

/**
 * Tells when a level has shown the limit that refuses it: after so many requests, once something was refused, or, where nothing was let in for a while, as by a
 * limit that counts by windows of time, once that has happened twice.
 */
export class LimitStop {
  readonly #admissions = new Admissions();
  readonly #slots: number;
  readonly #usual: number;
  #requests = 0;
  #lookAt: number;
  #reached = false;

  constructor(slots: number, usual: number) {
    this.#slots = slots;
    this.#usual = usual;
    this.#lookAt = usual;
  }

  /** Whether enough is known; once reached it stays. */
  get reached(): boolean {
    return this.#reached;
  }

  /** Takes a completed request into account. */
  add(record: RequestRecord): void {
    if (this.#reached) return;
    this.#admissions.add(record);
    if (++this.#requests < this.#lookAt) return;
    this.#lookAt = Math.ceil(this.#requests * GROWTH) + 1;
    if (this.#admissions.counts.refused === 0 && this.#requests < 2 * this.#usual) return;
    const { starts } = this.#admissions;
    const silences = silencesOf(starts, this.#slots).length;
    this.#reached = silences === 0 ? !isSilenceOpen(starts, this.#slots) : silences >= ENOUGH_SILENCES;
  }
}
