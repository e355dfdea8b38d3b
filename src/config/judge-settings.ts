import type { Criteria } from '../analyze/criteria.ts';
import { UsageError } from '../core/errors.ts';
import { parseSlo } from '../measure/slo.ts';
import { DECIDED_BY_SEARCH } from './decided-by-search.ts';
import type { BudgetSetting } from './judge-values.ts';
import { SEARCHED } from './level-values.ts';
import { flagName } from './option-spec.ts';
import { SWEEP_OPTIONS, type SweepOptions } from './options.ts';

/** How levels are judged, and whether they are searched for. */
export interface JudgeSettings {
  readonly criteria: Criteria;
  /** `undefined` where the levels are given. */
  readonly search: { readonly maxLevel: number; readonly budget: BudgetSetting } | undefined;
}

const BUDGET: BudgetSetting = { requests: 2000 };

const refuseDecided = (options: SweepOptions): void => {
  for (const key of DECIDED_BY_SEARCH) {
    const value = options[key];
    const spec = SWEEP_OPTIONS[key];
    if (value === spec.fallback || value === SEARCHED || (key === 'ramp' && value === 'auto')) continue;
    const name = flagName(spec);
    throw new UsageError(
      `${name} does not go with a search, which chooses its levels and how long each runs`,
      `Leave out ${name}; --max-level and --budget bound a search.`,
    );
  }
};

/** Reads how to judge and to search from the options; bounds on latency come from the scenario where no flag gives them. Throws `UsageError` for what contradicts itself. */
export const resolveJudge = (options: SweepOptions, scenarioSlo: string | undefined): JudgeSettings => {
  const { tolerance, maxFailures, maxRetryOverhead, maxLatencyFactor, allowSaturated } = options;
  const slo = options.slo ?? (scenarioSlo === undefined ? [] : parseSlo(scenarioSlo, 'slo of the scenario'));
  const isSearch = options.auto || options.levels === SEARCHED;
  if (isSearch) refuseDecided(options);
  else if (options.budget !== undefined)
    throw new UsageError('--budget bounds a search', 'Add --auto, or leave it out.');
  else if (options.maxLevel !== SWEEP_OPTIONS.maxLevel.fallback)
    throw new UsageError('--max-level bounds a search', 'Add --auto, or end --levels there.');
  return {
    criteria: { tolerance, maxFailures, maxRetryOverhead, maxLatencyFactor, slo, allowSaturated },
    search: isSearch ? { maxLevel: options.maxLevel, budget: options.budget ?? BUDGET } : undefined,
  };
};
