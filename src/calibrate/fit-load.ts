import type { Stay } from './observations.ts';
import { FREE, type LoadModel, logLikelihood } from './service-replay.ts';
import { atArrival, showsSlots } from './slot-evidence.ts';

/** A fitted number and the range in which the data do not tell it from the best one (95 %). */
export interface Fitted {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** How a server slows under load, with what is known of it. */
export interface LoadFit {
  readonly model: LoadModel;
  readonly sharing: Fitted | undefined;
  readonly slots: Fitted | undefined;
  readonly thrashing: Fitted | undefined;
  /** Number in service above which it thrashes. */
  readonly above: Fitted | undefined;
}

/** Half the 95 % quantile of χ² with one degree of freedom: a profile likelihood that is this much lower is outside the interval. */
const HALF_CHI = 1.92;

/** Most slow-down for each further request that is looked for. */
const MOST_SHARING = 1;

/** Slow-down for each further request that nobody could ever measure. */
const NEGLIGIBLE = 1e-6;

interface Candidate {
  readonly model: LoadModel;
  readonly score: number;
}

interface Best {
  readonly value: number;
  readonly score: number;
}

/** Highest of a function with one peak, by golden section over a cube-root scale that looks closer at small values. */
const highest = (of: (value: number) => number, most: number, steps = 22): Best => {
  const ratio = (Math.sqrt(5) - 1) / 2;
  const at = (x: number) => most * x ** 3;
  let [low, high] = [0, 1];
  let [left, right] = [high - ratio, low + ratio];
  let [fLeft, fRight] = [of(at(left)), of(at(right))];
  for (let step = 0; step < steps; step++) {
    if (fLeft >= fRight) {
      [high, right, fRight] = [right, left, fLeft];
      left = high - ratio * (high - low);
      fLeft = of(at(left));
    } else {
      [low, left, fLeft] = [left, right, fRight];
      right = low + ratio * (high - low);
      fRight = of(at(right));
    }
  }
  return fLeft >= fRight ? { value: at(left), score: fLeft } : { value: at(right), score: fRight };
};

/** Places to look at between 2 and `most`: all where they are few, else ever farther apart. */
const places = (most: number, around?: number): readonly number[] => {
  if (around !== undefined)
    return Array.from({ length: 9 }, (_, i) => around - 4 + i).filter((n) => n >= 2 && n <= most);
  const all = new Set<number>();
  for (let n = 2; n <= most; n = Math.max(n + 1, Math.round(n * 1.15))) all.add(n);
  return [...all];
};

/** Most requests that were at the endpoint together. */
const busiest = (runs: readonly (readonly Stay[])[]): number =>
  runs.reduce(
    (most, stays) => atArrival(stays).reduce((highestYet, n) => Math.max(highestYet, n + 1), most),
    0,
  );

/**
 * Finds how a server slows under load by maximum likelihood over replays of what was observed. Each further parameter must earn
 * its place by the Bayesian information criterion, or the simpler server stays.
 */
export const fitLoad = (runs: readonly (readonly Stay[])[]): LoadFit => {
  const score = (model: LoadModel) => logLikelihood(runs, model);
  const count = runs.reduce((sum, stays) => sum + stays.length, 0);
  const most = busiest(runs);
  const dear = Math.log(Math.max(count, 2));
  /** Sharing is one parameter. Where slots or thrashing begin is sought over many places, of which one looks good by chance. */
  const price = { sharing: dear / 2, place: dear / 2 + Math.log(Math.max(most, 2)) };

  const withSharing = (start: LoadModel | Candidate): Candidate => {
    const model = 'model' in start ? start.model : start;
    const best = highest((sharing) => score({ ...model, sharing }), MOST_SHARING);
    return { model: { ...model, sharing: best.value }, score: best.score };
  };
  const withSlots = (start: Candidate): Candidate => {
    let best = start;
    for (const around of [undefined, 0])
      for (const slots of places(most - 1, around === undefined ? undefined : best.model.slots)) {
        if (!Number.isFinite(score({ ...best.model, slots })) || !showsSlots(runs, slots)) continue;
        const model = withSharing({ ...best.model, slots });
        if (model.score > best.score) best = model;
      }
    return best;
  };
  const withThrash = (start: Candidate): Candidate => {
    let best = start;
    for (const around of [undefined, 0])
      for (const thrashAbove of places(most - 1, around === undefined ? undefined : best.model.thrashAbove)) {
        const found = highest((thrashing) => score({ ...best.model, thrashAbove, thrashing }), MOST_SHARING);
        if (found.score > best.score)
          best = { model: { ...best.model, thrashAbove, thrashing: found.value }, score: found.score };
      }
    const again = withSharing(best.model);
    return again.score > best.score ? again : best;
  };

  const free = { model: FREE, score: score(FREE) };
  const better = (simple: Candidate, richer: Candidate, cost: number) =>
    richer.score > simple.score + cost ? richer : simple;
  const shared = better(free, withSharing(FREE), price.sharing);
  const queued = better(shared, withSlots(shared), price.place);
  const thrashed = better(shared, withThrash(shared), price.place);
  const simple = queued.score > thrashed.score ? queued : thrashed;
  // Slots and thrashing explain each other's doing when looked for one after the other: try them together too.
  const together =
    simple === shared ? shared : polish(jointly(runs, most), [withThrash, withSlots, withSharing]);
  const chosen = better(simple, together, price.place);
  const { score: top } = chosen;
  const model = chosen.model.sharing < NEGLIGIBLE ? { ...chosen.model, sharing: 0 } : chosen.model;

  const range = (key: 'sharing' | 'thrashing', value: number): Fitted => {
    const inside = (at: number) => score({ ...model, [key]: at }) >= top - HALF_CHI;
    return { value, low: edge(inside, value, 0), high: edge(inside, value, value * 2 + 0.01) };
  };
  return {
    model,
    sharing: model.sharing > 0 ? range('sharing', model.sharing) : undefined,
    thrashing: model.thrashing > 0 ? range('thrashing', model.thrashing) : undefined,
    above: model.thrashing > 0 ? aboveRange(score, model, top, most) : undefined,
    slots: Number.isFinite(model.slots) ? slotRange(score, model, top, most) : undefined,
  };
};

/** Slots and thrashing on a coarse grid, with the sharing that the lower half of the levels shows. */
const jointly = (runs: readonly (readonly Stay[])[], most: number): Candidate => {
  const low = runs.map((stays) => stays.filter(({ level }) => level <= most / 2));
  const { value: sharing } = highest((each) => logLikelihood(low, { ...FREE, sharing: each }), MOST_SHARING);
  let best: Candidate = { model: FREE, score: Number.NEGATIVE_INFINITY };
  for (const slots of places(most - 1).filter((n) => n >= most / 2 && showsSlots(runs, n)))
    for (const thrashAbove of places(slots - 1).filter((n) => n >= most / 4)) {
      const of = (thrashing: number) => logLikelihood(runs, { sharing, slots, thrashAbove, thrashing });
      const found = highest(of, MOST_SHARING, 10);
      if (found.score > best.score)
        best = { model: { sharing, slots, thrashAbove, thrashing: found.value }, score: found.score };
    }
  return best;
};

/** Improves one thing after the other until nothing helps. */
const polish = (start: Candidate, steps: readonly ((from: Candidate) => Candidate)[]): Candidate => {
  let best = start;
  for (let round = 0; round < 4; round++) {
    const before = best.score;
    for (const step of steps) {
      const next = step(best);
      if (next.score > best.score) best = next;
    }
    if (best.score - before < 0.1) break;
  }
  return best;
};

/** The farthest place from `from` towards `to` that is still inside. */
const edge = (inside: (at: number) => boolean, from: number, to: number): number => {
  if (inside(to)) return to;
  let [near, far] = [from, to];
  for (let step = 0; step < 16; step++) {
    const middle = (near + far) / 2;
    if (inside(middle)) near = middle;
    else far = middle;
  }
  return near;
};

/** Where thrashing may begin as well, if its steepness and the slots are free to make up for it. */
const aboveRange = (
  score: (model: LoadModel) => number,
  model: LoadModel,
  top: number,
  most: number,
): Fitted => {
  const inside = places(most - 1).filter((thrashAbove) =>
    (Number.isFinite(model.slots) ? [-1, 0] : [0]).some((off) => {
      const slots = model.slots + off;
      const of = (thrashing: number) => score({ ...model, slots, thrashAbove, thrashing });
      return highest(of, MOST_SHARING, 12).score >= top - HALF_CHI;
    }),
  );
  const all = [...inside, model.thrashAbove];
  return { value: model.thrashAbove, low: Math.min(...all), high: Math.max(...all) };
};

const slotRange = (
  score: (model: LoadModel) => number,
  model: LoadModel,
  top: number,
  most: number,
): Fitted => {
  let [low, high] = [model.slots, model.slots];
  while (low > 1 && score({ ...model, slots: low - 1 }) >= top - HALF_CHI) low--;
  while (high < most && score({ ...model, slots: high + 1 }) >= top - HALF_CHI) high++;
  return { value: model.slots, low, high };
};
