import { type Profile, parseProfile } from '../../mock-server/engine/profile.ts';
import { createRng } from '../../src/core/rng.ts';

/** A server that nobody has tuned anything to, and what is true of it by construction. */
export interface RandomServer {
  readonly profile: Profile;
  readonly text: string;
  /** The highest throughput that lasts, requests per second. */
  readonly perSecond: number;
  /** Calls that this keeps busy by Little's law. */
  readonly ceiling: number;
  readonly kind: 'limit' | 'slots';
}

/** Draws a server with a rate limit, or one with so many slots and a queue; latency, spread and burst are drawn too. */
export const randomServer = (seed: number): RandomServer => {
  const rng = createRng(seed).fork('server');
  const between = (low: number, high: number) => low * (high / low) ** rng.next();
  const latency = Math.round(between(500, 8000));
  const cv = Number(between(0.1, 0.7).toFixed(2));
  const ceiling = between(6, 60);
  const kind = rng.next() < 0.65 ? 'limit' : 'slots';
  const slots = Math.round(ceiling);
  const perSecond = kind === 'limit' ? (ceiling / latency) * 1000 : (slots / latency) * 1000;
  const burst = Math.max(1, Math.round(perSecond * between(0.5, 8)));
  const profile = parseProfile(
    {
      name: `random ${seed}`,
      latency: { total: { mean: `${latency}ms`, cv }, tokens: 30 },
      output: { tokens: 30 },
      ...(kind === 'limit'
        ? { limits: { requestsPerMinute: { limit: perSecond * 60, burst } } }
        : { queue: { slots } }),
    },
    'random',
  );
  const text =
    kind === 'limit'
      ? `${perSecond.toFixed(2)}/s, burst ${burst}, ${latency} ms, CV ${cv}`
      : `${slots} slots, ${latency} ms, CV ${cv}`;
  return { profile, text, perSecond, ceiling: kind === 'limit' ? ceiling : slots, kind };
};
