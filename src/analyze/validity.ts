import type { LoadModel } from '../measure/load-model.ts';
import { relief } from './health.ts';
import type { Validity } from './report.ts';
import type { Spot } from './sweet-spot.ts';

const list = (levels: readonly number[]): string =>
  levels.length > 1 ? `${levels.slice(0, -1).join(', ')} and ${levels.at(-1)}` : String(levels[0] ?? '');

/**
 * Whether the verdict can be relied on. Levels at which this machine was the bottleneck are no results; where the answer
 * would need them (nothing else is left, or what lies above the answer is hidden behind them), there is none.
 */
export const validityOf = (
  spot: Spot | null,
  saturated: readonly number[],
  { speed, load }: { readonly speed: number; readonly load: LoadModel },
): Validity => {
  if (saturated.length === 0 || (spot && spot.reason !== 'client-bound'))
    return { valid: true, because: null, hint: null };
  return {
    valid: false,
    because: `at ${list(saturated)} ${load === 'open' ? 'requests/s' : 'at once'} this machine was the bottleneck, not the endpoint, and the verdict depends on ${saturated.length > 1 ? 'those levels' : 'that level'}`,
    hint: `${relief(speed)} To judge anyway: --allow-saturated.`,
  };
};
