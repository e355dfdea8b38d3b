import { formatPercent } from '../../core/units.ts';
import type { PlanReport } from '../../plan/report.ts';
import type { Style } from '../style.ts';
import { wrap } from '../wrap.ts';

const UNICODE_BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ASCII_BARS = ['.', ':', '-', '=', '+', '*', '%', '#'];

/** The day's load against the tightest limit of the recommended tier, hour by hour, as one line; empty for a batch or without limits. */
export const loadChart = (report: PlanReport, style: Style, width: number): string => {
  const shown = report.tiers.find(({ tier }) => tier.name === report.recommended);
  const [limit] = shown?.buckets ?? [];
  if (!shown?.simulation || !limit) return '';
  const { hours } = shown.simulation;
  const bars = style.unicode ? UNICODE_BARS : ASCII_BARS;
  const bar = (share: number) => bars[Math.min(bars.length - 1, Math.floor(share * bars.length))] ?? '';
  const shares = hours.map(({ utilization }) => utilization);
  const peak = Math.max(...shares);
  const busiest = shares.indexOf(peak);
  const text = `busiest hour ${busiest}:00, ${formatPercent(peak)} of the ${limit.dimension} limit (a full bar is the limit)`;
  return [
    ...wrap(style.plain(`Load over the day on ${shown.tier.name}`), width).map(style.strong),
    `${style.quiet('0:00 ')}${shares.map(bar).join('')}${style.quiet(' 24:00')}`,
    ...wrap(style.plain(text), width).map(style.quiet),
  ].join('\n');
};
