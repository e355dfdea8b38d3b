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

/** Wait for a slot that the share p of requests stays below, in milliseconds: from P(W > w) ≈ C·e^(−C·w/W̄). */
export const slotWaitQuantileMs = (queue: SlotQueue, p: number): number => {
  const waiting = erlangC(queue.slots, loadOf(queue));
  const mean = meanSlotWaitMs(queue);
  if (!Number.isFinite(mean)) return mean;
  return waiting <= 1 - p ? 0 : (mean / waiting) * Math.log(waiting / (1 - p));
};
