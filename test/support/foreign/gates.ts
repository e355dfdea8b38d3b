import type { Millis } from '../../../src/core/clock.ts';
import type { RateLimitDimension } from '../../../src/core/rate-limit.ts';

/** How a server decides which calls to take, as people write it who have never seen our mock: plain data. */
export type GateKind =
  /** So many in each stretch of the wall clock. */
  | { readonly by: 'window'; readonly calls: number; readonly ms: Millis }
  /** So many in the time before each call, each remembered. */
  | { readonly by: 'log'; readonly calls: number; readonly ms: Millis }
  /** The same, with the stretch before weighed by what of it still counts. */
  | { readonly by: 'counter'; readonly calls: number; readonly ms: Millis }
  /** A call is due every so often, and may come so many early. */
  | { readonly by: 'gcra'; readonly everyMs: Millis; readonly early: number }
  /** A call is let through every so often; so many wait for it, the others are refused. */
  | { readonly by: 'leak'; readonly everyMs: Millis; readonly waiting: number }
  /** So many at once. */
  | { readonly by: 'cap'; readonly calls: number };

/** What becomes of a call. */
export type Decision =
  | { readonly taken: true; readonly startsAt: Millis }
  | { readonly taken: false; readonly again: Millis };

/** A gate at work. */
export interface Gate {
  decide(at: Millis, open: number): Decision;
  /** What it would tell in headers, if it did. */
  told(at: Millis): RateLimitDimension | undefined;
}

const at = (startsAt: Millis): Decision => ({ taken: true, startsAt });
const no = (again: Millis): Decision => ({ taken: false, again });

const fixedWindow = (calls: number, ms: Millis): Gate => {
  let [window, used] = [0, 0];
  const move = (now: Millis) => {
    const current = Math.floor(now / ms);
    if (current !== window) [window, used] = [current, 0];
  };
  const left = (now: Millis) => (window + 1) * ms - now;
  return {
    decide(now) {
      move(now);
      if (used >= calls) return no(left(now));
      used++;
      return at(now);
    },
    told(now) {
      move(now);
      return { limit: (calls * 60_000) / ms, remaining: calls - used, reset: left(now) };
    },
  };
};

const log = (calls: number, ms: Millis): Gate => {
  let taken: Millis[] = [];
  const forget = (now: Millis) => {
    taken = taken.filter((each) => each > now - ms);
  };
  return {
    decide(now) {
      forget(now);
      if (taken.length >= calls) return no((taken[0] ?? now) + ms - now);
      taken.push(now);
      return at(now);
    },
    told(now) {
      forget(now);
      return {
        limit: (calls * 60_000) / ms,
        remaining: calls - taken.length,
        reset: (taken.at(-1) ?? now) + ms - now,
      };
    },
  };
};

const counter = (calls: number, ms: Millis): Gate => {
  let [window, used, before] = [0, 0, 0];
  const weighed = (now: Millis) => {
    const current = Math.floor(now / ms);
    if (current !== window) [window, before, used] = [current, current === window + 1 ? used : 0, 0];
    return before * (1 - (now / ms - current)) + used;
  };
  return {
    decide(now) {
      if (weighed(now) + 1 > calls) return no((window + 1) * ms - now);
      used++;
      return at(now);
    },
    told(now) {
      const remaining = Math.max(0, Math.floor(calls - weighed(now)));
      return { limit: (calls * 60_000) / ms, remaining, reset: (window + 1) * ms - now };
    },
  };
};

const gcra = (everyMs: Millis, early: number): Gate => {
  let due = 0;
  return {
    decide(now) {
      const next = Math.max(due, now) + everyMs;
      if (next - now > (early + 1) * everyMs) return no(next - now - (early + 1) * everyMs);
      due = next;
      return at(now);
    },
    told(now) {
      const behind = Math.max(0, due - now);
      const remaining = Math.max(0, Math.floor(early + 1 - behind / everyMs));
      return { limit: 60_000 / everyMs, remaining, reset: behind };
    },
  };
};

const leak = (everyMs: Millis, waiting: number): Gate => {
  let due = 0;
  return {
    decide(now) {
      const startsAt = Math.max(due, now);
      if (startsAt - now > waiting * everyMs) return no(startsAt - now - waiting * everyMs);
      due = startsAt + everyMs;
      return at(startsAt);
    },
    told: () => undefined,
  };
};

const cap = (calls: number): Gate => ({
  decide: (now, open) => (open >= calls ? no(1000) : at(now)),
  told: () => undefined,
});

/** Builds a gate. */
export const gateOf = (kind: GateKind): Gate => {
  switch (kind.by) {
    case 'window':
      return fixedWindow(kind.calls, kind.ms);
    case 'log':
      return log(kind.calls, kind.ms);
    case 'counter':
      return counter(kind.calls, kind.ms);
    case 'gcra':
      return gcra(kind.everyMs, kind.early);
    case 'leak':
      return leak(kind.everyMs, kind.waiting);
    case 'cap':
      return cap(kind.calls);
  }
};
