import { describe, expect, it } from 'vitest';
import { optionsOf, refusal, settingsOf, workFolder } from './refusal.ts';

const folder = workFolder();
const load = async (flags: Readonly<Record<string, string>>) => {
  const { levels, arrival, measure, ramp, repeat } = await settingsOf({ flags });
  return { levels, arrival, measure, ramp, repeat };
};

describe('levels', () => {
  it.each([
    ['1..5', [1, 2, 3, 4, 5]],
    ['1..20:5', [1, 6, 11, 16, 20]], // both ends, whatever the step
    ['10..30:10', [10, 20, 30]],
    ['7..7', [7]],
    ['geometric', [1, 2, 4, 8, 16, 32, 64]],
    ['geometric:1..50', [1, 2, 4, 8, 16, 32, 50]],
    ['geometric:3..12', [3, 6, 12]],
    ['1,5,10..50:10', [1, 5, 10, 20, 30, 40, 50]],
    ['10..12,1,11', [10, 11, 12, 1]],
  ])('reads %j', async (levels, expected) => {
    expect((await optionsOf({ flags: { levels } })).levels).toEqual(expected);
  });

  it('refuses ranges that are none', async () => {
    const told = [];
    for (const levels of [
      '5..1',
      '1..',
      '0..5',
      '1..5:0',
      '1..10001',
      'geometric:',
      'geometric:1..8:2',
      '1...5',
    ])
      told.push(await refusal(optionsOf({ flags: { levels } })));
    expect(told.map((text) => text.split(' → ')[0])).toMatchInlineSnapshot(`
      [
        "--levels: "5..1" runs backwards",
        "--levels: "1.." is not a level",
        "--levels: "0..5" is not a level",
        "--levels: "1..5:0" has a step of 0",
        "--levels: "1..10001" is not a level",
        "--levels: "geometric:" is not a level",
        "--levels: "geometric:1..8:2" doubles and has no step",
        "--levels: "1...5" is not a level",
      ]
    `);
  });
});

describe('how long a level is', () => {
  it.each([
    [{}, { requests: 500 }, 0], // the scenario's batch, which starts all at once
    [{ requests: '40' }, { requests: 40 }, 0],
    [{ requests: 'auto' }, { requests: 30, adapted: true }, 'auto'],
    [{ precision: '5%' }, { requests: 2000, adapted: true, precision: 0.05 }, 'auto'],
    [{ precision: '0.1', requests: '300' }, { requests: 300, precision: 0.1 }, 'auto'],
    [{ duration: '30s' }, { duration: 30_000 }, 'auto'],
    [{ ramp: '10s' }, { requests: 500 }, 10_000],
    [{ precision: '5%', ramp: 'off' }, { requests: 2000, adapted: true, precision: 0.05 }, 0],
  ] as const)('%j', async (flags, measure, ramp) => {
    expect(await load(flags)).toMatchObject({ measure, ramp });
  });
});

describe('an open loop', () => {
  it.each([
    [{ rate: '5' }, 'poisson', [5]],
    [{ rate: '2,300/min,6/s', arrival: 'constant' }, 'constant', [2, 5, 6]],
    [{ arrival: 'ramp', stages: '30s:5,1m:10,10s:0' }, 'ramp', [10]],
  ])('%j', async (flags, name, levels) => {
    expect(await load(flags)).toMatchObject({ levels, arrival: { name, maxInFlight: 1000 } });
  });

  it('replays a trace at its own rate, or at another', async () => {
    const trace = folder.write('trace.txt', '10\n10.5\n{"timestamp": 11000}\n\n12\n');
    const own = await load({ arrival: 'trace', trace });
    expect(own).toMatchObject({ levels: [1.5], arrival: { trace: [0, 500, 1000, 2000] }, measure: {} });
    expect((await load({ arrival: 'trace', trace, rate: '3,6' })).levels).toEqual([3, 6]);
  });

  it('refuses what contradicts itself, or leads nowhere', async () => {
    const told = [];
    for (const flags of [
      { arrival: 'poisson' },
      { rate: '0' },
      { rate: 'fast' },
      { rate: '5', levels: '1,2' },
      { rate: '5', ramp: 'auto' },
      { rate: '5', limiter: 'pool' },
      { rate: '5', burstiness: '0.5' },
      { burstiness: '0.5' },
      { maxInFlight: '5' },
      { arrival: 'ramp' },
      { arrival: 'ramp', stages: '5' },
      { arrival: 'ramp', stages: '30s:5', rate: '5' },
      { arrival: 'trace' },
      { arrival: 'trace', trace: folder.write('one.txt', '1\n') },
      { arrival: 'trace', trace: folder.write('back.txt', '1\n3\n2\n') },
      { arrival: 'trace', trace: folder.write('odd.txt', '1\nsoon\n') },
      { arrival: 'trace', trace: 'nowhere.txt' },
      { arrival: 'posson', rate: '5' },
      { precision: '0' },
      { precision: '150%' },
      { ramp: 'slow' },
      { requests: 'many' },
      { repeat: '0' },
    ])
      told.push(folder.hide(await refusal(settingsOf({ flags }))));
    expect(told).toMatchInlineSnapshot(`
      [
        "--arrival poisson needs a rate → For example --rate 5/s, or --rate 2,4,6 to compare.",
        "--rate: "0" is not a rate → Rates are above 0 and at most 10000/s, for example 5, 5/s, 300/min or 2,4,6.",
        "--rate: "fast" is not a rate → Rates are above 0 and at most 10000/s, for example 5, 5/s, 300/min or 2,4,6.",
        "--levels does not go with an open loop, which starts requests on a schedule whatever is in flight → Leave out --levels, or --arrival and --rate.",
        "--ramp does not go with an open loop, which starts requests on a schedule whatever is in flight → Leave out --ramp, or --arrival and --rate.",
        "--limiter does not go with an open loop, which starts requests on a schedule whatever is in flight → Leave out --limiter, or --arrival and --rate.",
        "--burstiness goes with --arrival gamma only → Add --arrival gamma, or leave --burstiness out.",
        "--burstiness goes with --arrival gamma only → Add --arrival gamma, or leave --burstiness out.",
        "--max-in-flight bounds an open loop → Add --arrival poisson --rate 5/s; in a closed loop --levels is the bound.",
        "--arrival ramp needs --stages with a rate above 0 → For example --stages 30s:5,1m:10.",
        "--stages: "5" is not a stage → A stage is a time and the rate at its end, for example 30s:5,1m:10,30s:0.",
        "--rate does not go with --arrival ramp: its rates are in --stages → Leave --rate out.",
        "--arrival trace needs a file → For example --trace arrivals.txt.",
        "--trace: <dir>/one.txt holds no two arrivals at different times → One arrival per line, ascending: seconds (12.5), or a JSON object with "timestamp" in milliseconds.",
        "--trace: <dir>/back.txt:3: earlier than the line before → One arrival per line, ascending: seconds (12.5), or a JSON object with "timestamp" in milliseconds.",
        "--trace: <dir>/odd.txt:2: "soon" is no arrival → One arrival per line, ascending: seconds (12.5), or a JSON object with "timestamp" in milliseconds.",
        "--trace: nowhere.txt cannot be read: ENOENT: no such file or directory, open 'nowhere.txt' → One arrival per line, ascending: seconds (12.5), or a JSON object with "timestamp" in milliseconds.",
        "--arrival: there is no "posson" → Did you mean poisson? Known: constant, poisson, gamma, ramp, trace.",
        "--precision: "0" is not a share below 100 % → For example 5% or 0.05.",
        "--precision: "150%" is not a share below 100 % → For example 5% or 0.05.",
        "--ramp: "slow" is no ramp → Give auto, off or a time, for example 10s.",
        "--requests: "many" is not a whole number of at least 1 → For example 500, or auto.",
        "--repeat: "0" is not a whole number of at least 1 → For example 3.",
      ]
    `);
  });
});
