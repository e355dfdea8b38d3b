import { CRITERIA } from '../../../src/analyze/criteria.ts';
import { type Point, pointOf } from '../../../src/analyze/level-point.ts';
import { verdictOf } from '../../../src/analyze/verdict.ts';
import { judgedRun, type Served, searchedRun } from '../../support/judged-run.ts';

/** One seeded run to judge. */
export interface Trial {
  readonly kind: 'sweep' | 'search' | 'truth';
  readonly profile: Served;
  readonly seed: number;
  /** Of a sweep or a truth. */
  readonly levels?: readonly number[];
  readonly requests?: number;
  readonly repeat?: number;
  readonly ramp?: 'auto' | 0;
  readonly isSilent?: boolean;
}

/** What came of it. */
export interface Judged {
  readonly level: number | undefined;
  readonly reason: string | undefined;
  readonly because: string | undefined;
  readonly interval: readonly number[];
  readonly requests: number;
  readonly points: readonly Point[];
}

/** Requests of a level whose figures are to be free of noise. */
const LONG = 6000;

/** Runs a trial in virtual time and judges it. */
export const judge = async (trial: Trial): Promise<Judged> => {
  const {
    kind,
    profile,
    seed,
    levels = [],
    requests = kind === 'truth' ? LONG : 500,
    repeat = 1,
    ramp = 'auto',
    isSilent = false,
  } = trial;
  const run =
    kind === 'search'
      ? await searchedRun(profile, { seed, isSilent })
      : {
          levels: await judgedRun({
            profile,
            levels,
            seed,
            ramp,
            isSilent,
            repeat,
            measure: { requests },
          }),
          requests: 0,
        };
  const spot = kind === 'truth' ? null : verdictOf(run.levels, CRITERIA);
  return {
    level: spot?.level,
    reason: spot?.reason,
    because: spot?.because,
    interval: spot?.interval?.levels ?? [],
    requests: run.requests || run.levels.reduce((sum, { counts }) => sum + counts.requests, 0),
    points: run.levels.map((level) => pointOf(level, CRITERIA)),
  };
};
