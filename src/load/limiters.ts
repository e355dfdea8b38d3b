import type { Driver } from './driver.ts';
import { pool } from './pool.ts';
import { semaphore } from './semaphore.ts';

/** Ways to keep at most `level` requests in flight, by the name they have on the command line. */
export const LIMITERS = {
  semaphore: { description: 'every call behind one p-limit', create: semaphore },
  pool: { description: 'a fixed pool of workers over the items', create: pool },
} as const satisfies Readonly<Record<string, { description: string; create(level: number): Driver }>>;

/** Name of a limiter. */
export type LimiterName = keyof typeof LIMITERS;
