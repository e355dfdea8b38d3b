import { aimd } from './aimd.ts';
import type { Driver } from './driver.ts';
import { gradient2 } from './gradient2.ts';
import { pool } from './pool.ts';
import { semaphore } from './semaphore.ts';
import { unbounded } from './unbounded.ts';
import { vegas } from './vegas.ts';

/** A way to hand out slots. */
export interface Limiter {
  readonly description: string;
  /** The level is the most it ever uses, not what it keeps in flight. */
  readonly adapts?: true;
  /** It knows no level: everything starts at once. */
  readonly unbounded?: true;
  create(level: number): Driver;
}

/** Ways to keep at most `level` requests in flight, by the name they have on the command line. */
export const LIMITERS = {
  semaphore: { description: 'every call behind one p-limit', create: semaphore },
  pool: { description: 'a fixed pool of workers over the items', create: pool },
  unbounded: { description: 'everything at once, without a limit', unbounded: true, create: unbounded },
  aimd: {
    description: 'as many at once as refusals allow: +1 per round, × 0.9 per 429',
    adapts: true,
    create: aimd,
  },
  gradient2: {
    description: 'as many at once as the trend of the latency allows (Gradient2)',
    adapts: true,
    create: gradient2,
  },
  vegas: {
    description: 'as many at once as the least latency suggests (Vegas)',
    adapts: true,
    create: vegas,
  },
} as const satisfies Readonly<Record<string, Limiter>>;

/** Name of a limiter. */
export type LimiterName = keyof typeof LIMITERS;
