import type { Millis } from '../core/clock.ts';
import type { RequestRecord } from '../core/record.ts';
import { Column } from '../stats/column.ts';
import { Sample } from '../stats/sample.ts';
import { Admissions } from './admissions.ts';
import { CostAccumulator } from './cost.ts';
import { fullCycleOf } from './full-cycle.ts';
import type { BlockSummary } from './level-summary.ts';
import type { LoadModel } from './load-model.ts';
import { METRICS } from './metrics.ts';
import { meetsSlo, type SloBound } from './slo.ts';
import { SlotTimeAccumulator } from './slot-time.ts';
import { SteadySums } from './steady-sums.ts';
import { SteadyWindow, type TimedCycle } from './steady-window.ts';
import { type Warmup, warmupOf } from './warmup.ts';

/** Requests held until the warm-up is known for good; later ones go straight into the sums, so that memory stays constant. */
const HELD = 100_000;

/** A loop that is about full on average is full, but for its drain. */
const ABOUT_FULL = 0.95;

const newColumns = () => ({
  scheduledAt: new Column(),
  endedAt: new Column(),
  ok: new Column(),
  /** Attempts that we did not cancel; negative where the whole request was. */
  attempts: new Column(),
  lostMs: new Column(),
});

/** One repeat of a level, folded from its requests: the order in which they come makes no difference up to 100,000. */
export class BlockAccumulator {
  readonly admissions = new Admissions();
  readonly #block: number;
  readonly #level: number;
  readonly #load: LoadModel;
  readonly #slo: readonly SloBound[];
  readonly #latency = new Sample();
  readonly #ttft = new Sample();
  readonly #cost = new CostAccumulator();
  readonly #slotTime = new SlotTimeAccumulator();
  #held: ReturnType<typeof newColumns> | undefined = newColumns();
  /** Ends of attempts that failed, while requests are held. */
  readonly #refusedAt = new Column();
  #frozen:
    | {
        readonly warmup: Warmup;
        readonly sums: SteadySums;
        readonly window: SteadyWindow;
        refused: number;
      }
    | undefined;
  #from: Millis = Number.POSITIVE_INFINITY;
  #lastStart: Millis = Number.NEGATIVE_INFINITY;
  #to: Millis = Number.NEGATIVE_INFINITY;
  #requests = 0;
  #ok = 0;
  #failed = 0;
  #attempts = 0;
  #good = 0;

  /** `slo` is what a good request keeps. */
  constructor(block: number, level: number, load: LoadModel, slo: readonly SloBound[] = []) {
    this.#block = block;
    this.#slo = slo;
    this.#level = level;
    this.#load = load;
  }

  /** From first scheduled start to last end. */
  get wallClockMs(): Millis {
    return this.#requests > 0 ? this.#to - this.#from : 0;
  }

  /** From last scheduled start to last end. */
  get drainMs(): Millis {
    return this.#requests > 0 ? this.#to - this.#lastStart : 0;
  }

  /** From first to last scheduled start. */
  get scheduleMs(): Millis {
    return this.#requests > 0 ? this.#lastStart - this.#from : 0;
  }

  /** First scheduled start. */
  get from(): Millis {
    return this.#from;
  }

  /** Last scheduled start. */
  get lastStart(): Millis {
    return this.#lastStart;
  }

  add(record: RequestRecord): void {
    const { outcome, scheduledAt, endedAt, startedAt, attempts } = record;
    this.#requests++;
    this.#from = Math.min(this.#from, scheduledAt);
    this.#lastStart = Math.max(this.#lastStart, scheduledAt);
    this.#to = Math.max(this.#to, endedAt);
    if (outcome === 'dropped') return;
    this.admissions.add(record);
    this.#slotTime.add(record);
    let kept = 0;
    let usefulMs = 0;
    for (const { failure, startedAt: from, endedAt: to } of attempts) {
      if (failure?.kind !== 'cancelled') kept++;
      if (failure && failure.kind !== 'cancelled') this.#refused(to);
      if (!failure || failure.kind === 'cancelled') usefulMs += to - from;
    }
    this.#attempts += kept;
    this.#cost.add(record);
    if (outcome === 'ok') {
      this.#ok++;
      this.#latency.add(endedAt - startedAt);
      const ttft = METRICS.ttft.of(record);
      if (ttft !== undefined) this.#ttft.add(ttft);
      if (meetsSlo(record, this.#slo)) this.#good++;
    } else if (outcome === 'failed') this.#failed++;
    const cycle = {
      ok: outcome === 'ok',
      cycleMs: endedAt - scheduledAt,
      attempts: outcome === 'cancelled' ? -1 : kept,
      lostMs: Math.max(0, endedAt - startedAt - usefulMs),
      scheduledAt,
      endedAt,
    };
    if (this.#frozen) this.#addLate(cycle);
    else this.#hold(cycle);
  }

  #refused(at: Millis): void {
    if (!this.#frozen) this.#refusedAt.push(at);
    else if (at > this.#frozen.warmup.steadyFrom) this.#frozen.refused++;
  }

  #hold(cycle: TimedCycle): void {
    const held = this.#held;
    if (!held) return;
    held.scheduledAt.push(cycle.scheduledAt);
    held.endedAt.push(cycle.endedAt);
    held.ok.push(cycle.ok ? 1 : 0);
    held.attempts.push(cycle.attempts);
    held.lostMs.push(cycle.lostMs);
    if (held.endedAt.length < HELD) return;
    const warmup = this.#warmup(held);
    const refused = this.#refusedAt.values.filter((at) => at > warmup.steadyFrom).length;
    const window = new SteadyWindow(warmup.steadyFrom);
    this.#frozen = { warmup, sums: new SteadySums(), window, refused };
    this.#held = undefined;
    for (const each of cyclesOf(held)) this.#addLate(each);
  }

  #addLate(cycle: TimedCycle): void {
    const frozen = this.#frozen;
    if (!frozen) return;
    frozen.window.add(cycle);
    if (cycle.scheduledAt >= frozen.warmup.steadyFrom && cycle.attempts >= 0) frozen.sums.add(cycle);
  }

  #warmup({ scheduledAt, endedAt }: ReturnType<typeof newColumns>): Warmup {
    return warmupOf(scheduledAt.values, endedAt.values, this.#load === 'closed' ? this.#level : 1);
  }

  /** Sums of what started after the warm-up. */
  steady(): SteadySums {
    const sums = new SteadySums();
    if (this.#frozen) {
      const { warmup, sums: own, window, refused } = this.#frozen;
      const windowMs = this.#to - warmup.steadyFrom;
      const { openMs, lostMs, completed } = window;
      const isFull = this.#load === 'closed' && openMs >= ABOUT_FULL * this.#level * windowMs;
      sums.merge(own);
      sums.close({
        windowMs,
        openMs: isFull ? this.#level * windowMs : openMs,
        lostMs,
        completed,
        refused,
        rampMs: warmup.rampMs,
        warmupMs: warmup.steadyFrom - this.#from,
      });
    } else if (this.#held && this.#held.endedAt.values.length > 0) {
      const { rampMs, steadyFrom } = this.#warmup(this.#held);
      const window = new SteadyWindow(steadyFrom, this.#lastStart);
      for (const cycle of cyclesOf(this.#held)) {
        window.add(cycle);
        if (cycle.scheduledAt >= steadyFrom && cycle.attempts >= 0) sums.add(cycle);
      }
      const windowMs = Math.max(0, this.#lastStart - steadyFrom);
      const warmupMs = steadyFrom - this.#from;
      const refused = this.#refusedAt.values.filter((at) => at > steadyFrom && at <= this.#lastStart).length;
      const fullCycleMs = fullCycleOf(this.#held, steadyFrom, this.#lastStart);
      const { openMs, lostMs, completed } = window;
      sums.close({ windowMs, fullCycleMs, openMs, lostMs, completed, refused, rampMs, warmupMs });
    }
    return sums;
  }

  /** The block as figures; `sums` are its own. */
  summary(sums: SteadySums): BlockSummary {
    const steady = sums.summary(this.#level, this.#load);
    const { wallClockMs } = this;
    const perSecond = steady?.perSecond ?? (wallClockMs > 0 ? (this.#ok / wallClockMs) * 1000 : 0);
    const latency = this.#latency.distribution();
    const ttft = this.#ttft.distribution();
    return {
      block: this.#block,
      requests: this.#requests,
      ok: this.#ok,
      failures: this.#failed,
      fromMs: this.#requests > 0 ? this.#from : 0,
      wallClockMs,
      perSecond,
      goodputPerSecond: this.#ok > 0 ? (perSecond * this.#good) / this.#ok : 0,
      attemptsPerSuccess: steady
        ? steady.attemptsPerSuccess
        : this.#ok > 0
          ? this.#attempts / this.#ok
          : null,
      retryOverhead: steady ? steady.retryOverhead : this.#slotTime.retryOverhead(),
      p50: latency?.p50 ?? null,
      p95: latency?.p95 ?? null,
      p99: latency?.p99 ?? null,
      ttftP50: ttft?.p50 ?? null,
      ttftP95: ttft?.p95 ?? null,
      costPerSuccessUsd: this.#cost.split(this.#ok)?.perSuccess ?? null,
    };
  }
}

function* cyclesOf(columns: ReturnType<typeof newColumns>): Generator<TimedCycle> {
  const { scheduledAt, endedAt, ok, attempts, lostMs } = columns;
  for (const [i, end] of endedAt.values.entries()) {
    const start = scheduledAt.values[i] ?? end;
    yield {
      ok: ok.values[i] === 1,
      cycleMs: end - start,
      attempts: attempts.values[i] ?? 0,
      lostMs: lostMs.values[i] ?? 0,
      scheduledAt: start,
      endedAt: end,
    };
  }
}
