import { BenchError, EXIT } from '../core/errors.ts';
import { fitLatency, type LatencyFit, type LatencyModel } from './fit-latency.ts';
import { fitLimits } from './fit-limits.ts';
import { type Fitted, fitLoad, type LoadFit } from './fit-load.ts';
import type { Spread } from './fit-spread.ts';
import { type LimitFit, PER_MINUTE } from './limit-fit.ts';
import type { ObservedRun } from './observations.ts';
import { refusalsOf, unknownOf } from './unknown.ts';

/** Fewest whole answers from which a latency model is fitted. */
const ENOUGH_ANSWERS = 50;

/** A number of the twin, as its file keeps it. */
export interface CalibratedNumber extends Fitted {
  readonly name: string;
  readonly how: string;
}

/** What is known about how a twin was made; the mock ignores it. */
export interface CalibrationNote {
  readonly runs: readonly string[];
  /** Levels that were measured; whatever is predicted above the highest is beyond the data. */
  readonly levels: readonly number[];
  readonly answers: number;
  /** A run of it was a simulation: the twin is one of a mock. */
  readonly simulated?: true;
  /** Mean length of the prompts, which a profile has no use for but a plan has; `null` where no answer told it. */
  readonly inputTokens: number | null;
  readonly numbers: readonly CalibratedNumber[];
  /** Distance of each fitted distribution from the sample (Kolmogorov and Smirnov). */
  readonly distances: Readonly<Record<string, number>>;
  /** Share (0–1) of the attempts that the fitted limit decides as the endpoint did; `null` where nothing was refused. */
  readonly limitExplains: number | null;
  /** What the data could not tell, and what to measure for it. */
  readonly unknown: readonly string[];
}

/** A twin: a profile of the mock that behaves as the endpoint was seen to. */
export interface Twin {
  readonly name: string;
  readonly description: string;
  readonly source: string;
  readonly date: string;
  readonly latency: LatencyModel;
  readonly headShare?: number;
  readonly output: { readonly tokens: Spread };
  readonly load?: {
    readonly factor: number;
    readonly at: number;
    readonly thrash?: { readonly above: number; readonly slowdown: number };
  };
  readonly queue?: { readonly slots: number };
  readonly limits?: Readonly<Record<string, unknown>>;
  readonly rejectLatency?: number;
  readonly faults?: readonly Readonly<Record<string, unknown>>[];
  readonly calibration: CalibrationNote;
}

const rounded = (value: number): number => Number(value.toPrecision(6));

const number = (name: string, { value, low, high }: Fitted, how: string): CalibratedNumber => ({
  name,
  value: rounded(value),
  low: rounded(low),
  high: rounded(high),
  how,
});

/** Level at which a profile states its slow-down: any two points of a line will do. */
const STATED_AT = 101;

/** Fits a twin to stored runs. Throws a `BenchError` (measurement invalid) where they do not even tell how long an answer takes. */
export const calibrate = (runs: readonly ObservedRun[], date: string): Twin => {
  const answers = runs.reduce((sum, { stays }) => sum + stays.filter(({ whole }) => whole).length, 0);
  if (answers < ENOUGH_ANSWERS) {
    throw new BenchError(
      EXIT.invalid,
      `${answers} whole answers are too few to fit a latency model to: ${ENOUGH_ANSWERS} are needed`,
      { hint: 'Measure more: bench sweep --levels 1,10,30 --requests 200, then calibrate that run.' },
    );
  }
  const load = fitLoad(runs.map(({ stays }) => stays));
  const latency = fitLatency(runs, load.model);
  if (!latency) {
    throw new BenchError(
      EXIT.invalid,
      'no latency model can be fitted: the answers do not say how long they are',
      {
        hint: 'Calibrate from a run whose endpoint reports its usage.',
      },
    );
  }
  const limits = fitLimits(runs);
  const names = runs.map(({ name }) => name);
  const levels = [...new Set(runs.flatMap((run) => run.levels))].toSorted((a, b) => a - b);
  return {
    name: 'twin',
    description: `behaves as ${names.join(', ')} did, at ${levels.join(', ')} at once`,
    source: `bench calibrate ${names.join(' ')}`,
    date,
    latency: latency.model,
    ...(latency.headShare === undefined ? {} : { headShare: latency.headShare }),
    output: { tokens: latency.tokens ?? 30 },
    ...loadOf(load),
    ...limitsOf(limits, runs),
    ...faultsOf(runs),
    calibration: {
      runs: names,
      levels,
      answers,
      inputTokens: inputTokensOf(runs),
      numbers: numbersOf(latency, load, limits),
      distances: Object.fromEntries(
        Object.entries(latency.fits).map(([name, { distance }]) => [name, Number(distance.toFixed(4))]),
      ),
      limitExplains: limits[0]?.explains ?? null,
      unknown: unknownOf(runs, levels, latency, load, limits),
    },
  };
};

const loadOf = ({ model }: LoadFit): Pick<Twin, 'load' | 'queue'> => {
  const { sharing, thrashing, thrashAbove, slots } = model;
  return {
    ...(sharing > 0 || thrashing > 0
      ? {
          load: {
            factor: rounded(1 + sharing * (STATED_AT - 1)),
            at: STATED_AT,
            ...(thrashing > 0 ? { thrash: { above: thrashAbove, slowdown: rounded(thrashing) } } : {}),
          },
        }
      : {}),
    ...(Number.isFinite(slots) ? { queue: { slots } } : {}),
  };
};

const limitsOf = (
  limits: readonly LimitFit[],
  runs: readonly ObservedRun[],
): Pick<Twin, 'limits' | 'rejectLatency'> => {
  if (limits.length === 0) return {};
  const refusals = refusalsOf(runs);
  const told = refusals.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  const rates = limits.map(({ dimension, perMinute, burst }) => [
    PER_MINUTE[dimension],
    { limit: rounded(perMinute.value), ...(burst ? { burst: rounded(burst.value) } : {}) },
  ]);
  const [first] = limits;
  const took = refusals.reduce((sum, { tookMs }) => sum + tookMs, 0) / Math.max(refusals.length, 1);
  return {
    limits: {
      ...Object.fromEntries(rates),
      countRejected: first?.drains === true,
      retryAfter: refusals.length === 0 || told.length > refusals.length / 2,
      retryAfterMs: told.some((wait) => wait % 1000 !== 0),
      ...(first?.charge ? { charge: first.charge.spread } : {}),
    },
    ...(refusals.length > 0 ? { rejectLatency: rounded(took) } : {}),
  };
};

const inputTokensOf = (runs: readonly ObservedRun[]): number | null => {
  const told = runs.flatMap(({ knocks }) => knocks.flatMap(({ inputTokens }) => inputTokens ?? []));
  return told.length > 0 ? rounded(told.reduce((sum, tokens) => sum + tokens, 0) / told.length) : null;
};

const FAULTS: Readonly<Record<string, string>> = {
  reset: 'reset',
  truncated: 'truncate',
  protocol: 'garbage',
};

const faultsOf = (runs: readonly ObservedRun[]): Pick<Twin, 'faults'> => {
  const attempts = runs.reduce((sum, { knocks }) => sum + knocks.length, 0);
  const faults = runs.flatMap(({ failures }) =>
    [...failures.values()].flatMap(({ kind, status, count }) => {
      const rate = rounded(count / attempts);
      if (status !== undefined && status >= 400) return [{ kind: 'status', status, rate }];
      const fault = FAULTS[kind];
      return fault === undefined ? [] : [{ kind: fault, rate }];
    }),
  );
  return faults.length > 0 ? { faults } : {};
};

const numbersOf = (
  latency: LatencyFit,
  load: LoadFit,
  limits: readonly LimitFit[],
): readonly CalibratedNumber[] => [
  ...Object.entries(latency.fits).map(([name, { mean, count }]) =>
    number(`${name} on an idle server, mean, ms`, mean, `${count} answers, normal interval`),
  ),
  ...(load.sharing
    ? [
        number(
          'slow-down for each further request',
          load.sharing,
          'maximum likelihood over replays, profile interval',
        ),
      ]
    : []),
  ...(load.thrashing
    ? [
        number(
          'further slow-down for each request where it thrashes',
          load.thrashing,
          'maximum likelihood over replays, profile interval',
        ),
      ]
    : []),
  ...(load.above
    ? [number('thrashes above, in service', load.above, 'maximum likelihood over replays')]
    : []),
  ...(load.slots
    ? [number('served at once, the others wait', load.slots, 'maximum likelihood over replays')]
    : []),
  ...limits.flatMap(({ dimension, perMinute, burst, source, charge, explains }) => [
    number(`${dimension} per minute`, perMinute, HOW[source]),
    ...(charge ? [number(`${dimension} that a call counts, mean`, charge.mean, charge.how)] : []),
    ...(burst
      ? [
          number(
            `${dimension} at once (burst)`,
            burst,
            explains === undefined
              ? 'the most that headers said was left'
              : 'what was let in before the first refusal',
          ),
        ]
      : []),
  ]),
];

const HOW: Readonly<Record<LimitFit['source'], string>> = {
  headers: 'told by response headers',
  messages: 'told by the words of refusals',
  slope: 'the rate that decides the most attempts as the endpoint did',
};
