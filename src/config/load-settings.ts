import type { Millis } from '../core/clock.ts';
import { UsageError } from '../core/errors.ts';
import { type ArrivalName, type ArrivalOptions, traceRate } from '../load/arrivals.ts';
import { batchSize, type Scenario } from '../workload/scenario.ts';
import { SWEEP_OPTIONS, type SweepOptions } from './options.ts';
import { readTrace } from './trace-file.ts';

/** An open loop's schedule, but for its rate. */
export interface ArrivalSettings extends Pick<ArrivalOptions, 'burstiness' | 'stages' | 'trace'> {
  readonly name: ArrivalName;
  readonly maxInFlight: number;
}

/** What the sweep's axis is, where it is measured, and for how long. */
export interface LoadSettings {
  /** Calls at once; requests per second in an open loop. */
  readonly levels: readonly number[];
  /** The schedule of an open loop; `undefined` in a closed one. */
  readonly arrival: ArrivalSettings | undefined;
  readonly measure: {
    readonly requests?: number;
    readonly duration?: Millis;
    readonly adapted?: boolean;
    readonly precision?: number;
  };
  readonly ramp: Millis | 'auto';
  readonly repeat: number;
}

/** Where nobody says how many: most requests before a level is given up as too noisy for its precision. */
const MOST_FOR_PRECISION = 2000;

/** Fewest requests of a level whose number is adapted. */
const FEWEST_ADAPTED = 30;

/** As many as one process can hold and still be on time. */
const MAX_IN_FLIGHT = 1000;

/** Options that mean nothing without another one. */
const refuseIdle = ({
  arrival,
  rate,
  burstiness,
  stages,
  trace,
  maxInFlight,
  ramp,
  levels,
  limiter,
}: SweepOptions) => {
  const isOpen = arrival !== undefined || rate !== undefined;
  const kind = arrival ?? 'poisson';
  const only = (name: string, value: unknown, wanted: ArrivalName) => {
    if (value !== undefined && !(isOpen && kind === wanted))
      throw new UsageError(
        `${name} goes with --arrival ${wanted} only`,
        `Add --arrival ${wanted}, or leave ${name} out.`,
      );
  };
  only('--burstiness', burstiness, 'gamma');
  only('--stages', stages, 'ramp');
  only('--trace', trace, 'trace');
  if (!isOpen) {
    if (maxInFlight !== undefined)
      throw new UsageError(
        '--max-in-flight bounds an open loop',
        'Add --arrival poisson --rate 5/s; in a closed loop --levels is the bound.',
      );
    return;
  }
  for (const [name, given] of [
    ['--levels', levels !== SWEEP_OPTIONS.levels.fallback],
    ['--limiter', limiter !== SWEEP_OPTIONS.limiter.fallback],
    ['--ramp', ramp !== undefined],
  ] as const) {
    if (given)
      throw new UsageError(
        `${name} does not go with an open loop, which starts requests on a schedule whatever is in flight`,
        `Leave out ${name}, or --arrival and --rate.`,
      );
  }
};

const arrivalOf = async (
  options: SweepOptions,
): Promise<{ readonly arrival: ArrivalSettings; readonly levels: readonly number[] } | undefined> => {
  const { rate, stages, trace: path, burstiness = 1, maxInFlight = MAX_IN_FLIGHT } = options;
  if (options.arrival === undefined && rate === undefined) return undefined;
  const name = options.arrival ?? 'poisson';
  const common = { name, burstiness, maxInFlight, stages: stages ?? [], trace: [] };
  if (name === 'ramp') {
    const highest = Math.max(0, ...(stages ?? []).map(({ perSecond }) => perSecond));
    if (highest === 0)
      throw new UsageError(
        '--arrival ramp needs --stages with a rate above 0',
        'For example --stages 30s:5,1m:10.',
      );
    if (rate !== undefined)
      throw new UsageError(
        '--rate does not go with --arrival ramp: its rates are in --stages',
        'Leave --rate out.',
      );
    return { arrival: common, levels: [highest] };
  }
  if (name === 'trace') {
    if (path === undefined)
      throw new UsageError('--arrival trace needs a file', 'For example --trace arrivals.txt.');
    const trace = await readTrace(path);
    const own = Number(traceRate(trace).toPrecision(3));
    return { arrival: { ...common, trace }, levels: rate ?? [own] };
  }
  if (rate === undefined)
    throw new UsageError(
      `--arrival ${name} needs a rate`,
      'For example --rate 5/s, or --rate 2,4,6 to compare.',
    );
  return { arrival: common, levels: rate };
};

const measureOf = (
  { requests, duration, precision }: SweepOptions,
  scenario: Scenario,
  arrival: ArrivalSettings | undefined,
): LoadSettings['measure'] => {
  const until = {
    ...(duration === undefined ? {} : { duration }),
    ...(precision === undefined ? {} : { precision }),
  };
  if (requests === 'auto') return { requests: FEWEST_ADAPTED, adapted: true, ...until };
  if (requests !== undefined) return { requests, ...until };
  if (arrival?.name === 'ramp' || arrival?.name === 'trace') return until; // the schedule ends by itself
  if (precision !== undefined) return { requests: MOST_FOR_PRECISION, adapted: true, ...until };
  return duration === undefined ? { requests: batchSize(scenario), ...until } : until;
};

/** Turns the options about load into settings. Throws `UsageError` for whatever contradicts itself. */
export const resolveLoad = async (options: SweepOptions, scenario: Scenario): Promise<LoadSettings> => {
  refuseIdle(options);
  const open = await arrivalOf(options);
  const measure = measureOf(options, scenario, open?.arrival);
  // A batch of fixed size is what an application starts at once: it keeps its start, and its wall-clock keeps its meaning.
  const isBatch = measure.requests !== undefined && !measure.adapted && measure.precision === undefined;
  const { ramp = isBatch ? 'off' : 'auto' } = options;
  return {
    levels: open?.levels ?? options.levels,
    arrival: open?.arrival,
    measure,
    ramp: ramp === 'off' ? 0 : ramp,
    repeat: options.repeat,
  };
};
