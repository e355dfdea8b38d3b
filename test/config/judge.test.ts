import { describe, expect, it } from 'vitest';
import { DECIDED_BY_SEARCH } from '../../src/config/decided-by-search.ts';
import { flagName } from '../../src/config/option-spec.ts';
import { SWEEP_OPTIONS } from '../../src/config/options.ts';
import { refusal, settingsOf, workFolder } from './refusal.ts';

type Flags = Readonly<Record<string, string | boolean>>;

describe('a search', () => {
  it.each([
    [{ auto: true }, { maxLevel: 128, budget: { requests: 2000 } }],
    [
      { levels: 'auto', maxLevel: '16' },
      { maxLevel: 16, budget: { requests: 2000 } },
    ],
    [
      { auto: true, budget: '500' },
      { maxLevel: 128, budget: { requests: 500 } },
    ],
    [
      { auto: true, budget: '10m' },
      { maxLevel: 128, budget: { duration: 600_000 } },
    ],
    [
      { auto: true, budget: '0.50usd', price: '1,2' },
      { maxLevel: 128, budget: { usd: 0.5 } },
    ],
    [
      { auto: true, budget: '$2', price: '1,2' },
      { maxLevel: 128, budget: { usd: 2 } },
    ],
  ] satisfies [Flags, unknown][])('reads %j', async (flags, search) => {
    expect((await settingsOf({ flags })).search).toEqual(search);
  });

  it('takes a budget in money for a cap as well, and never raises one', async () => {
    const capOf = async (flags: Flags) => (await settingsOf({ flags })).money.cap;
    expect(await capOf({ auto: true, budget: '0.50usd', price: '1,2' })).toBe(0.5);
    expect(await capOf({ auto: true, budget: '0.50usd', price: '1,2', maxCost: '0.2' })).toBe(0.2);
  });
});

it('refuses by name all that a search decides by itself', async () => {
  const given: Readonly<Record<(typeof DECIDED_BY_SEARCH)[number], string>> = {
    levels: '1,2',
    requests: '50',
    duration: '30s',
    precision: '5%',
    repeat: '3',
    ramp: 'off',
    arrival: 'poisson',
    rate: '5',
    burstiness: '0.5',
    stages: '30s:5',
    trace: 'arrivals.txt',
    maxInFlight: '9',
  };
  for (const key of DECIDED_BY_SEARCH)
    expect(await refusal(settingsOf({ flags: { auto: true, [key]: given[key] } }))).toBe(
      `${flagName(SWEEP_OPTIONS[key])} does not go with a search, which chooses its levels and how long each runs → Leave out ${flagName(SWEEP_OPTIONS[key])}; --max-level and --budget bound a search.`,
    );
  await settingsOf({ flags: { auto: true, levels: 'auto', ramp: 'auto' } });
});

it('takes levels on the command line for a sweep, whatever file and environment say of a search', async () => {
  const { write } = workFolder();
  const config = write('bench.json', JSON.stringify({ auto: true, budget: '10m', maxLevel: 64 }));
  const env = { BENCH_AUTO: 'true', BENCH_BUDGET: '500', BENCH_MAX_LEVEL: '32' };
  const given = await settingsOf({ flags: { levels: '4,8', repeat: '3' }, env, config });
  expect(given).toMatchObject({ levels: [4, 8], repeat: 3, search: undefined });
  expect((await settingsOf({ flags: { levels: 'auto' }, config })).search).toEqual({
    maxLevel: 64,
    budget: { duration: 600_000 },
  });
  expect(await refusal(settingsOf({ flags: { levels: '4', budget: '500' } }))).toMatchInlineSnapshot(
    `"--budget bounds a search → Add --auto, or leave it out."`,
  );
});

it('refuses what judges nothing', async () => {
  const told = [];
  for (const flags of [
    { budget: '500' },
    { maxLevel: '16' },
    { auto: true, budget: '50' },
    { auto: true, budget: 'much' },
    { auto: true, budget: '0s' },
    { auto: true, budget: '-1usd' },
    { auto: true, budget: 'usd' },
    { auto: true, budget: '0.50usd' },
    { auto: true, budget: '0.001usd', price: '1,2' },
    { auto: true, maxLevel: '0' },
    { auto: true, levels: '1,2' },
    { auto: true, repeat: '3' },
    { auto: true, precision: '5%' },
    { auto: true, rate: '5' },
    { auto: true, limiter: 'aimd' },
    { slo: '' },
    { slo: 'p95' },
    { slo: 'p95<4' },
    { slo: 'p42<4s' },
    { slo: 'tft.p95<4s' },
    { slo: 'p95<4s,' },
    { tolerance: '-1' },
    { maxRetryOverhead: 'some' },
    { maxFailures: '200%' },
    { maxLatencyFactor: '0.5' },
  ] satisfies Flags[])
    told.push(await refusal(settingsOf({ flags })));
  expect(told).toMatchInlineSnapshot(`
    [
      "--budget bounds a search → Add --auto, or leave it out.",
      "--max-level bounds a search → Add --auto, or end --levels there.",
      "--budget: 50 requests are too few to search with → Give at least 100; a first look alone takes 60.",
      "--budget: "much" is neither a number of requests nor a time nor money → For example 2000, 10m or 0.50usd.",
      "--budget: "0s" is neither a number of requests nor a time nor money → For example 2000, 10m or 0.50usd.",
      "--budget: "-1usd" is no amount of money → For example 0.50usd.",
      "--budget: "usd" is no amount of money → For example 0.50usd.",
      "there is no price for gpt-4o-mini, so the spending cap of 0.50 USD cannot be kept → Give --price in,out (USD per million tokens), or a budget in requests or time.",
      "--budget: 128 at once could cost up to 0.031 USD before the first answer, above the cap of 0.0010 USD → Raise --budget, make fewer calls at once, or allow shorter answers (maxTokens).",
      "--max-level: "0" is not a whole number of at least 1 → For example 64.",
      "--levels does not go with a search, which chooses its levels and how long each runs → Leave out --levels; --max-level and --budget bound a search.",
      "--repeat does not go with a search, which chooses its levels and how long each runs → Leave out --repeat; --max-level and --budget bound a search.",
      "--precision does not go with a search, which chooses its levels and how long each runs → Leave out --precision; --max-level and --budget bound a search.",
      "--rate does not go with a search, which chooses its levels and how long each runs → Leave out --rate; --max-level and --budget bound a search.",
      "a search does not go with --limiter aimd, which looks for a limit of its own → For its opinion, run it once: bench sweep --levels 64 --limiter aimd.",
      "--slo: a bound is empty → For example "p95<4s" or "p95<4s, ttft.p95<800ms".",
      "--slo: "p95" is not a bound on latency → For example "p95<4s" or "p95<4s, ttft.p95<800ms".",
      "--slo: "4" is not a time above zero → For example "p95<4s" or "p95<4s, ttft.p95<800ms".",
      "--slo: "p42" is not reported → Use one of p50, p90, p95, p99.",
      "--slo: there is no latency "tft" → Did you mean ttft? Known: serviceTime, attemptTime, addedLatency, responseTime, ttft, ttfr, itl, longestGap, tpot.",
      "--slo: a bound is empty → For example "p95<4s" or "p95<4s, ttft.p95<800ms".",
      "--tolerance: "-1" is not a share from 0 to below 100 % → For example 5% or 0.05.",
      "--max-retry-overhead: "some" is not a share from 0 to below 100 % → For example 5% or 0.05.",
      "--max-failures: "200%" is not a share from 0 to below 100 % → For example 5% or 0.05.",
      "--max-latency-factor: "0.5" is not a factor from 1 to 1000 → For example 1.5 or 2.",
    ]
  `);
});
