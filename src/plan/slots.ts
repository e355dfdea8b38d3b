import { normalCdf } from '../stats/distributions.ts';

/**
 * Smallest k with P(N ≤ k) ≥ p for a Poisson variable N of the given mean. With load λ·L it is the number of slots that lets
 * the share p of arriving requests start at once: the number in service of M/G/∞ is Poisson whatever the latency distribution
 * (Palm's theorem). Exact; logarithms keep means of thousands from underflowing.
 */
export const poissonQuantile = (mean: number, p: number): number => {
  if (!(mean > 0)) return 0;
  let logTerm = -mean;
  let k = 0;
  let below = Math.exp(logTerm);
  while (below < p && k < mean + 60 * Math.sqrt(mean) + 60) {
    k++;
    logTerm += Math.log(mean / k);
    below += Math.exp(logTerm);
  }
  return k;
};

/** Probability that an arriving request must wait for one of `slots`, at `load` = λ·L erlangs (Erlang C); 1 if the load fills them. */
export const erlangC = (slots: number, load: number): number => {
  if (load >= slots) return 1;
  // Erlang B by its recurrence, which cannot overflow: B(0) = 1, B(k) = a·B(k−1) / (k + a·B(k−1)).
  let blocked = 1;
  for (let k = 1; k <= slots; k++) blocked = (load * blocked) / (k + load * blocked);
  return (slots * blocked) / (slots - load * (1 - blocked));
};

/**
 * Variance of the number in service ÷ its mean, where slots never run out: 1 of Poisson arrivals, more of bursts. For arrivals with
 * gaps of squared coefficient of variation Cₐ² it is 1 + (Cₐ² − 1)·∫S(t)² dt ÷ L, where S is the share of calls longer than t; for
 * lognormal latencies the integral is L·2Φ(−σ/√2). A heavy-traffic result: many calls in service, bursts shorter than a call.
 */
export const peakedness = (arrivalCv2: number, latencyCv: number): number => {
  const sigma = Math.sqrt(Math.log(1 + latencyCv * latencyCv));
  return 1 + (arrivalCv2 - 1) * 2 * normalCdf(-sigma / Math.SQRT2);
};

/** Slots that let the share p of requests start at once, by Hayward's approximation: z times those of a Poisson load of a ÷ z. */
export const slotsFor = (load: number, p: number, z = 1): number =>
  Math.max(1, Math.ceil(z * poissonQuantile(load / z, p) - 1e-9));

/** Probability that an arriving request must wait for one of `slots` where arrivals have peakedness z (Hayward). */
export const waitProbability = (slots: number, load: number, z = 1): number => {
  if (load >= slots) return 1;
  const [below, part] = [Math.floor(slots / z), (slots / z) % 1];
  // Erlang's formula is of whole slots; between two of them it is interpolated.
  return part < 1e-9
    ? erlangC(below, load / z)
    : (1 - part) * erlangC(below, load / z) + part * erlangC(below + 1, load / z);
};

/** Requests that come in, and the slots that serve them. */
export interface SlotQueue {
  readonly slots: number;
  readonly arrivalsPerSecond: number;
  readonly latencyMs: number;
  /** Squared coefficient of variation of the latency. */
  readonly latencyCv2: number;
  /** Squared coefficient of variation of the gaps between arrivals; 1 for Poisson. */
  readonly arrivalCv2: number;
}

/** Mean calls in flight, by Little's law. */
const loadOf = ({ arrivalsPerSecond, latencyMs }: SlotQueue): number =>
  (arrivalsPerSecond * latencyMs) / 1000;

/**
 * Mean wait for a slot in milliseconds, by Allen and Cunneen's approximation
 * W = (Cₐ² + Cₛ²)/2 · C(k, a) · L / (k − a); infinite if the slots cannot keep up.
 */
export const meanSlotWaitMs = (queue: SlotQueue): number => {
  const { slots, latencyMs, latencyCv2, arrivalCv2 } = queue;
  const load = loadOf(queue);
  if (load >= slots) return Number.POSITIVE_INFINITY;
  return (((arrivalCv2 + latencyCv2) / 2) * erlangC(slots, load) * latencyMs) / (slots - load);
};

/** Wait for a slot that the share p of requests stays below, in milliseconds: from P(W > w) ≈ C·e^(−C·w/W̄), 0 where fewer wait at all. */
export const slotWaitQuantileMs = (queue: SlotQueue, p: number): number => {
  const z = peakedness(queue.arrivalCv2, Math.sqrt(queue.latencyCv2));
  const waiting = waitProbability(queue.slots, loadOf(queue), z);
  const mean = meanSlotWaitMs(queue);
  if (!Number.isFinite(mean)) return mean;
  return waiting <= 1 - p ? 0 : (mean / waiting) * Math.log(waiting / (1 - p));
};
