import type { Clock } from '../../src/core/clock.ts';
import type { Rng } from '../../src/core/rng.ts';
import { type Admission, limitedAdmission, openAdmission } from './admission.ts';
import { type Episodes, episodes } from './episodes.ts';
import type { Lateness } from './lateness.ts';
import type { Ledger } from './ledger.ts';
import type { Profile } from './profile.ts';
import { WaitingLine } from './waiting-line.ts';
import { WorkClock } from './work-clock.ts';

/** What lives as long as the server, whatever profile it runs. */
export interface Fixtures {
  readonly clock: Clock;
  /** Model time over real time; only lateness needs it. */
  readonly speed: number;
  readonly seed: number;
  readonly ledger: Ledger;
  readonly lateness: Lateness;
  /** Requests in service now. */
  readonly load: { active: number };
  /** Told when load changes everyone's pace. */
  paced(slowdown: number): void;
}

/** A profile at work: everything one answer needs, replaced as a whole when the profile changes. */
export interface Parts extends Fixtures {
  readonly profile: Profile;
  readonly admission: Admission;
  readonly line: WaitingLine;
  /** Present where load stretches time. */
  readonly work: WorkClock | undefined;
  readonly inEpisode: Episodes;
  /** The stream of one purpose, from which each request forks its own by index. */
  chance(purpose: string): Rng;
}

/** Builds the parts of a profile. */
export const assemble = (fixtures: Fixtures, profile: Profile, root: Rng): Parts => {
  const streams = new Map<string, Rng>();
  const { queue, limits, overload, load } = profile;
  return {
    ...fixtures,
    profile,
    admission: limits ? limitedAdmission(limits) : openAdmission,
    line: new WaitingLine(queue?.slots, queue?.waiting),
    work: load && new WorkClock(fixtures.clock),
    inEpisode: overload ? episodes(overload, root.fork('episodes')) : () => false,
    chance(purpose) {
      const stream = streams.get(purpose) ?? root.fork(purpose);
      streams.set(purpose, stream);
      return stream;
    },
  };
};
