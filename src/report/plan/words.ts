import { formatNumber, formatPercent } from '../../core/units.ts';
import type { LimitBucket } from '../../plan/limits.ts';
import type { TierVerdict } from '../../plan/report.ts';

/** What a verdict is called. */
export const VERDICT_WORDS: Readonly<Record<TierVerdict, string>> = {
  fits: 'fits',
  tight: 'tight',
  late: 'too late',
  queues: 'queues',
  'too-small': 'too small',
};

/** What stands where there is nothing to say. */
export const NONE = '–';

/** Share of a limit: above ten times nobody cares how much. */
export const useText = (share: number | null | undefined): string => {
  if (share === null || share === undefined) return NONE;
  return share > 10 ? `${formatNumber(share)} ×` : formatPercent(share);
};

/** Amounts per second. */
export const rateText = (perSecond: number | null): string =>
  perSecond === null ? NONE : `${formatNumber(perSecond)}/s`;

/** What binds, in a word or two. */
export const bindingText = ([limit]: readonly LimitBucket[]): string =>
  limit === undefined ? 'nothing' : limit.dimension === 'requests per day' ? 'requests/day' : limit.dimension;
