/** How long things of one kind last, as seen through a window: each came into view at some age and left it at a later one. */
export interface Observed {
  /** Ages at which they came into view: 0 where the beginning was seen. */
  readonly enteredAt: Float64Array;
  /** Ages at which they left it. */
  readonly leftAt: Float64Array;
  /** 1 where it left because it ended, 0 where the window closed first. */
  readonly ended: Float64Array;
}

/** Share that may still be alive at the highest age in view: more, and the mean would hang on what nobody saw. */
const UNSEEN = 0.02;

/**
 * Mean lifetime by the product-limit estimator for lifetimes that are cut on both sides (Kaplan & Meier 1958; left truncation: Tsai, Jewell & Wang 1987):
 * at each age at which some ended, the share that did of those then in view, S(x) = Π (1 − ended ÷ in view), and the mean is the area under it. Lives that the window
 * cuts short, or shows the end of alone, count for what was seen of them. The few that outlive the highest age in view are taken to last
 * the mean once more. In the unit of the ages. `undefined` where none ended, or more than those few outlive what was seen.
 */
export const meanLifetime = ({ enteredAt, leftAt, ended }: Observed): number | undefined => {
  const ends = leftAt.filter((_, i) => ended[i] === 1).sort();
  const entries = enteredAt.slice().sort();
  const exits = leftAt.slice().sort();
  if (ends.length === 0) return undefined;
  let [surviving, area, age, entered, left] = [1, 0, 0, 0, 0];
  for (let i = 0; i < ends.length; ) {
    const at = ends[i] ?? 0;
    let endedHere = 0;
    for (; ends[i] === at; i++) endedHere++;
    while ((entries[entered] ?? at) < at) entered++;
    while ((exits[left] ?? at) < at) left++;
    area += surviving * (at - age);
    age = at;
    // One that came into view as it ended says nothing of how many last so long.
    surviving *= 1 - endedHere / Math.max(endedHere, entered - left);
  }
  area += surviving * ((exits.at(-1) ?? age) - age);
  return surviving > UNSEEN ? undefined : area / (1 - surviving);
};
