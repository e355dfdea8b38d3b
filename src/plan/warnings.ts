import { inverseNormal } from '../core/rng.ts';
import { formatDuration, formatPercent } from '../core/units.ts';
import { requestsOf } from './cost.ts';
import { MEASURED_TIER, type PlanInputs } from './inputs.ts';
import { neededLimits } from './needed-limits.ts';
import type { TierPlan } from './report.ts';

/** How far a formula may be from simulation by what is known of it: 15 % where waiting is rare and latencies alike. */
const KNOWN_ERROR = 0.16;

/** What the reader should know before trusting the plan. */
export const warningsOf = (
  inputs: PlanInputs,
  tiers: readonly TierPlan[],
  recommended: TierPlan | undefined,
): readonly string[] => [
  ...(requestsOf(inputs) < 100 ? ['Fewer than 100 requests: percentiles of so few mean little.'] : []),
  ...outOfReach(inputs),
  ...(isShortOfLimits(tiers) ? neededLimits(inputs) : []),
  ...noTokenLimits(tiers),
  ...differences(tiers),
  ...oldLimits(tiers, recommended),
];

/** Every tier fails, and one at least for want of its limits. */
const isShortOfLimits = (tiers: readonly TierPlan[]): boolean =>
  tiers.length > 0 &&
  tiers.every(({ verdict }) => verdict !== 'fits') &&
  tiers.some(({ verdict, utilization, batch }) =>
    verdict === 'late' ? batch !== null : (utilization?.peak ?? 0) > 0.5,
  );

/** A response time that no tier can give, since a call takes longer by itself. */
const outOfReach = ({ work, latencyMs, latencyCv }: PlanInputs): readonly string[] => {
  const asked = work.kind === 'stream' ? work.sloP95Ms?.value : undefined;
  const cv2 = latencyCv.value ** 2;
  const alone =
    (latencyMs.value / Math.sqrt(1 + cv2)) * Math.exp(Math.sqrt(Math.log(1 + cv2)) * inverseNormal(0.95));
  return asked !== undefined && alone > asked
    ? [
        `No tier can give p95 < ${formatDuration(asked)}: a call alone takes ${formatDuration(alone)} at p95. Take a faster model or shorter answers.`,
      ]
    : [];
};

const noTokenLimits = (tiers: readonly TierPlan[]): readonly string[] => {
  const names = tiers
    .filter(({ tier }) => tier.name !== MEASURED_TIER)
    .filter(
      ({ buckets }) =>
        buckets.length > 0 && buckets.every(({ dimension }) => dimension.startsWith('requests')),
    )
    .map(({ tier }) => tier.name);
  return names.length === 0
    ? []
    : [`No token limit is known of ${names.join(', ')}: for language models it usually binds first.`];
};

const differences = (tiers: readonly TierPlan[]): readonly string[] => {
  const worst = new Map<string, number>();
  for (const { checks } of tiers)
    for (const { what, difference, chance } of checks)
      if (
        Math.abs(difference) > KNOWN_ERROR + chance &&
        Math.abs(difference) > Math.abs(worst.get(what) ?? 0)
      )
        worst.set(what, difference);
  return [...worst].map(
    ([what, difference]) =>
      `Formula and simulation differ by ${formatPercent(difference)} in the ${what}: trust the simulation.`,
  );
};

/** Limits of the tier to take that are older than the newest of the list: providers rename and raise tiers. */
const oldLimits = (tiers: readonly TierPlan[], recommended: TierPlan | undefined): readonly string[] => {
  if (!recommended) return [];
  const { name, provider, date } = recommended.tier;
  const newest = tiers
    .filter(({ tier }) => tier.provider === provider && /^\d{4}/.test(tier.date))
    .reduce((latest, { tier }) => (tier.date > latest ? tier.date : latest), date);
  return newest > date
    ? [
        `The limits of ${name} were read in ${date}, others of ${provider} in ${newest}: look up what your account has (its console, or the headers of any answer) and give it with --tiers FILE.`,
      ]
    : [];
};
