import { createRng } from '../../../src/core/rng.ts';
import type { ForeignServer } from '../../support/foreign/foreign-server.ts';
import type { GateKind } from '../../support/foreign/gates.ts';
import type { WorkKind } from '../../support/foreign/works.ts';

/** A server that others might have written, drawn at random. */
export interface DrawnForeign {
  readonly server: ForeignServer;
  readonly kind: string;
  /** It tells its limit in headers. */
  readonly told: boolean;
  readonly text: string;
  /** Requests of a run so long that what a window holds makes no difference. */
  readonly longRun: number;
}

interface Draw {
  readonly latencyMs: number;
  /** Calls that keep its capacity busy. */
  readonly ceiling: number;
  readonly perSecond: number;
  between(low: number, high: number): number;
  pick<T>(...values: readonly [T, ...(readonly T[])]): T;
}

type Kind = keyof typeof KINDS;

/** Windows that limits count by. */
const WINDOWS = [60_000, 10_000, 1000] as const;

/** Calls that a window or a bucket holds at most: a search of 2,000 requests is over before it has seen several of more. */
const MOST_HELD = 400;

const windowOf = ({ pick, perSecond }: Draw) => {
  const heldIn = (ms: number) => Math.max(1, Math.round((perSecond * ms) / 1000));
  const [first = 1000, ...others] = WINDOWS.filter((ms) => heldIn(ms) <= MOST_HELD);
  const ms = pick(first, ...others);
  return { ms, calls: heldIn(ms) };
};

/** Ways to be limited. */
const KINDS = {
  'fixed window': (draw) => ({ gate: { by: 'window', ...windowOf(draw) } }),
  log: (draw) => ({ gate: { by: 'log', ...windowOf(draw) } }),
  counter: (draw) => ({ gate: { by: 'counter', ...windowOf(draw) } }),
  gcra: ({ perSecond, between }) => ({
    gate: {
      by: 'gcra',
      everyMs: 1000 / perSecond,
      early: Math.min(MOST_HELD, Math.round(perSecond * between(0.2, 10))),
    },
  }),
  leak: ({ perSecond, ceiling, between }) => ({
    gate: { by: 'leak', everyMs: 1000 / perSecond, waiting: Math.round(ceiling * between(0.05, 2)) },
  }),
  cap: ({ ceiling }) => ({ gate: { by: 'cap', calls: Math.round(ceiling) } }),
  workers: ({ ceiling }) => ({ work: { by: 'workers', count: Math.round(ceiling) } }),
  sharing: ({ ceiling }) => ({ work: { by: 'sharing', cores: Math.round(ceiling) } }),
  crowding: ({ ceiling }) => ({ work: { by: 'crowding', at: Math.round(ceiling) } }),
} as const satisfies Readonly<
  Record<string, (draw: Draw) => { readonly gate?: GateKind; readonly work?: WorkKind }>
>;

const LIMITS: readonly Kind[] = ['fixed window', 'log', 'counter', 'gcra'];

const rounded = (value: number): number => Number(value.toPrecision(4));

/** Requests that a full bucket or window may bring beside what lasts: at most one in so many of a long run. */
const MOST_CREDIT = 40;

const heldBy = (gate?: GateKind): number => {
  if (gate?.by === 'gcra') return gate.early;
  return gate && 'ms' in gate ? gate.calls : 0;
};

/** Draws one. */
export const drawnForeign = (seed: number): DrawnForeign => {
  const rng = createRng(seed).fork('drawn-foreign');
  const between = (low: number, high: number) => low * (high / low) ** rng.next();
  const pick = <T>(...values: readonly [T, ...(readonly T[])]): T =>
    values[Math.floor(rng.next() * values.length)] ?? values[0];
  const [first, ...others] = Object.keys(KINDS) as [Kind, ...Kind[]];
  const kind = pick(first, ...others);
  const latencyMs = Math.round(between(300, 10_000));
  const cv = rounded(between(0.05, 0.8));
  const law = cv > 0.5 ? pick('gamma', 'two-sizes') : pick('gamma', 'uniform', 'two-sizes');
  const ceiling = between(3, 90);
  const perSecond = (ceiling / latencyMs) * 1000;
  const own: { readonly gate?: GateKind; readonly work?: WorkKind } = KINDS[kind]({
    latencyMs,
    ceiling,
    perSecond,
    between,
    pick,
  });
  const tells = LIMITS.includes(kind)
    ? pick('nothing', 'retry-after', 'headers')
    : pick('nothing', 'retry-after');
  const server: ForeignServer = {
    ...own,
    work: own.work ?? { by: 'nothing' },
    latencyMs,
    cv,
    law,
    tells,
    status: kind === 'cap' ? pick(429, 503) : 429,
  };
  return {
    server,
    kind,
    told: tells === 'headers',
    text: `${kind} (${ceiling.toFixed(1)} fit): ${latencyMs} ms, CV ${cv} ${law}, ${JSON.stringify(own)}, tells ${tells}`,
    longRun: Math.max(2500, MOST_CREDIT * heldBy(own.gate)),
  };
};
