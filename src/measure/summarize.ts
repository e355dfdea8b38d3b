import type { Millis } from '../core/clock.ts';
import type { Outcome, Phase, RequestRecord } from '../core/record.ts';
import { ExactSum } from '../stats/exact-sum.ts';
import { Sample } from '../stats/sample.ts';
import { ArrivalAccumulator } from './arrivals.ts';
import { BlockAccumulator } from './block.ts';
import { burstOf, isSustained } from './burst.ts';
import { CostAccumulator } from './cost.ts';
import { FailureCounter } from './failure-counter.ts';
import { InFlight, meanInFlight, stretchesInFlight } from './in-flight.ts';
import { ItemsAccumulator } from './items.ts';
import type { LevelSummary, MetricSummary } from './level-summary.ts';
import { LimitEvidenceAccumulator } from './limit-evidence.ts';
import type { LoadModel } from './load-model.ts';
import { METRIC_NAMES, METRICS, type MetricName } from './metrics.ts';
import { meetsSlo, type SloBound } from './slo.ts';
import { perSecondOfSlots, SlotTimeAccumulator } from './slot-time.ts';
import { SteadySums } from './steady-sums.ts';
import { WasteAccumulator } from './waste.ts';

/** What a level's requests do not say of themselves. */
export interface LevelKind {
  readonly phase?: Phase;
  readonly load?: LoadModel;
  /** What a good request keeps. */
  readonly slo?: readonly SloBound[];
}

/**
 * Folds a level's measured requests into its summary, keeping numbers and not records. The same records give the same
 * summary in any order, live or read back from disk; requests of other phases are left out.
 */
export class LevelAccumulator {
  readonly #level: number;
  readonly #phase: Phase;
  readonly #load: LoadModel;
  readonly #slo: readonly SloBound[];
  readonly #blocks = new Map<number, BlockAccumulator>();
  readonly #arrivals = new ArrivalAccumulator();
  readonly #outcomes: Record<Outcome, number> = { ok: 0, failed: 0, dropped: 0, cancelled: 0 };
  readonly #failures = new FailureCounter();
  readonly #failedAttempts = new FailureCounter();
  readonly #samples = new Map<MetricName, Sample>(METRIC_NAMES.map((name) => [name, new Sample()]));
  readonly #inFlight = new InFlight();
  readonly #items = new ItemsAccumulator();
  readonly #inFlightTime = new ExactSum();
  readonly #slotTime = new SlotTimeAccumulator();
  readonly #waste = new WasteAccumulator();
  readonly #settledTime = new SlotTimeAccumulator();
  readonly #limits = new LimitEvidenceAccumulator();
  readonly #settled = { requests: 0, ok: 0, attempts: 0 };
  readonly #cost = new CostAccumulator();
  readonly #tokens: { input: number; output: number; estimated?: true } = { input: 0, output: 0 };
  #from: Millis = Number.POSITIVE_INFINITY;
  #to: Millis = Number.NEGATIVE_INFINITY;
  #attempts = 0;
  #rateLimited = 0;
  #good = 0;

  constructor(level: number, { phase = 'measure', load = 'closed', slo = [] }: LevelKind = {}) {
    this.#level = level;
    this.#phase = phase;
    this.#load = load;
    this.#slo = slo;
  }

  /** Requests added so far that count. */
  get requests(): number {
    return Object.values(this.#outcomes).reduce((sum, count) => sum + count, 0);
  }

  /** Adds one request; ignores it unless it is of this level and phase. */
  add(record: RequestRecord): void {
    if (record.phase !== this.#phase || record.level !== this.#level) return;
    this.#outcomes[record.outcome]++;
    this.#blockOf(record).add(record);
    if (this.#load === 'open') this.#arrivals.add(record);
    if (record.item !== undefined) this.#items.add(record);
    this.#from = Math.min(this.#from, record.scheduledAt);
    this.#to = Math.max(this.#to, record.endedAt);
    if (record.failure && record.outcome === 'failed') this.#failures.add(record.failure.kind);
    if (record.outcome !== 'dropped') this.#addSlotTime(record);
    if (record.outcome !== 'ok') return;
    if (record.usage?.estimated) this.#tokens.estimated = true;
    if (meetsSlo(record, this.#slo)) this.#good++;
    this.#tokens.input += record.usage?.inputTokens ?? 0;
    this.#tokens.output += record.usage?.outputTokens ?? 0;
    for (const name of METRIC_NAMES) {
      const sample = METRICS[name].of(record);
      if (sample !== undefined) this.#samples.get(name)?.add(sample);
    }
  }

  #blockOf({ block = 0 }: RequestRecord): BlockAccumulator {
    let found = this.#blocks.get(block);
    if (!found) {
      found = new BlockAccumulator(block, this.#level, this.#load, this.#slo);
      this.#blocks.set(block, found);
    }
    return found;
  }

  #addSlotTime(record: RequestRecord): void {
    if (record.released) for (const [from, to] of stretchesInFlight(record)) this.#addInFlight(from, to);
    else if (record.attempts.length > 0) this.#addInFlight(record.startedAt, record.endedAt);
    this.#slotTime.add(record);
    this.#limits.add(record);
    this.#waste.add(record);
    this.#attempts += record.attempts.length;
    this.#cost.add(record);
    for (const { failure, status } of record.attempts) {
      if (failure) this.#failedAttempts.add(failure.kind);
      if (status === 429) this.#rateLimited++;
    }
    if (record.index >= this.#level && record.outcome !== 'cancelled') {
      this.#settledTime.add(record);
      this.#settled.requests++;
      this.#settled.attempts += record.attempts.length;
      if (record.outcome === 'ok') this.#settled.ok++;
    }
  }

  #addInFlight(from: Millis, to: Millis): void {
    this.#inFlight.add(from, to);
    this.#inFlightTime.add(to - from);
  }

  /** The summary of what has been added so far. */
  finish(): LevelSummary {
    const { ok } = this.#outcomes;
    const empty = this.requests === 0;
    const blocks = this.#sortedBlocks();
    const mean = (of: (block: BlockAccumulator) => Millis) =>
      empty ? 0 : blocks.reduce((sum, block) => sum + of(block), 0) / blocks.length;
    const loadedMs = blocks.reduce((sum, { wallClockMs }) => sum + wallClockMs, 0);
    const perSecond = (count: number) => (loadedMs > 0 ? (count / loadedMs) * 1000 : 0);
    const slotTime = this.#slotTime.split(this.#load === 'closed' ? this.#level : undefined, loadedMs);
    const uncancelled = this.#attempts - this.#failedAttempts.of('cancelled');
    const { max } = this.#inFlight;
    // Of a level too short for a steady part, whose drain would make it look slow.
    const shortPace = this.#load === 'closed' && perSecondOfSlots(this.#level, ok, slotTime);
    const metrics = this.#metrics();
    const items = this.#items.finish(loadedMs);
    const costUsd = this.#cost.split(ok);
    const tokens = { ...this.#tokens };
    return {
      level: this.#level,
      load: this.#load,
      window: { fromMs: empty ? 0 : this.#from, toMs: empty ? 0 : this.#to },
      wallClockMs: mean(({ wallClockMs }) => wallClockMs),
      drainMs: mean(({ drainMs }) => drainMs),
      counts: {
        requests: this.requests,
        ...this.#outcomes,
        attempts: this.#attempts,
        rateLimited: this.#rateLimited,
      },
      failures: this.#failures.counts(),
      failedAttempts: this.#failedAttempts.counts(),
      rates: {
        offeredPerSecond: perSecond(this.requests),
        achievedPerSecond: perSecond(ok),
        goodputPerSecond: perSecond(this.#good),
        attemptsPerSecond: perSecond(this.#attempts),
        outputTokensPerSecond: perSecond(this.#tokens.output),
      },
      attemptsPerSuccess: ok > 0 ? uncancelled / ok : null,
      retryOverhead: this.#slotTime.retryOverhead(),
      settled: this.#settledPart(),
      ...this.#steadyParts(blocks, shortPace || perSecond(ok), metrics),
      slotTime,
      waste: this.#waste.finish(tokens, ok),
      backoffPerSuccessMs: ok > 0 ? this.#slotTime.waitsMs / ok : null,
      effectiveConcurrency: meanInFlight(this.#slotTime.serviceMs, loadedMs),
      inFlight: { mean: Math.min(max, meanInFlight(this.#inFlightTime.value, loadedMs)), max },
      tokens,
      ...(costUsd ? { costUsd } : {}),
      metrics,
      ...(items ? { items } : {}),
    };
  }

  #sortedBlocks(): readonly BlockAccumulator[] {
    return [...this.#blocks].toSorted(([a], [b]) => a - b).map(([, block]) => block);
  }

  #steadyParts(
    blocks: readonly BlockAccumulator[],
    shortPace: number,
    { attemptTime }: LevelSummary['metrics'],
  ): Pick<LevelSummary, 'steady' | 'sustained' | 'burst' | 'arrivals' | 'blocks' | 'rateLimits'> {
    const sums = blocks.map((block) => block.steady());
    const [first = new SteadySums(), ...others] = sums;
    const summaries = blocks.map((block, i) => block.summary(sums[i] ?? first));
    for (const other of others) first.merge(other); // the first one's own figures are taken already
    const steady = first.summary(this.#level, this.#load);
    const rateLimits = this.#limits.finish();
    const perOk = (tokens: number) => (this.#outcomes.ok > 0 ? tokens / this.#outcomes.ok : 0);
    const burst = burstOf(blocks, {
      slots: this.#load === 'open' ? Number.POSITIVE_INFINITY : this.#level,
      latency: attemptTime?.p50 ?? attemptTime?.mean ?? 0,
      perSecond: steady?.perSecond ?? shortPace,
      tokens: { input: perOk(this.#tokens.input), output: perOk(this.#tokens.output) },
      told: rateLimits.told,
    });
    return {
      steady,
      sustained: isSustained(burst),
      burst,
      rateLimits,
      arrivals: this.#load === 'open' ? this.#arrivalsOf(blocks) : null,
      blocks: summaries,
    };
  }

  #arrivalsOf(blocks: readonly BlockAccumulator[]): LevelSummary['arrivals'] {
    const scheduleMs = blocks.reduce((sum, block) => sum + block.scheduleMs, 0);
    return this.#arrivals.summary(scheduleMs, this.#outcomes.dropped);
  }

  #settledPart(): LevelSummary['settled'] {
    const { requests, ok, attempts } = this.#settled;
    if (requests < this.#level || ok === 0) return null;
    return {
      requests,
      attemptsPerSuccess: attempts / ok,
      retryOverhead: this.#settledTime.retryOverhead() ?? 0,
    };
  }

  #metrics(): LevelSummary['metrics'] {
    const metrics: Partial<Record<MetricName, MetricSummary>> = {};
    for (const [name, samples] of this.#samples) {
      const summary = samples.distribution();
      if (summary) metrics[name] = { unit: METRICS[name].unit, ...summary };
    }
    return metrics;
  }
}

/** Summary of one level; pure. */
export const summarize = (
  level: number,
  records: Iterable<RequestRecord>,
  kind: LevelKind = {},
): LevelSummary => {
  const accumulator = new LevelAccumulator(level, kind);
  for (const record of records) accumulator.add(record);
  return accumulator.finish();
};
