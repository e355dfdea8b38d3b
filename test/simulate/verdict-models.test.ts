import { describe, expect, it } from 'vitest';
import { parseProfile } from '../../mock-server/engine/profile.ts';
import { CRITERIA } from '../../src/analyze/criteria.ts';
import { verdictOf } from '../../src/analyze/verdict.ts';
import { judgedRun, searchedRun } from '../support/judged-run.ts';
import { randomServer } from '../support/random-server.ts';

const DENSE = [1, 8, 16, 20, 24, 32, 40, 64];

/** Runs of a model; more of them are judged by the bench. */
const SEEDS = [11, 12, 13];

/** They are several runs in one test; on a busy machine that takes longer than the usual bound. */
const LONG = { timeout: 60_000 };

/** Pressed far above its limit a model is slow to simulate and tells nothing new. */
const LIMITED = [1, 8, 16, 20, 24, 32];

const GRIDS = {
  'requests-limited': LIMITED,
  'rejects-drain': LIMITED,
  'tokens-limited': LIMITED,
  batching: DENSE,
  thrashing: DENSE,
  unbounded: DENSE,
  'far-limit': DENSE,
} as const;

/** What each comes to in runs of 3,000 requests a level. */
const NOISE_FREE = {
  'requests-limited': 20,
  'rejects-drain': 20,
  'tokens-limited': 20,
  batching: 32,
  thrashing: 32,
  unbounded: 64,
  'far-limit': 64,
} as const;

/** The seven server models, a right answer among five levels and on a dense grid, and why. Statistics: npm run bench:verdict. */
describe.each([
  ['requests-limited', 20, 'rate-limit', [20, 24], 'rate-limit'],
  ['rejects-drain', 20, 'rate-limit', [16, 20], 'rate-limit'],
  ['tokens-limited', 20, 'rate-limit', [20], 'rate-limit'],
  ['batching', 30, 'not-reached', [32], 'latency'],
  ['thrashing', 30, 'not-reached', [32], 'latency'],
  ['unbounded', 30, 'not-reached', [64], 'not-reached'],
  ['far-limit', 30, 'not-reached', [64], 'not-reached or rate-limit'],
] as const)('%s', (profile, ofFive, whyOfFive, dense, whyDense) => {
  it(`is judged right: ${ofFive} of five levels`, async () => {
    const levels = await judgedRun({
      profile,
      levels: [1, 5, 10, 20, 30],
      seed: 3,
      measure: { requests: 500 },
    });
    expect(verdictOf(levels, CRITERIA)).toMatchObject({ level: ofFive, reason: whyOfFive });
  });

  it(
    'is told with its reason and an interval that holds the noise-free answer, whatever the seed',
    LONG,
    async () => {
      const told = [];
      for (const seed of SEEDS) {
        const run = await judgedRun({ profile, levels: GRIDS[profile], seed, measure: { requests: 400 } });
        told.push(verdictOf(run, CRITERIA));
      }
      for (const spot of told) expect(whyDense).toContain(spot?.reason);
      const held = told.filter((spot) => spot?.interval?.levels.includes(NOISE_FREE[profile]));
      expect(held.length).toBeGreaterThanOrEqual(SEEDS.length - 1);
    },
  );

  it(`is judged right on a dense grid: ${dense.join(' or ')}`, async () => {
    const levels = await judgedRun({ profile, levels: GRIDS[profile], seed: 3, measure: { requests: 400 } });
    const spot = verdictOf(levels, CRITERIA);
    expect(dense).toContain(spot?.level);
    expect(whyDense).toContain(spot?.reason);
  });
});

/** A server of short answers with limits of its own. */
const limited = (total: { readonly mean: number; readonly cv: number }, limits: object) =>
  parseProfile(
    { name: 'limited', latency: { total, tokens: 30 }, output: { tokens: 30 }, limits },
    'limited',
  );

describe('a search', () => {
  it.each([
    ['requests-limited', 20, 23],
    ['batching', 29, 36],
    ['far-limit', 58, 66],
    ['g1', 20, 24],
  ] as const)('finds the sweet spot of %s with 2,000 requests', async (profile, least, most) => {
    const { levels, requests } = await searchedRun(profile);
    const spot = verdictOf(levels, CRITERIA);
    expect(spot?.level).toBeGreaterThanOrEqual(least);
    expect(spot?.level).toBeLessThanOrEqual(most);
    expect(requests).toBeLessThanOrEqual(2000);
  });

  it.each([
    ['requests-limited', 19, 23],
    ['far-limit', 56, 66],
  ] as const)('finds the limit of %s where nobody tells it', async (profile, least, most) => {
    const { levels, requests } = await searchedRun(profile, { isSilent: true });
    const spot = verdictOf(levels, CRITERIA);
    expect(spot?.level).toBeGreaterThanOrEqual(least);
    expect(spot?.level).toBeLessThanOrEqual(most);
    expect(requests).toBeLessThanOrEqual(2000);
  });

  it('takes 150 where the endpoint tells its limit', async () => {
    const { levels, requests } = await searchedRun('requests-limited');
    expect(requests).toBeLessThanOrEqual(150);
    expect(verdictOf(levels, CRITERIA)?.level).toBeGreaterThanOrEqual(19);
    expect(verdictOf(levels, CRITERIA)?.level).toBeLessThanOrEqual(23);
  });

  it.each([
    [890, 1547, 121],
    [1400, 900, 8],
    [620, 1320, 60],
  ])(
    'finds what lasts where refused calls count and nobody says so: %i ms, %i a minute, bucket %i',
    async (latencyMs, limit, burst) => {
      const limits = { requestsPerMinute: { limit, burst }, countRejected: true };
      const profile = limited({ mean: latencyMs, cv: 0.2 }, limits);
      const ceiling = (limit / 60) * (latencyMs / 1000);
      const { levels } = await searchedRun(profile, { isSilent: true });
      const spot = verdictOf(levels, CRITERIA);
      expect((spot?.level ?? 0) / ceiling).toBeGreaterThan(0.75);
      expect((spot?.level ?? 0) / ceiling).toBeLessThan(1.03);
    },
  );

  it.each([
    // Each of two runs of 576 requests at 128 would end before such a bucket does, and nothing would have given way.
    [567, 7350, 300],
    [400, 9000, 330],
  ])(
    'sees a limit that nobody tells behind a bucket of seconds: %i ms, %i a minute, bucket %i',
    async (latencyMs, limit, burst) => {
      const profile = limited({ mean: latencyMs, cv: 0.3 }, { requestsPerMinute: { limit, burst } });
      const ceiling = (limit / 60) * (latencyMs / 1000);
      for (const seed of [1, 2, 3]) {
        const { levels, requests } = await searchedRun(profile, { seed, isSilent: true });
        const spot = verdictOf(levels, CRITERIA);
        expect(requests).toBeLessThanOrEqual(2000);
        expect((spot?.level ?? 0) / ceiling).toBeGreaterThan(0.8);
        expect((spot?.level ?? 0) / ceiling).toBeLessThan(1.1);
      }
    },
  );

  it.each([
    [1050, 6580, 60],
    [900, 5000, 60],
  ])(
    'answers where one call at a time lasts, though a second look shows that two lived on a bucket: %i ms, %i tokens a minute, bucket %i',
    async (latencyMs, limit, burst) => {
      const profile = limited({ mean: latencyMs, cv: 0.05 }, { outputTokensPerMinute: { limit, burst } });
      for (let seed = 1; seed <= 12; seed++) {
        const { levels } = await searchedRun(profile, { seed, isSilent: true });
        expect([1, 2, 3]).toContain(verdictOf(levels, CRITERIA)?.level);
      }
    },
  );

  it.each([2, 5])('finds what a server of unknown capacity can do (%i)', async (seed) => {
    const server = randomServer(seed);
    const { levels } = await searchedRun(server.profile, { seed });
    const spot = verdictOf(levels, CRITERIA);
    expect(Math.min(spot?.goodput.perSecond ?? 0, server.perSecond) / server.perSecond).toBeGreaterThan(0.85);
    if (server.kind === 'limit') expect((spot?.level ?? 0) / server.ceiling).toBeLessThan(1.1);
  });
});
