import type { JudgeSettings } from '../config/judge-settings.ts';
import type { LoadSettings } from '../config/load-settings.ts';
import { formatDuration, formatPercent, formatUsd } from '../core/units.ts';

const amount = (
  { requests, duration, adapted, precision }: LoadSettings['measure'],
  unit: 'requests' | 'items',
): string => {
  const limits = [
    ...(requests === undefined ? [] : [`${requests} ${unit}${adapted ? ' or what the drain asks for' : ''}`]),
    ...(duration === undefined ? [] : [formatDuration(duration)]),
  ].join(' or ');
  if (precision === undefined) return limits || 'its whole schedule';
  return `until ± ${formatPercent(precision)} is known${limits && `, at most ${limits}`}`;
};

/** What a search may do, in words. */
export const searchText = ({ maxLevel, budget }: NonNullable<JudgeSettings['search']>): string =>
  `levels up to ${maxLevel}, at most ${budgetText(budget)}`;

const budgetText = (budget: NonNullable<JudgeSettings['search']>['budget']): string => {
  if ('usd' in budget) return formatUsd(budget.usd);
  return 'requests' in budget ? `${budget.requests} requests` : formatDuration(budget.duration);
};

/** What is sent at each point of the sweep, and how often, in words. */
export const loadText = (
  { levels, arrival, measure, repeat, search }: LoadSettings & Pick<JudgeSettings, 'search'>,
  unit: 'requests' | 'items',
): string => {
  if (search) return `search for the sweet spot, ${searchText(search)}`;
  const points = arrival ? `${levels.join(', ')} requests/s` : `${levels.join(', ')} at once`;
  const times = repeat > 1 ? `, ${repeat} times in random order` : '';
  return `${amount(measure, unit)} at each of ${points}${times}`;
};
