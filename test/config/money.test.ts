import { readFileSync } from 'node:fs';
import { calcPrice } from '@pydantic/genai-prices';
import { describe, expect, it } from 'vitest';
import { planText } from '../../src/cli/spending-plan.ts';
import { listedPrice, PRICE_LIST } from '../../src/config/price-list.ts';
import { costOf } from '../../src/core/price.ts';
import { refusal, settingsOf } from './refusal.ts';

const env = { OPENAI_API_KEY: 'sk-1', ANTHROPIC_API_KEY: 'sk-2', GATEWAY: 'token-1' };
const real = { target: 'openai', model: 'gpt-4o-mini' };

describe('prices', () => {
  it('come from the list by model and address, not from the model alone', () => {
    expect(listedPrice('gpt-4o-mini', 'https://api.openai.com/v1')).toEqual({
      input: 0.15,
      output: 0.6,
      cacheRead: 0.075,
    });
    expect(listedPrice('claude-haiku-4-5', 'https://api.anthropic.com')).toEqual({
      input: 1,
      output: 5,
      cacheRead: 0.1,
      cacheWrite: 1.25,
    });
    expect(listedPrice('claude-sonnet-4-5', 'https://api.anthropic.com')).toEqual({
      input: 3,
      output: 15,
      cacheRead: 0.3,
      cacheWrite: 3.75,
      tiers: [{ above: 200_000, input: 6, output: 22.5, cacheRead: 0.6, cacheWrite: 7.5 }],
    });
    expect(listedPrice('gpt-4o-mini', 'http://10.0.0.5:8000/v1')).toBeUndefined();
    expect(listedPrice('no-such-model', 'https://api.openai.com/v1')).toBeUndefined();
  });

  it('agree with the list’s own reckoning on both sides of every tier', () => {
    const url = 'https://api.openai.com/v1';
    for (const model of ['gpt-5.4', 'gpt-5-mini', 'gpt-4o-mini'])
      for (const inputTokens of [10, 271_999, 272_000, 272_001, 900_000]) {
        const usage = { inputTokens, outputTokens: 700, cachedTokens: 5 };
        const theirs = calcPrice(
          { input_tokens: inputTokens, output_tokens: 700, cache_read_tokens: 5 },
          model,
          { providerApiUrl: url },
        );
        const ours = listedPrice(model, url);
        expect(ours && costOf(usage, ours)).toBeCloseTo(theirs?.total_price ?? Number.NaN, 9);
      }
  });

  it('name the list that is installed', () => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(dependencies[PRICE_LIST.name]).toBe(PRICE_LIST.version);
  });

  it('are the user’s where given, for any endpoint', async () => {
    const flags = {
      target: 'openai',
      model: 'mine',
      baseUrl: 'https://gateway.example/v1',
      price: '0.25,2,0.1',
    };
    const { money } = await settingsOf({ flags, env });
    expect(money.priceOf(undefined)).toEqual({ input: 0.25, output: 2, cacheRead: 0.1 });
    expect(money.source).toMatchInlineSnapshot(
      `"0.25 in, 2 out, 0.1 cached USD per million tokens (--price)"`,
    );
  });
});

describe('the spending cap', () => {
  it('is 1 USD where money is spent, and off on this machine', async () => {
    expect((await settingsOf({ flags: real, env })).money.cap).toBe(1);
    const here = { ...real, baseUrl: 'http://127.0.0.1:8000/v1' };
    expect((await settingsOf({ flags: here })).money.cap).toBe(Number.POSITIVE_INFINITY);
    expect((await settingsOf({})).money.cap).toBe(Number.POSITIVE_INFINITY);
    for (const maxCost of ['2.5', '$2.5', '2.5usd', '2.50 USD'])
      expect((await settingsOf({ flags: { ...real, maxCost }, env })).money.cap).toBe(2.5);
    expect((await settingsOf({ flags: { ...real, maxCost: 'off' }, env })).money.cap).toBe(
      Number.POSITIVE_INFINITY,
    );
  });

  it('is refused where it could not be kept', async () => {
    const told = [];
    for (const flags of [
      { ...real, model: 'no-such-model' },
      { maxCost: '1' },
      { ...real, levels: '1,10000', maxCost: '0.01' },
      { ...real, maxCost: '0' },
      { ...real, maxCost: 'none' },
      { ...real, price: '1' },
      { ...real, price: '1,x' },
    ])
      told.push(await refusal(settingsOf({ flags, env })));
    expect(told).toMatchInlineSnapshot(`
      [
        "there is no price for no-such-model, so the spending cap of 1.00 USD cannot be kept → Give --price in,out (USD per million tokens), or --max-cost off for no cap.",
        "there is no price for gpt-4o-mini, so the spending cap of 1.00 USD cannot be kept → Give --price in,out (USD per million tokens), or --max-cost off for no cap.",
        "--max-cost: 10000 at once could cost up to 0.51 USD before the first answer, above the cap of 0.010 USD → Raise --max-cost, make fewer calls at once, or allow shorter answers (maxTokens).",
        "--max-cost: "0" is not an amount of money above zero → Give USD, for example 2.50, or off for no cap.",
        "--max-cost: "none" is not an amount of money above zero → Give USD, for example 2.50, or off for no cap.",
        "--price: "1" is not a price → Give USD per million input and output tokens, for example 0.25,2; a third number is for cached input.",
        "--price: "1,x" is not a price → Give USD per million input and output tokens, for example 0.25,2; a third number is for cached input.",
      ]
    `);
  });
});

describe('headers', () => {
  it('are read from lists and from the environment', async () => {
    const config = { 'x-team': 'search', 'api-key': 'token-1' };
    const { target } = await settingsOf({
      flags: { ...real, header: ['X-Team: search', 'api-key: env:GATEWAY'] },
      env,
    });
    expect(target).toMatchObject({ headers: config });
  });

  it('that hold keys are refused on the command line, and so is what is no header', async () => {
    const told = [];
    for (const header of [
      ['authorization: Bearer abc'],
      ['x-auth: sk-proj-0123456789'],
      ['api-key: abc'],
      ['x: env:NOT_SET'],
      ['nonsense'],
      ['x-split: a\nb'],
    ])
      told.push(await refusal(settingsOf({ flags: { ...real, header }, env })));
    expect(told).toMatchInlineSnapshot(`
      [
        "--header: the value of authorization looks like a key, and keys come from the environment only → Put it into a variable and name that: --header 'authorization: env:NAME'.",
        "--header: the value of x-auth looks like a key, and keys come from the environment only → Put it into a variable and name that: --header 'x-auth: env:NAME'.",
        "--header: the value of api-key looks like a key, and keys come from the environment only → Put it into a variable and name that: --header 'api-key: env:NAME'.",
        "--header x: the environment variable NOT_SET is not set → Set it (export NOT_SET=…) or leave the header out.",
        "--header: "nonsense" is not a header → For example --header 'x-team: search' or --header 'api-key: env:GATEWAY_KEY'.",
        "--header: "b" is not a header → For example --header 'x-team: search' or --header 'api-key: env:GATEWAY_KEY'.",
      ]
    `);
    expect(told.join()).not.toMatch(/abc|0123456789/);
  });
});

describe('the call before the run', () => {
  it('is made at real endpoints only, unless it is switched off in any way', async () => {
    expect((await settingsOf({})).preflight).toBe(false);
    expect((await settingsOf({ flags: real, env })).preflight).toBe(true);
    expect((await settingsOf({ flags: { ...real, preflight: false }, env })).preflight).toBe(false);
    expect((await settingsOf({ flags: real, env: { ...env, BENCH_PREFLIGHT: 'false' } })).preflight).toBe(
      false,
    );
  });
});

describe('a dry run', () => {
  it('says what would be sent, at most, and what was assumed', async () => {
    const settings = await settingsOf({
      flags: { ...real, levels: '5,20', requests: '200', warmup: '20' },
      env,
    });
    expect(planText(settings, 20)).toMatchInlineSnapshot(`
      "classify-500, at https://api.openai.com/v1, model gpt-4o-mini

                           requests  tokens in  tokens out         cost    time
                                                     up to        up to   about
      -------------------------------------------------------------------------
      in sequence                20        560       1,000  0.00068 USD  36.7 s
      5 at once, warm-up         20        560       1,000  0.00068 USD  7.33 s
      5 at once                 200      5,600      10,000   0.0068 USD  73.3 s
      20 at once, warm-up        20        560       1,000  0.00068 USD  1.83 s
      20 at once                200      5,600      10,000   0.0068 USD  18.3 s
      in all                    460     12,880      23,000    0.016 USD  2m 17s

      Price: 0.15 in, 0.6 out, 0.075 cached USD per million tokens (@pydantic/genai-prices 0.1.8 of 2026-09-23). Cap: 1.00 USD.
      Counted for answers of full length and without retries (each may be sent up to 11 times);
      prompts at 4 characters per token. Time assumes a first token after 1.00 s, then 60 tokens/s, no limits.
      Nothing was sent.
      "
    `);
  });

  it('of an open loop counts what its rate brings in its time, and no more than --requests', async () => {
    const flags = { ...real, rate: '2,5', duration: '60s', scenario: 'classify-500' };
    const totals = async (more: object) =>
      planText(await settingsOf({ flags: { ...flags, ...more }, env }), 0)
        .split('\n')
        .filter((line) => /^(\d+ requests\/s|in all)/.test(line));
    expect([...(await totals({})), ...(await totals({ requests: '100' }))]).toMatchInlineSnapshot(`
      [
        "2 requests/s       120      3,360       6,000  0.0041 USD  60.0 s",
        "5 requests/s       300      8,400      15,000   0.010 USD  60.0 s",
        "in all             420     11,760      21,000   0.014 USD  2m 00s",
        "2 requests/s       100      2,800       5,000  0.0034 USD  50.0 s",
        "5 requests/s       100      2,800       5,000  0.0034 USD  20.0 s",
        "in all             200      5,600      10,000  0.0068 USD  70.0 s",
      ]
    `);
  });

  it('says where it cannot tell', async () => {
    const flags = {
      target: 'openai',
      model: 'mine',
      baseUrl: 'http://127.0.0.1:8000/v1',
      duration: '30s',
      levels: '1',
    };
    expect(planText(await settingsOf({ flags }), 0)).toMatchInlineSnapshot(`
      "classify-500, at http://127.0.0.1:8000/v1, model mine

                 requests  tokens in  tokens out   cost    time
                                           up to  up to   about
      ---------------------------------------------------------
      1 at once         –          –           –      –  30.0 s
      in all            –          –           –      –  30.0 s

      Price: not known (--price in,out). Cap: none.
      Counted for answers of full length and without retries (each may be sent up to 11 times);
      prompts at 4 characters per token. Time assumes a first token after 1.00 s, then 60 tokens/s, no limits.
      Nothing was sent.
      "
    `);
  });
});
