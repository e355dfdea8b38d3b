import type { Millis } from '../../src/core/clock.ts';
import { cachedTokensOf } from './answer-plan.ts';
import type { Standing } from './bucket.ts';
import type { End, Ticket, Visitor } from './desk.ts';
import { draw } from './distribution.ts';
import { drawFault } from './faults.ts';
import type { Reservation } from './limiter.ts';
import type { Refusal, Rejection } from './listener.ts';
import type { Parts } from './parts.ts';
import type { FaultRule, LimitsSpec } from './profile.ts';
import type { EngineRequest } from './request.ts';
import { slowdownOf } from './slowdown.ts';

const nothing = () => {};

/** One attempt as the desk keeps it: decision, waiting, settlement, and one line in the ledger. */
export class Case implements Ticket {
  readonly #parts: Parts;
  readonly #request: EngineRequest;
  readonly #visitor: Visitor;
  readonly #arrivedAt: Millis;
  readonly #decidedAt: Millis;
  #fault: FaultRule | undefined;
  #before: readonly Standing[] = [];
  #after: readonly Standing[] = [];
  #decision = 'admitted';
  #reservation: Reservation | undefined;
  #giveUp: () => void = nothing;
  #started = false;
  #over = false;

  /** `decidedAt` is the desk's own time: instants from other processes may come out of order. */
  constructor(parts: Parts, request: EngineRequest, arrivedAt: Millis, decidedAt: Millis, visitor: Visitor) {
    this.#parts = parts;
    this.#request = request;
    this.#arrivedAt = arrivedAt;
    this.#decidedAt = decidedAt;
    this.#visitor = visitor;
  }

  begin(): void {
    const now = this.#decidedAt;
    const refused = this.#refusedOutright(now);
    if (refused) {
      // A bad key belongs to nobody whose limits could be used up.
      if (this.#limited && refused.kind !== 'unauthorized') this.#parts.admission.fail(this.#request, now);
      const standings = this.#limited ? this.#parts.admission.standings(this.#request, now) : [];
      this.#refuse({ rejection: refused, standings });
    } else if (this.#limited) this.#admit(now);
    else this.#start(false);
  }

  close(end: End): void {
    if (this.#over) return;
    this.#over = true;
    const { line, load, clock } = this.#parts;
    if (this.#reservation) {
      const now = clock.now();
      const { outputTokens, outcome } = end;
      if (this.#started) this.#reservation.settle(now, { outputTokens, complete: outcome === 'ok' });
      else this.#reservation.release(now);
    }
    if (this.#started) {
      load.active--;
      if (this.#limited) line.leave();
      this.#stretch();
    } else this.#giveUp();
    if (this.#request.override.ledger !== false) this.#record(end);
  }

  get #limited(): boolean {
    return this.#request.override.limits !== false;
  }

  #refusedOutright(now: Millis): Rejection | undefined {
    const { profile, inEpisode } = this.#parts;
    const { key, attempt, index } = this.#request;
    const verdict = profile.keys[key];
    if (verdict) return { kind: verdict === 'invalid' ? 'unauthorized' : verdict };
    this.#fault = drawFault(profile, this.#request, now, this.#parts.chance('faults'));
    if (this.#fault?.kind === 'status') return { kind: 'status', status: this.#fault.status };
    if (!this.#limited || !profile.overload || !inEpisode(now)) return undefined;
    const chance = this.#parts.chance('overload').fork(index).fork(attempt);
    return chance.next() < profile.overload.share ? { kind: 'overloaded' } : undefined;
  }

  #admit(now: Millis): void {
    const { profile, admission, line } = this.#parts;
    const { inputTokens, maxTokens } = this.#request.reading;
    if (profile.limits) {
      this.#before = admission.standings(this.#request, now);
      const cachedTokens = cachedTokensOf(profile, this.#request);
      const produced = (at: Millis) => this.#visitor.produced(at);
      const drawnTokens = this.#drawnTokens(profile.limits.charge);
      const estimate = { inputTokens, cachedTokens, maxTokens, drawnTokens, produced };
      const answer = admission.admit(this.#request, estimate, now);
      if ('rejection' in answer) {
        this.#refuse(answer);
        return;
      }
      this.#reservation = answer;
      this.#after = answer.standings;
    }
    let waited = false;
    const start = () => this.#start(waited);
    const entered = line.enter(start);
    waited = true;
    if (entered) {
      const giveUp = () => line.giveUp(start); // by way of a constant: see Playback
      this.#giveUp = giveUp;
      return;
    }
    this.#reservation?.release(now);
    this.#reservation = undefined;
    const status = profile.queue?.fullStatus ?? 429;
    this.#refuse({ rejection: { kind: 'queue-full', status }, standings: this.#after });
  }

  #drawnTokens(charge: LimitsSpec['charge']): number | undefined {
    if (typeof charge === 'string') return undefined;
    return draw(charge, () => this.#parts.chance('charge').fork(this.#request.index));
  }

  #refuse(refusal: Refusal): void {
    const { profile } = this.#parts;
    this.#decision = refusal.rejection.kind;
    this.#after = refusal.standings;
    const delay = this.#request.override.latencyMs ?? profile.rejectLatency;
    this.#visitor.refused(refusal, this.#arrivedAt + delay);
  }

  #start(waited: boolean): void {
    this.#started = true;
    this.#parts.load.active++;
    this.#stretch();
    // A request that need not wait starts when it arrived, however long its admission took; not before its slot was free.
    const startedAt = this.#parts.profile.queue ? this.#decidedAt : this.#arrivedAt;
    const start = {
      index: this.#request.index,
      startedAt: waited ? undefined : startedAt,
      standings: this.#after,
      fault: this.#fault,
    };
    this.#visitor.started(start, this.#parts);
  }

  /** Load depends on the requests in service, and so does everyone's pace. */
  #stretch(): void {
    const { work, profile, line, paced } = this.#parts;
    if (!work || !profile.load) return;
    const slowdown = slowdownOf(profile.load, line.active);
    if (slowdown === work.slowdown) return;
    work.slowdown = slowdown;
    paced(slowdown);
  }

  #record(end: End): void {
    const { profile, ledger } = this.#parts;
    const { reading, tag, index, attempt, endpoint, retryCount, requestId } = this.#request;
    const { outcome, status, endedAt, startedAt, plannedFirstAt, firstAt, plannedEndAt } = end;
    const draft = {
      tag,
      index,
      attempt,
      endpoint,
      model: reading.model,
      stream: reading.stream,
      retryCount,
      requestId,
      outcome,
      decision: this.#decision,
      fault: this.#fault?.kind,
      arrivedAt: this.#arrivedAt,
      startedAt,
      plannedFirstAt,
      firstAt,
      plannedEndAt,
      status,
      endedAt,
      inputTokens: reading.inputTokens,
      cachedTokens: cachedTokensOf(profile, this.#request),
      thinkingTokens: end.thinkingTokens,
      outputTokens: end.outputTokens,
      before: this.#before,
      after: this.#after,
    };
    ledger.add(draft, end.late);
  }
}
