import type { Clock, Millis } from '../core/clock.ts';
import type { KnownLimit } from '../core/known-limit.ts';
import { gate } from './gate.ts';
import { headerPace } from './headers.ts';
import { leakyBucket } from './leaky-bucket.ts';
import { PaceLine } from './pace-line.ts';
import type { Pace, Pacer } from './pacer.ts';
import { tokenBucket } from './token-bucket.ts';

/** What pacers are made from. */
export interface PaceSettings {
  /** Limits to keep to, as far as they are known. */
  readonly limits: readonly KnownLimit[];
  /** Share of a known limit's rate that is used; the burst is used whole. */
  readonly share: number;
  /** Of the gate. */
  readonly spread: Millis;
}

/** A kind of pacer. */
export interface PacerKind {
  readonly description: string;
  /** It keeps to limits that are known. */
  readonly keepsLimits?: true;
  /** It cannot do without knowing any. */
  readonly needsLimits?: true;
  create(settings: PaceSettings): readonly Pacer[];
}

const slowed = ({ limits, share }: PaceSettings): readonly KnownLimit[] =>
  limits.map((limit) => ({ ...limit, perSecond: limit.perSecond * share }));

/** Ways to hold attempts back, by the name they have on the command line. */
export const PACERS = {
  'token-bucket': {
    description:
      'a bucket of our own, like the endpoint’s, for each known limit, learnt from headers if none is',
    keepsLimits: true,
    create: (settings) =>
      settings.limits.length > 0 ? slowed(settings).map(tokenBucket) : [headerPace(settings.share)],
  },
  'leaky-bucket': {
    description: 'an even stream at the rate of each known limit, without a burst',
    keepsLimits: true,
    needsLimits: true,
    create: (settings) => slowed(settings).map(leakyBucket),
  },
  gate: {
    description: 'one gate that a 429 shuts for all until its Retry-After has passed',
    create: ({ spread }) => [gate(spread)],
  },
  headers: {
    description: 'buckets learnt from the rate-limit headers of the responses',
    create: ({ share }) => [headerPace(share)],
  },
} as const satisfies Readonly<Record<string, PacerKind>>;

/** Name of a pacer. */
export type PacerName = keyof typeof PACERS;

/** The pacers of these names as one; `undefined` if there are none. */
export const createPace = (
  names: readonly PacerName[],
  settings: PaceSettings,
  clock: Clock,
): Pace | undefined => {
  const pacers = names.flatMap((name) => PACERS[name].create(settings));
  return pacers.length > 0 ? new PaceLine(clock, pacers) : undefined;
};
