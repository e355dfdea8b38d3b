import type { SweepOptionKey } from './options.ts';

/** Options of a sweep that a search decides by itself, and those that mean nothing without them: it refuses them, and its help leaves them out. */
export const DECIDED_BY_SEARCH = [
  'levels',
  'requests',
  'duration',
  'precision',
  'repeat',
  'ramp',
  'arrival',
  'rate',
  'burstiness',
  'stages',
  'trace',
  'maxInFlight',
] as const satisfies readonly SweepOptionKey[];
