import type { Clock, Millis } from '../../src/core/clock.ts';
import type { Standing } from './bucket.ts';
import { drawFault } from './faults.ts';
import { chunkTokensOf, planTimes } from './latency.ts';
import type { LedgerOutcome } from './ledger-entry.ts';
import type { Reservation } from './limiter.ts';
import type { EngineListener, Opening, Refusal, Rejection } from './listener.ts';
import { drawOutput, tokensUntil } from './output.ts';
import type { Parts } from './parts.ts';
import { Playback } from './playback.ts';
import type { FaultRule } from './profile.ts';
import type { EngineRequest } from './request.ts';

const nothing = () => {};

/** One attempt from its arrival to its end: admission, waiting, playback, settlement, and one line in the ledger. */
export class Session {
  readonly #parts: Parts;
  readonly #request: EngineRequest;
  readonly #listener: EngineListener;
  readonly #arrivedAt: Millis;
  /** What stops the wait of the moment. */
  #cancel: () => void = nothing;
  #fault: FaultRule | undefined;
  #before: readonly Standing[] = [];
  #after: readonly Standing[] = [];
  #decision = 'admitted';
  #reservation: Reservation | undefined;
  #opening: Opening | undefined;
  #startedAt: Millis | undefined;
  #playback: Playback | undefined;
  /** Still inside `begin`. */
  #beginning = true;
  #over = false;

  constructor(parts: Parts, request: EngineRequest, listener: EngineListener) {
    this.#parts = parts;
    this.#request = request;
    this.#listener = listener;
    this.#arrivedAt = parts.clock.now();
  }

  /** Decides about the request; what follows is driven by the clock. */
  begin(): void {
    const now = this.#arrivedAt;
    const refused = this.#refusedOutright(now);
    if (refused) this.#refuse({ rejection: refused, standings: [] });
    else {
      this.#opening = this.#draw();
      if (this.#limited) this.#admit(this.#opening, now);
      else this.#start();
    }
    this.#beginning = false;
  }

  /** The client has gone. */
  abandon(): void {
    if (this.#over) return;
    this.#cancel();
    this.#playback?.stop();
    this.#end(this.#playback?.struck ? 'faulted' : 'closedEarly');
  }

  get #limited(): boolean {
    return this.#request.override.limits !== false;
  }

  #chance = (purpose: string) => this.#parts.chance(purpose).fork(this.#request.index);

  #refusedOutright(now: Millis): Rejection | undefined {
    const { profile, inEpisode } = this.#parts;
    const { key, attempt } = this.#request;
    const verdict = profile.keys[key];
    if (verdict) return { kind: verdict === 'invalid' ? 'unauthorized' : verdict };
    this.#fault = drawFault(profile, this.#request, now, this.#parts.chance('faults'));
    if (this.#fault?.kind === 'status') return { kind: 'status', status: this.#fault.status };
    if (!this.#limited || !profile.overload || !inEpisode(now)) return undefined;
    const hit = this.#chance('overload').fork(attempt).next() < profile.overload.share;
    return hit ? { kind: 'overloaded' } : undefined;
  }

  #admit(opening: Opening, now: Millis): void {
    const { profile, admission, line } = this.#parts;
    const { inputTokens, maxTokens } = this.#request.reading;
    if (profile.limits) this.#before = admission.standings(this.#request, now);
    const produced = () => this.#produced();
    const estimate = { inputTokens, cachedTokens: opening.cachedTokens, maxTokens, produced };
    const answer = admission.admit(this.#request, estimate, now);
    if ('rejection' in answer) {
      this.#refuse(answer);
      return;
    }
    this.#reservation = answer;
    this.#opening = { ...opening, standings: answer.standings };
    this.#after = answer.standings;
    const start = () => this.#start();
    this.#cancel = () => line.giveUp(start);
    if (line.enter(start)) return;
    answer.release(now);
    this.#reservation = undefined;
    const status = profile.queue?.fullStatus ?? 429;
    this.#refuse({ rejection: { kind: 'queue-full', status }, standings: answer.standings });
  }

  #draw(): Opening {
    const { profile, seed } = this.#parts;
    const { override, reading } = this.#request;
    const { inputTokens } = reading;
    const output = drawOutput(profile, this.#request, chunkTokensOf(profile.latency), this.#chance, seed);
    const cached = override.cachedTokens ?? Math.floor(inputTokens * profile.cachedShare);
    return { output, cachedTokens: Math.min(cached, inputTokens), standings: [] };
  }

  #refuse(refusal: Refusal): void {
    const { clock, profile } = this.#parts;
    this.#decision = refusal.rejection.kind;
    this.#after = refusal.standings;
    const answer = () => {
      const { kind } = refusal.rejection;
      const limited = kind === 'rate-limited' || kind === 'too-large' || kind === 'ramp';
      const status = this.#listener.refused(refusal);
      this.#end(limited ? 'rateLimited' : 'failed', status);
    };
    const delay = this.#request.override.latencyMs ?? profile.rejectLatency;
    if (delay === 0) answer();
    else this.#cancel = clock.schedule(this.#arrivedAt + delay, answer);
  }

  #start(): void {
    const parts = this.#parts;
    const request = this.#request;
    const opening = this.#opening;
    if (!opening) return;
    // A request that need not wait starts when it arrived, however long its admission took to compute.
    this.#startedAt = this.#beginning ? this.#arrivedAt : parts.clock.now();
    this.#cancel = nothing;
    parts.load.active++;
    this.#stretch();
    const exact = request.override.latencyMs !== undefined || !this.#limited;
    const time: Clock = exact ? parts.clock : (parts.work ?? parts.clock);
    const plan = planTimes(parts.profile, request, opening.output, opening.cachedTokens, this.#chance);
    const recorded = request.override.ledger !== false;
    const stretch = () => (exact ? 1 : (parts.work?.slowdown ?? 1));
    this.#playback = new Playback({
      time,
      startedAt: time === parts.clock ? this.#startedAt : time.now(),
      plan,
      opening,
      request,
      fault: this.#fault,
      listener: this.#listener,
      late: recorded ? (late) => parts.lateness.record((late * stretch()) / parts.speed) : nothing,
      over: (outcome) => this.#end(outcome, 200),
    });
    this.#playback.run();
  }

  /** Load depends on the requests in service, and so does everyone's pace. */
  #stretch(): void {
    const { work, profile, line } = this.#parts;
    if (!work || !profile.load) return;
    const { factor, at } = profile.load;
    work.slowdown = 1 + ((factor - 1) * Math.max(line.active - 1, 0)) / (at - 1);
  }

  #planned(): number {
    const output = this.#opening?.output;
    return output ? output.thinkingTokens + output.visibleTokens : 0;
  }

  #produced(): number {
    return this.#opening && this.#playback
      ? tokensUntil(this.#opening.output, this.#playback.chunksDue())
      : 0;
  }

  #end(outcome: LedgerOutcome, status?: number): void {
    if (this.#over) return;
    this.#over = true;
    const { clock, line, load } = this.#parts;
    const now = clock.now();
    const outputTokens = outcome === 'ok' ? this.#planned() : this.#produced();
    if (this.#startedAt === undefined) {
      this.#reservation?.release(now);
    } else {
      this.#reservation?.settle(now, { outputTokens, complete: outcome === 'ok' });
      load.active--;
      if (this.#limited) line.leave();
      this.#stretch();
    }
    if (this.#request.override.ledger !== false) this.#record(outcome, status, now, outputTokens);
  }

  #record(outcome: LedgerOutcome, status: number | undefined, now: Millis, outputTokens: number): void {
    const { reading, tag, index, attempt, endpoint, retryCount, requestId } = this.#request;
    const times = this.#playback?.times(this.#startedAt ?? 0);
    this.#parts.ledger.add({
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
      startedAt: this.#startedAt,
      plannedFirstAt: times?.plannedFirstAt,
      firstAt: times?.firstAt,
      plannedEndAt: times?.plannedEndAt,
      status,
      endedAt: now,
      inputTokens: reading.inputTokens,
      cachedTokens: this.#opening?.cachedTokens ?? 0,
      thinkingTokens: this.#opening?.output.thinkingTokens ?? 0,
      outputTokens,
      before: this.#before,
      after: this.#after,
    });
  }
}
