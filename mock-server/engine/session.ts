import type { Millis } from '../../src/core/clock.ts';
import { type AnswerPlan, planAnswer, producedBy, stretchOf } from './answer-plan.ts';
import type { Desk, Start, Ticket, Visitor } from './desk.ts';
import type { LedgerOutcome } from './ledger-entry.ts';
import type { EngineListener, Refusal } from './listener.ts';
import type { Fixtures, Parts } from './parts.ts';
import type { PlaybackHost } from './playback.ts';
import { type Arrival, numbered } from './request.ts';

const nothing = () => {};

/** One attempt from its arrival to its end, as its listener sees it: the desk's decision, then the answer. */
export class Session implements Visitor, PlaybackHost {
  readonly #fixtures: Fixtures;
  readonly #arrival: Arrival;
  readonly #listener: EngineListener;
  readonly #arrivedAt: Millis;
  readonly #ticket: Ticket;
  /** What stops the wait of the moment. */
  #cancel: () => void = nothing;
  #service: AnswerPlan | undefined;
  /** The parts that held when service started. */
  #parts: Parts | undefined;
  #over = false;

  constructor(fixtures: Fixtures, desk: Desk, arrival: Arrival, arrivedAt: Millis, listener: EngineListener) {
    this.#fixtures = fixtures;
    this.#arrival = arrival;
    this.#listener = listener;
    this.#arrivedAt = arrivedAt;
    this.#ticket = desk.open(arrival, arrivedAt, this);
  }

  /** Asks for a decision; what follows is driven by the clock. */
  begin(): void {
    this.#ticket.begin();
  }

  /** The client has gone. */
  abandon(): void {
    if (this.#over) return;
    this.#cancel();
    this.#service?.playback.stop();
    this.#end(this.#service?.playback.struck ? 'faulted' : 'closedEarly');
  }

  refused(refusal: Refusal, answerAt: Millis): void {
    if (this.#over) return;
    const { clock, speed } = this.#fixtures;
    const { kind } = refusal.rejection;
    const limited = kind === 'rate-limited' || kind === 'too-large' || kind === 'ramp';
    const answer = () => {
      const late = (clock.now() - answerAt) / speed;
      const status = this.#listener.refused(refusal);
      this.#end(limited ? 'rateLimited' : 'failed', status, late);
    };
    if (answerAt <= this.#arrivedAt) answer();
    else this.#cancel = clock.schedule(answerAt, answer);
  }

  started(start: Start, parts: Parts): void {
    if (this.#over) return;
    this.#parts = parts;
    const request = numbered(this.#arrival, start.index);
    this.#service = planAnswer(parts, request, start, this.#listener, this);
    this.#service.playback.run();
  }

  late(late: Millis): void {
    if (this.#arrival.override.ledger !== false) this.#fixtures.lateness.record(this.#real(late));
  }

  over(outcome: LedgerOutcome, late?: Millis): void {
    this.#end(outcome, 200, late === undefined ? undefined : this.#real(late));
  }

  /** Real milliseconds of a playback's own. */
  #real(late: Millis): Millis {
    const stretch = this.#parts ? stretchOf(this.#parts, this.#arrival) : 1;
    return (late * stretch) / this.#fixtures.speed;
  }

  produced(): number {
    return this.#service ? producedBy(this.#service) : 0;
  }

  #end(outcome: LedgerOutcome, status?: number, late?: Millis): void {
    if (this.#over) return;
    this.#over = true;
    const service = this.#service;
    const output = service?.opening.output;
    const times = service?.playback.times(service.startedAt);
    const planned = output ? output.thinkingTokens + output.visibleTokens : 0;
    this.#ticket.close({
      outcome,
      status,
      endedAt: this.#fixtures.clock.now(),
      startedAt: service?.startedAt,
      plannedFirstAt: times?.plannedFirstAt,
      firstAt: times?.firstAt,
      plannedEndAt: times?.plannedEndAt,
      thinkingTokens: output?.thinkingTokens ?? 0,
      outputTokens: outcome === 'ok' ? planned : this.produced(),
      late,
    });
  }
}
