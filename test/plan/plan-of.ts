import { collect } from '../../src/config/collect.ts';
import { PLAN_OPTIONS, type PlanOptions } from '../../src/config/plan-options.ts';
import { findTiers, SHIPPED_TIERS } from '../../src/config/plan-tiers.ts';
import { resolvePlan } from '../../src/config/resolve-plan.ts';
import { plan } from '../../src/plan/plan.ts';
import type { PlanReport } from '../../src/plan/report.ts';

/** The plan that these flags ask for. */
export const planOf = async (flags: Readonly<Record<string, string>>): Promise<PlanReport> => {
  const options = collect(PLAN_OPTIONS, { flags, env: {}, file: undefined }) as PlanOptions;
  return plan(resolvePlan(options, await findTiers(options.tiers, options.tier), undefined));
};

/** The same over all tiers that ship. */
export const planOfShipped = (flags: Readonly<Record<string, string>>): PlanReport => {
  const options = collect(PLAN_OPTIONS, { flags, env: {}, file: undefined }) as PlanOptions;
  return plan(resolvePlan(options, SHIPPED_TIERS, undefined));
};
