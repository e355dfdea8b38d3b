import { type Clock, type Millis, sleepUntil } from '../../../src/core/clock.ts';

/** How a server gets slower when it has much to do: plain data. */
export type WorkKind =
  | { readonly by: 'nothing' }
  /** So many at a time, the others wait in line. */
  | { readonly by: 'workers'; readonly count: number }
  /** All at once, at full speed up to so many, then each at its share of it. */
  | { readonly by: 'sharing'; readonly cores: number }
  /** Each takes longer by the square of what was under way as it came. */
  | { readonly by: 'crowding'; readonly at: number };

/** Works off one call that takes so long on an idle server; resolves when it is done, rejects with the signal. */
export type Work = (alone: Millis, signal: AbortSignal) => Promise<void>;

const workers = (clock: Clock, count: number): Work => {
  const freeAt = Array.from({ length: count }, () => 0);
  return (alone, signal) => {
    const first = freeAt.indexOf(Math.min(...freeAt));
    const ends = Math.max(freeAt[first] ?? 0, clock.now()) + alone;
    freeAt[first] = ends;
    return sleepUntil(clock, ends, signal);
  };
};

/** Processor sharing: what each has been given of its own time grows at one rate for all, so that they end in the order of what is left. */
const sharing = (clock: Clock, cores: number): Work => {
  interface Job {
    readonly until: number;
    readonly done: () => void;
  }
  let jobs: Job[] = [];
  let [given, since] = [0, 0];
  let cancel = () => {};
  const rate = () => Math.min(1, cores / Math.max(1, jobs.length));
  const settle = () => {
    given += (clock.now() - since) * rate();
    since = clock.now();
  };
  const arm = () => {
    cancel();
    const next = jobs[0];
    if (!next) return;
    cancel = clock.schedule(clock.now() + Math.max(0, next.until - given) / rate(), () => {
      settle();
      jobs = jobs.slice(1);
      next.done();
      arm();
    });
  };
  return (alone, signal) =>
    new Promise((resolve, reject) => {
      settle();
      const job: Job = { until: given + alone, done: resolve };
      const place = jobs.findIndex(({ until }) => until > job.until);
      jobs.splice(place < 0 ? jobs.length : place, 0, job);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      arm();
    });
};

const crowding = (clock: Clock, at: number): Work => {
  let open = 0;
  return async (alone, signal) => {
    open++;
    try {
      await sleepUntil(clock, clock.now() + alone * (1 + (open / at) ** 2), signal);
    } finally {
      open--;
    }
  };
};

/** Puts a server to work. */
export const workOf = (clock: Clock, kind: WorkKind): Work => {
  switch (kind.by) {
    case 'nothing':
      return (alone, signal) => sleepUntil(clock, clock.now() + alone, signal);
    case 'workers':
      return workers(clock, kind.count);
    case 'sharing':
      return sharing(clock, kind.cores);
    case 'crowding':
      return crowding(clock, kind.at);
  }
};
