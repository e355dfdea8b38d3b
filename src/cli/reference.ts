import type { SweepSettings } from '../config/resolve.ts';

const REFERENCE_REQUESTS = 20;

/** Sequential requests that serve as level 1 where it was not asked for; 0 where none are needed. */
export const referenceRequests = ({ arrival, levels }: Pick<SweepSettings, 'arrival' | 'levels'>): number =>
  arrival || levels.includes(1) ? 0 : REFERENCE_REQUESTS;
