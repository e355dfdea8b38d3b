import { mean, standardErrorOfMean } from '../stats/moments.ts';
import { quantileInPlace } from '../stats/select.ts';
import type { Day } from './day.ts';
import type { DrawnDay } from './drawn-day.ts';
import type { DrawnDays } from './drawn-days.ts';
import { type LimitBucket, pacedWaitMs } from './limits.ts';
import { peakFactorOf } from './load-curve.ts';
import type { CrossCheck } from './report.ts';
import { meanSlotWaitMs, peakedness, type SlotQueue, slotWaitQuantileMs, waitProbability } from './slots.ts';

/** Stretches that a simulated peak is cut into, to see how much of a mean is chance. */
const STRETCHES = 10;

/** Share that waits at the number of slots at which waiting is checked: at those of the plan next to nobody does. */
const WAITING = 0.3;

/** Above this use of a limit no stretch is long enough to tell how long requests wait. */
const MOST_USE = 0.96;

/** Formulas beside a simulation of the busiest instant, held for as long as it takes: finding a slot, waiting for one, waiting for the limit. */
export const crossChecks = (day: Day, binding: LimitBucket | undefined, drawn: DrawnDays): CrossCheck[] => {
  const perSecond = (day.requestsPerDay / 86_400) * peakFactorOf(day.curve);
  if (perSecond <= 0) return [];
  return [
    ...slotChecks(day, perSecond, drawn),
    ...limitChecks(day, perSecond, drawn.peak(day, perSecond), binding),
  ];
};

const slotChecks = (day: Day, perSecond: number, drawn: DrawnDays): CrossCheck[] => {
  const { latencyMs, latencyCv, burstiness, slots } = day;
  const load = (perSecond * latencyMs) / 1000;
  const z = peakedness(1 / burstiness, latencyCv);
  const waits = (at: number) => drawn.slotWaits(day, perSecond, at);
  const few = fewerSlots(slots, load, z);
  const queue: SlotQueue = {
    slots: few,
    arrivalsPerSecond: perSecond,
    latencyMs,
    latencyCv2: latencyCv ** 2,
    arrivalCv2: 1 / burstiness,
  };
  const found = waits(slots);
  const waited = few < slots ? waits(few) : undefined;
  return [
    check(
      `requests that find one of ${slots} slots free at the peak`,
      1 - waitProbability(slots, load, z),
      stretched(found, atOnceOf),
      'share',
    ),
    ...(waited
      ? [
          check(
            `mean wait for a slot with only ${few}`,
            meanSlotWaitMs(queue),
            stretched(waited, mean),
            'ms',
          ),
          check(
            `wait for a slot that 95 % stay below with only ${few}`,
            slotWaitQuantileMs(queue, 0.95),
            stretched(waited, (part) => quantileInPlace(part.slice(), 0.95)),
            'ms',
          ),
        ]
      : []),
  ];
};

/** So few slots that waiting shows, but not so few that it takes ages to settle. */
export const fewerSlots = (slots: number, load: number, z: number): number => {
  let few = slots;
  while (few - 1 > load && waitProbability(few - 1, load, z) <= WAITING) few--;
  return few;
};

const limitChecks = (
  { tokensCv, burstiness }: Day,
  perSecond: number,
  { arrivals, sizes }: DrawnDay,
  binding: LimitBucket | undefined,
): CrossCheck[] => {
  if (!binding || binding.dimension === 'requests per day') return [];
  if (perSecond / binding.requestsPerSecond > MOST_USE) return [];
  const sized = binding.dimension !== 'requests';
  // One server that works off what each request takes: a pacer whose bucket holds nothing.
  const serviceMs = 1000 / binding.requestsPerSecond;
  let doneAt = 0;
  const waits = arrivals.map((at, index) => {
    doneAt = Math.max(at, doneAt) + serviceMs * (sized ? (sizes[index] ?? 1) : 1);
    return doneAt - at;
  });
  return [
    check(
      `mean wait for the ${binding.dimension} limit at the peak if nothing may come at once`,
      pacedWaitMs(binding, perSecond, sized ? tokensCv : 0, 1 / burstiness),
      stretched(waits, mean),
      'ms',
    ),
  ];
};

const atOnceOf = (waits: Float64Array): number => {
  let atOnce = 0;
  for (const wait of waits) if (wait === 0) atOnce++;
  return atOnce / waits.length;
};

/** A figure of the whole, and twice its standard error from stretches of it. */
const stretched = (
  values: Float64Array,
  of: (part: Float64Array) => number,
): { readonly value: number; readonly chance: number } => {
  const length = Math.floor(values.length / STRETCHES);
  const parts = Array.from({ length: STRETCHES }, (_, i) =>
    of(values.subarray(i * length, (i + 1) * length)),
  );
  return { value: of(values), chance: 2 * standardErrorOfMean(parts) };
};

/** A formula beside what was simulated. */
export const check = (
  what: string,
  formula: number,
  { value, chance }: { readonly value: number; readonly chance: number },
  unit: CrossCheck['unit'],
): CrossCheck => ({
  what,
  formula,
  simulated: value,
  unit,
  difference: value === 0 ? 0 : formula / value - 1,
  chance: value === 0 ? 0 : chance / value,
});
