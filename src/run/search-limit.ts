import { CONTRADICTION } from '../core/rate-limit.ts';
import type { LevelFinding } from '../measure/level-finding.ts';
import type { Probe } from './measure-plan.ts';
import { FIRST, MOST, ON_THE_WAY, probeOf } from './probe-size.ts';
import type { Search } from './search-state.ts';

/** Its pace is taken for one that a full bucket paid for, though nothing of it was refused. */
const isBurst = ({ admissible, refused, lateness }: LevelFinding): boolean =>
  !admissible && !refused && lateness <= 1;

const isPaceKnown = ({ lastingPerSecond, letInPerSecond }: LevelFinding): boolean =>
  (lastingPerSecond ?? letInPerSecond) !== undefined;

/** A level that fell silent once is measured so often at most. */
const MOST_RUNS = 2;

/**
 * Measures the lowest level that was refused once more, for longer, where nobody told the limit: past its bucket such a level
 * shows the limit's own pace, while all below may live on the bucket for as long as a probe lasts. And again if it fell silent once.
 */
export function* saturate(search: Search): Generator<Probe, void> {
  const refused = search.lowestSaturated;
  const gaveWay = search.lowestRefused;
  if (!refused || !(refused.sawOneSilence || (gaveWay?.refused && !isPaceKnown(gaveWay)))) return;
  yield* pressed(search, refused);
  const still = search.lowestSaturated;
  if (still?.sawOneSilence && search.runsOf(still.level) <= MOST_RUNS) yield* pressed(search, still);
}

function* pressed(search: Search, { level }: LevelFinding): Generator<Probe, void> {
  const left = search.left(level);
  const least = probeOf(level, ON_THE_WAY);
  // Without it all below may be a burst: it comes before anything but one more probe.
  const most = Math.max(left.requests / 2, Math.min(least, left.requests - probeOf(FIRST.level, MOST)));
  if (most >= least) yield* search.press(level, { usual: 2 * least, most, duration: left.duration / 3 });
}

/**
 * Where one level alone shows a limit, and may have been let have less than it: what a level half-way below it is let have must be as much. Where that one
 * is not refused, the bucket pays for it, and it is measured again for as long as a bucket of the size that was seen could do so: either it is
 * refused as well, or what was taken for the limit was none.
 */
export function* doubt(search: Search): Generator<Probe, void> {
  const shown = () => search.found.find((each) => each.refused && each.letInPerSecond !== undefined);
  const refused = shown();
  if (refused && refused.lastingPerSecond === undefined) {
    // Others kept up more than it was let have: by chance, because of what had been sent before it, or because refused calls count.
    yield* again(search, refused, 1);
    return;
  }
  if (refused?.doubtfulBucket === undefined) return;
  const below = search.found.findLast((each) => !each.refused && each.level < refused.level);
  if (!below || !isBurst(below)) {
    yield* again(search, refused, 2);
    return;
  }
  if (refused.level - below.level > Math.max(1, below.level / 4))
    yield* search.pass(Math.round((below.level + refused.level) / 2));
  const still = shown();
  if (still && still.lastingPerSecond === undefined) {
    yield* again(search, still, 1);
    return;
  }
  const claimed = search.found.findLast((each) => isBurst(each));
  if (claimed) yield* hold(search, claimed);
}

/**
 * What a level shows that was the first to be refused hangs on what others sent in the minute before, which a limit by the minute has not
 * forgotten. After a cool-down it starts from nothing.
 */
function* again(search: Search, { level }: LevelFinding, probes: number): Generator<Probe, void> {
  if (search.runsOf(level) > 1 || !search.doubtOnce(level)) return;
  const left = search.left(level);
  const least = probeOf(level, ON_THE_WAY);
  const usual = Math.floor(Math.min(probes * least, left.requests / 3));
  if (usual >= least)
    yield* search.press(level, { usual, most: left.requests / 2, duration: left.duration / 3 });
}

function* hold(
  search: Search,
  { level, perSecond, lastingPerSecond = 0, doubtfulBucket }: LevelFinding,
): Generator<Probe, void> {
  const above = 1 - (CONTRADICTION * lastingPerSecond) / perSecond;
  if (doubtfulBucket === undefined || above <= 0) return;
  const left = search.left(level);
  const requests = Math.ceil(Math.max(doubtfulBucket / above + 2 * level, probeOf(level, ON_THE_WAY)));
  if (requests > left.requests / 2 || !search.doubtOnce(level)) return;
  yield* search.more(level, requests, left.duration / 2);
}
