import { formatPercent } from '../core/units.ts';
import type { PlanInputs } from './inputs.ts';
import { PACE } from './limits.ts';
import { peakFactorOf } from './load-curve.ts';

/** Latencies that the last calls of a batch take, as in its floor. */
const LAST_LATENCIES = 1.5;

/** Attempts per second that limits must let in, and why so many; `undefined` where no limit would do. */
const demand = ({ work, retryOverhead, latencyMs, headroom }: PlanInputs) => {
  const attempts = 1 + retryOverhead.value;
  if (work.kind === 'stream') {
    const peak = (work.perDay.value / 86_400) * peakFactorOf(work.curve.value) * attempts;
    return {
      perSecond: peak / (1 - headroom.value),
      because: `with which ${formatPercent(headroom.value)} stay free at the peak`,
    };
  }
  const leftMs = work.deadlineMs.value - LAST_LATENCIES * latencyMs.value;
  return leftMs <= 0
    ? undefined
    : {
        perSecond: (work.requests.value * attempts * 1000) / leftMs / PACE,
        because: 'with which it is done in time at 95 % of each',
      };
};

/** To three digits, and to whole ones. */
const roundedUp = (value: number): number => {
  const step = Math.max(1, 10 ** (Math.floor(Math.log10(Math.max(value, 1))) - 2));
  return Math.ceil(value / step) * step;
};

/** The limits that the work takes, in a sentence, for whoever has to ask for them; nothing where no limit would do. */
export const neededLimits = (inputs: PlanInputs): readonly string[] => {
  const needed = demand(inputs);
  if (!needed) return [];
  const perMinute = (perRequest: number) =>
    roundedUp(needed.perSecond * 60 * perRequest).toLocaleString('en-US');
  // A quota of the day has no peak.
  const daily =
    inputs.work.kind === 'stream' && inputs.tiers.some(({ limits }) => limits.requestsPerDay !== undefined)
      ? `, and ${roundedUp(inputs.work.perDay.value * (1 + inputs.retryOverhead.value)).toLocaleString('en-US')} requests a day where those are limited`
      : '';
  const input = inputs.inputTokens.value * (1 - inputs.cachedShare.value);
  return [
    `No tier considered does. It takes ${perMinute(1)} requests, ${perMinute(input)} input tokens and ${perMinute(inputs.outputTokens.value)} output tokens per minute, ${needed.because}${daily}: ask for such limits, and give them with --tiers FILE.`,
  ];
};
