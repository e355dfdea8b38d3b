import { type Profile, parseProfile } from '../../../mock-server/engine/profile.ts';
import { createRng } from '../../../src/core/rng.ts';

/** A server that nobody has tuned anything to. */
export interface DrawnServer {
  readonly profile: Profile;
  /** The same with a bucket so small that a long run is not over before it is empty: what is true of the server for good. */
  readonly lasting: Profile;
  readonly kind: Kind;
  /** It tells no limit, neither in headers nor in words. */
  readonly isSilent: boolean;
  readonly text: string;
}

type Kind = keyof typeof KINDS;

interface Draw {
  /** Of a call of an idle server. */
  readonly latencyMs: number;
  /** Calls that keep the server's capacity busy. */
  readonly ceiling: number;
  readonly perSecond: number;
  /** How long its bucket lasts. */
  readonly burstSeconds: number;
  between(low: number, high: number): number;
}

const rounded = (value: number): number => Number(value.toPrecision(4));

/** A bucket of some seconds' worth of what it counts, and never too small for a large call. */
const burstOf = ({ perSecond, burstSeconds }: Draw, perCall: number, largestCall = perCall): number =>
  Math.max(largestCall, Math.round(perSecond * perCall * burstSeconds));

/**
 * Seconds that a bucket lasts at most. A search of 2,000 requests is over before a large one is empty: where nobody tells the
 * limit, that is nothing a search could see.
 */
const LONGEST_BURST = { told: 60, silent: 5 } as const;

/** Requests that the bucket of a long run may bring beside what lasts: a fiftieth of it. */
const MOST_CREDIT = 50;

/** Ways to be limited, each with what it adds to a profile. */
const KINDS = {
  requests: (draw) => ({
    limits: { requestsPerMinute: { limit: rounded(draw.perSecond * 60), burst: burstOf(draw, 1) } },
  }),
  'requests, rejects count': (draw) => ({
    limits: {
      requestsPerMinute: { limit: rounded(draw.perSecond * 60), burst: burstOf(draw, 1) },
      countRejected: true,
    },
  }),
  tokens: (draw) => {
    const cv = rounded(draw.between(0.1, 0.8));
    const mean = Math.round(draw.between(200, 4000));
    return {
      limits: {
        tokensPerMinute: {
          limit: Math.round(draw.perSecond * mean * 60),
          burst: burstOf(draw, mean, mean * 4),
        },
        charge: { mean, cv },
      },
    };
  },
  'output tokens': (draw) => ({
    limits: {
      outputTokensPerMinute: { limit: Math.round(draw.perSecond * 30 * 60), burst: burstOf(draw, 30, 60) },
    },
  }),
  slots: (draw) => ({ queue: { slots: Math.round(draw.ceiling) } }),
  'slots, queue refuses': (draw) => ({
    queue: { slots: Math.round(draw.ceiling), waiting: Math.round(draw.ceiling * draw.between(0.05, 0.5)) },
  }),
  sharing: (draw) => ({
    load: { factor: rounded(draw.between(1.3, 4)), at: Math.max(2, Math.round(draw.ceiling)) },
    queue: { slots: Math.max(2, Math.round(draw.ceiling)) },
  }),
  thrashing: (draw) => {
    const at = Math.max(4, Math.round(draw.ceiling));
    return {
      load: {
        factor: rounded(draw.between(1.2, 2)),
        at,
        thrash: { above: Math.round(at * 0.7), slowdown: rounded(draw.between(0.03, 0.15)) },
      },
    };
  },
} as const satisfies Readonly<Record<string, (draw: Draw) => object>>;

/** Draws a server: how it is limited, its latency and spread, its capacity, its bucket. */
export const drawnServer = (seed: number): DrawnServer => {
  const rng = createRng(seed).fork('drawn-server');
  const between = (low: number, high: number) => low * (high / low) ** rng.next();
  const kinds = Object.keys(KINDS) as Kind[];
  const kind = kinds[Math.floor(rng.next() * kinds.length)] ?? 'requests';
  const latencyMs = Math.round(between(300, 10_000));
  const cv = rounded(between(0.05, 0.8));
  const ceiling = between(3, 90);
  const isSilent = rng.next() < 0.5;
  const burstSeconds = between(0.3, LONGEST_BURST[isSilent ? 'silent' : 'told']);
  const withBucketOf = (seconds: number) => {
    const rngOfKind = createRng(seed).fork('drawn-kind');
    const own = KINDS[kind]({
      latencyMs,
      ceiling,
      perSecond: (ceiling / latencyMs) * 1000,
      burstSeconds: seconds,
      between: (low, high) => low * (high / low) ** rngOfKind.next(),
    });
    const latency = { total: { mean: latencyMs, cv }, tokens: 30 };
    return {
      own,
      profile: parseProfile({ name: `drawn ${seed}`, latency, output: { tokens: 30 }, ...own }, 'drawn'),
    };
  };
  const { own, profile } = withBucketOf(burstSeconds);
  const lasting = withBucketOf(Math.min(burstSeconds, MOST_CREDIT / ((ceiling / latencyMs) * 1000))).profile;
  return {
    profile,
    lasting,
    kind,
    isSilent,
    text: `${kind}: ${latencyMs} ms, CV ${cv}, ${JSON.stringify(own)}`,
  };
};
