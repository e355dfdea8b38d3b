import { type Day, serveDay } from './day.ts';
import type { DrawnDays } from './drawn-days.ts';
import { peakFactorOf } from './load-curve.ts';
import type { CrossCheck } from './report.ts';
import { erlangC, meanSlotWaitMs, type SlotQueue } from './slots.ts';

/** Formulas beside the first of the days: arrivals, most in flight, and how long a request waits for a slot at the peak. */
export const crossChecks = (day: Day, load: number, drawn: DrawnDays): readonly CrossCheck[] => {
  if (load <= 0) return [];
  const first = drawn.day(day, 0);
  const unlimited = serveDay({ ...day, buckets: [], slots: Number.POSITIVE_INFINITY }, first);
  const peakHour = unlimited.hours.reduce((most, { arrivals }) => Math.max(most, arrivals), 0);
  const expected = peakFactorOf(day.curve) * (day.requestsPerDay / 24);
  // Slots so few that waiting shows: at the slots of the plan next to nobody waits.
  const slots = Math.ceil(peakLoad(day)) + Math.ceil(Math.sqrt(peakLoad(day)) / 2);
  const queue: SlotQueue = {
    slots,
    arrivalsPerSecond: expected / 3600,
    latencyMs: day.latencyMs,
    latencyCv2: day.latencyCv ** 2,
    arrivalCv2: 1,
  };
  const atPeak = drawn.peak(day, expected / 3600);
  const waited = serveDay({ ...day, buckets: [], slots }, atPeak).meanWaitMs;
  return [
    check('arrivals in the busiest hour', expected / 3600, peakHour / 3600, 'per second'),
    check(
      `requests that find one of ${day.slots} slots free at the peak`,
      1 - erlangC(day.slots, peakLoad(day)),
      serveDay({ ...day, buckets: [] }, atPeak).startedAtOnce,
      'share',
    ),
    check(`mean wait for one of ${slots} slots at the peak`, meanSlotWaitMs(queue), waited, 'ms'),
  ];
};

const peakLoad = (day: Day): number =>
  ((day.requestsPerDay / 86_400) * peakFactorOf(day.curve) * day.latencyMs) / 1000;

const check = (what: string, formula: number, simulated: number, unit: CrossCheck['unit']): CrossCheck => ({
  what,
  formula,
  simulated,
  unit,
  difference: simulated === 0 ? 0 : formula / simulated - 1,
});
