import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import { type Clock, type Millis, SystemClock } from '../core/clock.ts';
import type { Usd } from '../core/price.ts';
import type { AttemptRecord, Phase, Recorder, RequestRecord } from '../core/record.ts';
import { formatDuration, formatNumber, formatUsd } from '../core/units.ts';
import { wrap } from '../report/wrap.ts';
import type { StopCondition } from '../run/level.ts';
import type { SweepObserver } from '../run/sweep.ts';

/** Live view of a run: a recorder that looks, and an observer that is told where the run is. */
export interface Progress extends Recorder, SweepObserver {
  /** Names the run's clock, before its first stretch; `speed` is model time ÷ real time, infinite in a simulation. */
  follow(clock: Clock, speed: number): void;
  /** As the observer's, under a title of its own. */
  onStretch(level: number, phase: Phase, until: StopCondition, block?: number, title?: string): void;
  /** A line of text beside the bars. */
  note(text: string): void;
  end(): void;
}

/** What a stretch of load has come to so far. */
interface Tally {
  readonly title: string;
  readonly until: StopCondition;
  readonly startedAtReal: Millis;
  readonly startedAt: Millis;
  open: number;
  done: number;
  /** Items of a workflow that are over; `undefined` where requests are counted. */
  items: number | undefined;
  ok: number;
  limited: number;
  /** Attempts that failed for another reason than a rate limit. */
  failed: number;
  costUsd: Usd | undefined;
}

/** A tally in words. */
interface Status {
  readonly title: string;
  readonly done: string;
  readonly rate: string;
  readonly refused: string;
  /** What it has cost so far; `undefined` where there is no price. */
  readonly cost: string | undefined;
  /** Real time left, which is what the person waits for. */
  readonly left: string;
}

const PLAIN_LINE_EVERY: Millis = 10_000;
/** A simulation completes tens of thousands of requests per second; nobody reads that fast. */
const REDRAW_AFTER: Millis = 50;
/** Columns from which on a line has room for a longer bar. */
const WIDE = 90;
/** Cool-downs shorter than this in real time are not worth a line. */
const NOTEWORTHY_WAIT: Millis = 500;

const TITLES: Readonly<Record<Phase, string>> = {
  reference: 'reference',
  warmup: 'warm-up',
  measure: 'level',
};

const statusOf = (tally: Tally, elapsed: Millis, modelElapsed: Millis, speed: number): Status => {
  const { title, until, items, ok, limited, failed, costUsd } = tally;
  const done = items ?? tally.done;
  const rate = modelElapsed > 0 ? (ok / modelElapsed) * 1000 : 0;
  const byCount =
    until.requests === undefined || done === 0 ? undefined : (elapsed / done) * (until.requests - done);
  const byTime = until.duration === undefined ? undefined : Math.max(0, until.duration / speed - elapsed);
  const left = byCount === undefined ? byTime : Math.min(byCount, byTime ?? byCount);
  return {
    title: title.padEnd(12),
    done: `${until.requests === undefined ? done : `${done}/${until.requests}`}${items === undefined ? '' : ' items'}`,
    rate: `${formatNumber(rate)} ok/s`,
    refused: `${limited} × 429${failed > 0 ? `, ${failed} ${failed === 1 ? 'attempt' : 'attempts'} failed` : ''}`,
    cost: costUsd === undefined ? undefined : formatUsd(costUsd),
    left: left === undefined ? '–' : formatDuration(left),
  };
};

/** How a view shows what happens; without bars, colours or lines it is told the same things. */
interface View {
  started(tally: Tally, status: Status): void;
  changed(tally: Tally, status: Status): void;
  /** Every ten seconds while a stretch runs. */
  ticked(tally: Tally, status: Status): void;
  finished(tally: Tally, status: Status): void;
  note(text: string): void;
  end(): void;
}

/** One bar per stretch, redrawn in place. */
const bars = (stream: NodeJS.WriteStream): View => {
  const all = new MultiBar(
    {
      stream,
      // What matters most comes first: a line that is too long for the terminal is cut at its end.
      format: '{title} {bar} {count} · {left} · {rate} · {refused}{cost} · {open} in flight',
      barsize: (stream.columns ?? 80) < WIDE ? 8 : 16,
      hideCursor: true,
      clearOnComplete: false,
      gracefulExit: false,
      emptyOnZero: true,
      linewrap: false,
      fps: 8,
    },
    Presets.shades_classic,
  );
  let bar: SingleBar | undefined;
  const payload = ({ open }: Tally, { title, done, rate, refused, cost, left }: Status) => ({
    title,
    count: done,
    open,
    rate,
    refused,
    cost: cost === undefined ? '' : ` · ${cost}`,
    left: `ETA ${left}`,
  });
  return {
    started(tally, status) {
      bar = all.create(tally.until.requests ?? 0, 0, payload(tally, status));
    },
    changed(tally, status) {
      bar?.update(tally.items ?? tally.done, payload(tally, status));
    },
    ticked() {},
    finished(tally, status) {
      bar?.update(tally.items ?? tally.done, { ...payload(tally, status), left: 'done' });
      bar = undefined;
    },
    note(text) {
      for (const line of wrap(text, stream.columns ?? 80, 2)) all.log(`${line}\n`);
    },
    end: () => all.stop(),
  };
};

const also = (text: string | undefined): string => (text === undefined ? '' : `, ${text}`);

/** Plain lines for logs and pipes. */
const lines = (stream: NodeJS.WritableStream): View => {
  const note = (text: string) => stream.write(`${text}\n`);
  return {
    started: (_tally, { title }) => note(`${title.trim()}: started`),
    changed() {},
    ticked: ({ open }, { title, done, rate, refused, cost, left }) =>
      note(`${title.trim()}: ${done} done, ${open} in flight, ${rate}, ${refused}${also(cost)}, ETA ${left}`),
    finished: ({ ok, done }, { title, rate, refused, cost }) =>
      note(`${title.trim()}: ${ok} ok of ${done}, ${rate}, ${refused}${also(cost)}`),
    note,
    end() {},
  };
};

const silence: View = { started() {}, changed() {}, ticked() {}, finished() {}, note() {}, end() {} };

/** The view that fits where stderr goes. */
export const createProgress = (quiet: boolean, stream: NodeJS.WriteStream = process.stderr): Progress => {
  const view = quiet ? silence : stream.isTTY ? bars(stream) : lines(stream);
  /** Real time: the person who watches lives in it. */
  const real: Clock = new SystemClock();
  let clock: Clock = real;
  let speed = 1;
  let shownAt: Millis = 0;
  let tally: Tally | undefined;
  let cancelTick = () => {};
  const show = (how: (tally: Tally, status: Status) => void) => {
    if (!tally) return;
    const now = real.now();
    shownAt = now;
    how(tally, statusOf(tally, now - tally.startedAtReal, clock.now() - tally.startedAt, speed));
  };
  const tick = () => {
    show(view.ticked);
    cancelTick = real.schedule(real.now() + PLAIN_LINE_EVERY, tick);
  };
  const finish = () => {
    show(view.finished);
    tally = undefined;
    cancelTick();
  };
  return {
    follow(runClock, runSpeed) {
      clock = runClock;
      speed = runSpeed;
    },
    onStretch(
      level,
      phase,
      until,
      block,
      title = `${TITLES[phase]} ${level}${block ? ` #${block + 1}` : ''}`,
    ) {
      finish();
      tally = {
        title,
        until,
        startedAtReal: real.now(),
        startedAt: clock.now(),
        open: 0,
        done: 0,
        items: undefined,
        ok: 0,
        limited: 0,
        failed: 0,
        costUsd: undefined,
      };
      show(view.started);
      cancelTick = real.schedule(real.now() + PLAIN_LINE_EVERY, tick);
    },
    onMeasured: finish,
    onCooldown(level, { wait, because }) {
      finish();
      if (wait / speed < NOTEWORTHY_WAIT) return;
      view.note(`cool-down before level ${level}: ${formatDuration(wait)}, ${because}`);
    },
    begin() {
      if (tally) tally.open++;
    },
    finish() {
      if (tally) tally.open--;
    },
    attempt({ failure, costUsd }: AttemptRecord) {
      if (tally && costUsd !== undefined) tally.costUsd = (tally.costUsd ?? 0) + costUsd;
      if (!tally || !failure) return;
      if (failure.kind === 'rate-limited') tally.limited++;
      else if (failure.kind !== 'cancelled') tally.failed++;
    },
    itemEnded() {
      if (tally) tally.items = (tally.items ?? 0) + 1;
    },
    record({ outcome, item }: RequestRecord) {
      if (!tally) return;
      tally.done++;
      if (item !== undefined) tally.items ??= 0;
      if (outcome === 'ok') tally.ok++;
      if (real.now() - shownAt >= REDRAW_AFTER) show(view.changed);
    },
    note: view.note,
    end() {
      finish();
      view.end();
    },
  };
};
