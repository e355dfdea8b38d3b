import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import { type Clock, SystemClock } from '../core/clock.ts';
import type { AttemptRecord, Recorder, RequestRecord } from '../core/record.ts';
import { formatDuration, formatNumber } from '../core/units.ts';
import type { SweepObserver } from '../run/sweep.ts';

/** Live view of a run: a recorder that looks, and an observer that is told where the run is. */
export interface Progress extends Recorder, SweepObserver {
  /** A line of text beside the bars. */
  note(text: string): void;
  end(): void;
}

/** What a stretch has come to so far. */
interface Tally {
  readonly title: string;
  readonly startedAtReal: number;
  open: number;
  done: number;
  ok: number;
  limited: number;
  /** Attempts that failed for another reason. */
  failed: number;
}

const PLAIN_LINE_EVERY_MS = 10_000;

const TITLES = { reference: 'reference', warmup: 'warm-up', measure: 'level' } as const;

/** Requests done per second of model time; what is left takes `eta` of real time, which is what the person waits for. */
const pace = (tally: Tally, elapsed: number, total: number | undefined, speed: number) => {
  const rate = elapsed > 0 ? (tally.ok / elapsed) * (1000 / speed) : 0;
  const left =
    total === undefined || tally.done === 0 ? undefined : (elapsed / tally.done) * (total - tally.done);
  return { rate: formatNumber(rate), eta: left === undefined ? '–' : formatDuration(left) };
};

/** Attempts that brought no answer, in as few words as there are kinds of them. */
const refused = ({ limited, failed }: Tally): string =>
  `${limited} × 429${failed > 0 ? `, ${failed} failed` : ''}`;

/** Shared book-keeping of both views. */
abstract class Watch implements Progress {
  protected tally: Tally | undefined;
  /** Real time: the person who watches lives in it. */
  protected readonly clock: Clock = new SystemClock();
  protected readonly total: number | undefined;
  protected readonly speed: number;

  constructor(total: number | undefined, speed: number) {
    this.total = total;
    this.speed = speed;
  }

  onStretch(level: number, phase: keyof typeof TITLES): void {
    this.finished();
    const title = `${TITLES[phase]} ${String(level).padStart(3)}`;
    this.tally = { title, startedAtReal: this.clock.now(), open: 0, done: 0, ok: 0, limited: 0, failed: 0 };
    this.started(this.tally, phase === 'measure');
  }

  onCooldown(level: number, { wait, because }: { readonly wait: number; readonly because: string }): void {
    this.finished();
    if (wait / this.speed >= 500)
      this.note(`cool-down before level ${level}: ${formatDuration(wait)} (${because})`);
  }

  onMeasured(): void {
    this.finished();
  }

  begin(): void {
    if (this.tally) this.tally.open++;
  }

  attempt({ failure }: AttemptRecord): void {
    if (!this.tally || !failure) return;
    if (failure.kind === 'rate-limited') this.tally.limited++;
    else this.tally.failed++;
  }

  record({ outcome }: RequestRecord): void {
    if (!this.tally) return;
    this.tally.open--;
    this.tally.done++;
    if (outcome === 'ok') this.tally.ok++;
    this.changed(this.tally);
  }

  protected pace(tally: Tally) {
    return pace(tally, this.clock.now() - tally.startedAtReal, this.total, this.speed);
  }

  abstract note(text: string): void;
  abstract end(): void;
  protected abstract started(tally: Tally, counted: boolean): void;
  protected abstract changed(tally: Tally): void;
  protected abstract finished(): void;
}

/** One bar per level, redrawn in place. */
class Bars extends Watch {
  readonly #bars: MultiBar;
  #bar: SingleBar | undefined;

  constructor(total: number | undefined, speed: number, stream: NodeJS.WriteStream) {
    super(total, speed);
    this.#bars = new MultiBar(
      {
        stream,
        format: '{title} {bar} {done} · {open} in flight · {rate} ok/s · {refused} · ETA {eta}',
        barsize: 16,
        hideCursor: true,
        clearOnComplete: false,
        gracefulExit: false,
        emptyOnZero: true,
        linewrap: false,
        fps: 8,
      },
      Presets.shades_classic,
    );
  }

  protected started(tally: Tally, counted: boolean): void {
    this.#bar = this.#bars.create(counted ? (this.total ?? 0) : 0, 0, this.#payload(tally));
  }

  protected changed(tally: Tally): void {
    this.#bar?.update(tally.done, this.#payload(tally));
  }

  protected finished(): void {
    if (this.tally && this.#bar)
      this.#bar.update(this.tally.done, { ...this.#payload(this.tally), eta: 'done' });
    this.#bar = undefined;
  }

  #payload(tally: Tally) {
    const { title, open, done } = tally;
    return {
      title,
      open,
      done: `${done}${this.total ? `/${this.total}` : ''}`,
      refused: refused(tally),
      ...this.pace(tally),
    };
  }

  note(text: string): void {
    this.#bars.log(`${text}\n`);
  }

  end(): void {
    this.finished();
    this.#bars.stop();
  }
}

/** Plain lines for logs and pipes: one when a stretch begins, one every ten seconds, one when it ends. */
class Lines extends Watch {
  readonly #stream: NodeJS.WritableStream;
  #cancel = () => {};

  constructor(total: number | undefined, speed: number, stream: NodeJS.WritableStream) {
    super(total, speed);
    this.#stream = stream;
    const tick = () => {
      if (this.tally) this.note(this.#line(this.tally));
      this.#cancel = this.clock.schedule(this.clock.now() + PLAIN_LINE_EVERY_MS, tick);
    };
    this.#cancel = this.clock.schedule(PLAIN_LINE_EVERY_MS, tick);
  }

  #line(tally: Tally): string {
    const { title, done, open } = tally;
    const { rate, eta } = this.pace(tally);
    return `${title}: ${done}${this.total ? `/${this.total}` : ''} done, ${open} in flight, ${rate} ok/s, ${refused(tally)}, ETA ${eta}`;
  }

  protected started(tally: Tally): void {
    this.note(`${tally.title}: started`);
  }

  protected changed(): void {}

  protected finished(): void {
    const { tally } = this;
    if (!tally || tally.done === 0) return;
    const { rate } = this.pace(tally);
    this.note(`${tally.title}: ${tally.ok} ok of ${tally.done}, ${rate} ok/s, ${refused(tally)}`);
    this.tally = undefined;
  }

  note(text: string): void {
    this.#stream.write(`${text}\n`);
  }

  end(): void {
    this.finished();
    this.#cancel();
  }
}

/** No view at all. */
class Silence extends Watch {
  protected started(): void {}
  protected changed(): void {}
  protected finished(): void {}
  note(): void {}
  end(): void {}
}

/** The view that fits where stderr goes. `total` is the requests per level, if known. */
export const createProgress = (
  quiet: boolean,
  total: number | undefined,
  speed: number,
  stream: NodeJS.WriteStream = process.stderr,
): Progress => {
  if (quiet) return new Silence(total, speed);
  return stream.isTTY ? new Bars(total, speed, stream) : new Lines(total, speed, stream);
};
