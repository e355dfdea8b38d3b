import type { Millis } from '../core/clock.ts';
import type { SearchOptions } from './search-options.ts';

/** What a search may still spend; infinite where nothing bounds it. */
export interface Left {
  readonly requests: number;
  readonly duration: Millis;
}

/** What may still be spent on a level: money by what a call has cost so far, less the most that those under way can. */
export const leftFor = (level: number, { budget, spent }: Pick<SearchOptions, 'budget' | 'spent'>): Left => {
  const { requests, duration, usd = 0 } = spent();
  const { worst = 0 } = budget;
  const perRequest = requests > 0 ? usd / requests : worst;
  const affordable =
    budget.usd === undefined || perRequest === 0
      ? Number.POSITIVE_INFINITY
      : Math.floor(Math.max(0, budget.usd - usd - level * worst) / perRequest);
  return {
    requests: Math.min(affordable, (budget.requests ?? Number.POSITIVE_INFINITY) - requests),
    duration: (budget.duration ?? Number.POSITIVE_INFINITY) - duration,
  };
};
