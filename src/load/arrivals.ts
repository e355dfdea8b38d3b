import type { Millis } from '../core/clock.ts';
import { exponential, gamma as gammaDraw, type Rng } from '../core/rng.ts';

/** One stretch of a changing rate: from what it was to `perSecond`, evenly over `duration`. */
export interface Stage {
  readonly duration: Millis;
  readonly perSecond: number;
}

/** What a schedule is made of; each kind takes what it needs. */
export interface ArrivalOptions {
  /** Mean arrivals per second: the point of the sweep's axis. */
  readonly perSecond: number;
  readonly rng: Rng;
  /** Shape of `gamma` gaps: 1 is Poisson, less comes in bursts, more is even. */
  readonly burstiness: number;
  readonly stages: readonly Stage[];
  /** Ascending offsets of a recorded schedule, the first at 0. */
  readonly trace: readonly Millis[];
}

/** Offsets from the start of a level at which requests are to leave, ascending; endless unless the kind has an end. */
export type Arrivals = Iterable<Millis>;

function* constant({ perSecond }: ArrivalOptions): Generator<Millis> {
  for (let i = 0; ; i++) yield (i * 1000) / perSecond; // by the number, so that no error adds up
}

/** Gaps drawn with mean 1 and stretched: two rates of one seed differ in pace only. */
function* renewal(perSecond: number, gap: () => number): Generator<Millis> {
  for (let at = 0; ; at += gap()) yield (at * 1000) / perSecond;
}

const poisson = ({ perSecond, rng }: ArrivalOptions): Arrivals =>
  renewal(perSecond, () => exponential(rng, 1));

const gamma = ({ perSecond, rng, burstiness }: ArrivalOptions): Arrivals =>
  renewal(perSecond, () => gammaDraw(rng, burstiness) / burstiness);

/** Arrival i leaves when the area under the rate has reached i: exact, and the same every time. */
function* ramp({ stages }: ArrivalOptions): Generator<Millis> {
  let from = 0; // start of the stage
  let rate = 0; // there, per second
  let area = 0; // arrivals due before it
  let next = 0;
  for (const { duration, perSecond } of stages) {
    const seconds = duration / 1000;
    const slope = (perSecond - rate) / seconds;
    const due = ((rate + perSecond) / 2) * seconds;
    for (; next < area + due; next++) yield from + 1000 * timeToArea(next - area, rate, slope);
    area += due;
    from += duration;
    rate = perSecond;
  }
}

/** Seconds until `rate`·t + `slope`·t²/2 reaches `area`; in the form that does not cancel. */
const timeToArea = (area: number, rate: number, slope: number): number =>
  area === 0 ? 0 : (2 * area) / (rate + Math.sqrt(Math.max(0, rate * rate + 2 * slope * area)));

function* trace({ trace: offsets, perSecond }: ArrivalOptions): Generator<Millis> {
  const factor = traceRate(offsets) / perSecond;
  for (const offset of offsets) yield offset * factor;
}

/** Mean arrivals per second of a recorded schedule. */
export const traceRate = (offsets: readonly Millis[]): number =>
  ((offsets.length - 1) / (offsets.at(-1) ?? 0)) * 1000;

/** Schedules of an open loop, by the name they have on the command line. */
export const ARRIVALS = {
  constant: { description: 'evenly', create: constant },
  poisson: { description: 'as independent users do', create: poisson },
  gamma: { description: 'in bursts or evenly, by --burstiness', create: gamma },
  ramp: { description: 'at the changing rate of --stages', create: ramp },
  trace: { description: 'as recorded in --trace', create: trace },
} as const satisfies Readonly<
  Record<string, { description: string; create(options: ArrivalOptions): Arrivals }>
>;

/** Name of a kind of schedule. */
export type ArrivalName = keyof typeof ARRIVALS;
