import { describe, expect, it } from 'vitest';
import { EXIT, UsageError } from '../../src/core/errors.ts';
import { optionsOf, refusal, settingsOf } from './refusal.ts';

const flag = (name: string, value: string) => refusal(settingsOf({ flags: { [name]: value } }));

describe('bad input', () => {
  it('ends with exit code 2', async () => {
    const error = await settingsOf({ flags: { levels: '0' } }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ exitCode: EXIT.usage });
  });

  it('refuses levels that are none', async () => {
    const told = [];
    for (const text of ['0', '-1', '1.5', 'abc', '', ' ', ',', '1,,5', '10001', '1e3', '0x10', '5,x', '+5'])
      told.push(await flag('levels', text));
    expect(told).toMatchInlineSnapshot(`
      [
        "--levels: "0" is not a level → Levels are whole numbers from 1 to 10000, for example 1,5,10,20,30.",
        "--levels: "-1" is not a level → Levels are whole numbers from 1 to 10000, for example 1,5,10,20,30.",
        "--levels: "1.5" is not a level → Levels are whole numbers from 1 to 10000, for example 1,5,10,20,30.",
        "--levels: "abc" is not a level → Levels are whole numbers from 1 to 10000, for example 1,5,10,20,30.",
        "--levels is empty → Levels are whole numbers from 1 to 10000, for example 1,5,10,20,30.",
        "--levels is empty → Levels are whole numbers from 1 to 10000, for example 1,5,10,20,30.",
        "--levels is empty → Levels are whole numbers from 1 to 10000, for example 1,5,10,20,30.",
        "--levels: "" is not a level → Levels are whole numbers from 1 to 10000, for example 1,5,10,20,30.",
        "--levels: "10001" is not a level → Levels are whole numbers from 1 to 10000, for example 1,5,10,20,30.",
        "--levels: "1e3" is not a level → Levels are whole numbers from 1 to 10000, for example 1,5,10,20,30.",
        "--levels: "0x10" is not a level → Levels are whole numbers from 1 to 10000, for example 1,5,10,20,30.",
        "--levels: "x" is not a level → Levels are whole numbers from 1 to 10000, for example 1,5,10,20,30.",
        "--levels: "+5" is not a level → Levels are whole numbers from 1 to 10000, for example 1,5,10,20,30.",
      ]
    `);
  });

  it('refuses numbers, times and names that are none, naming the flag', async () => {
    const told = [];
    for (const [name, value] of [
      ['requests', '0'],
      ['requests', '1.5'],
      ['requests', '99999999999999999999'],
      ['maxRetries', '-1'],
      ['seed', 'abc'],
      ['duration', '30'],
      ['duration', '0s'],
      ['timeout', 'soon'],
      ['cooldown', '-5s'],
      ['warmup', 'a little'],
      ['speed', '0'],
      ['speed', '1001'],
      ['speed', 'fast'],
      ['out', ''],
      ['model', ' '],
    ] as const)
      told.push(await flag(name, value));
    expect(told).toMatchInlineSnapshot(`
      [
        "--requests: "0" is not a whole number of at least 1 → For example 500, or auto.",
        "--requests: "1.5" is not a whole number of at least 1 → For example 500, or auto.",
        "--requests: "99999999999999999999" is not a whole number of at least 1 → For example 500, or auto.",
        "--max-retries: "-1" is not a whole number of at least 0 → For example 2.",
        "--seed: "abc" is not a whole number of at least 0 → For example 7.",
        "--duration: "30" is not a time above zero → Give a number and a unit (ms, s, m, h), for example 30s.",
        "--duration: "0s" is not a time above zero → Give a number and a unit (ms, s, m, h), for example 30s.",
        "--timeout: "soon" is not a time above zero → Give a number and a unit (ms, s, m, h), for example 30s.",
        "--cooldown: "-5s" is not a time → Give a number and a unit (ms, s, m, h), for example 60s.",
        "--warmup: "a little" is neither a number of requests nor a time → For example 20 or 30s.",
        "--speed: "0" is not a number above 0 and up to 1000 → For example 1 or 40.",
        "--speed: "1001" is not a number above 0 and up to 1000 → For example 1 or 40.",
        "--speed: "fast" is not a number above 0 and up to 1000 → For example 1 or 40.",
        "--out is empty → Give a value or leave the option out.",
        "--model is empty → Give a value or leave the option out.",
      ]
    `);
  });

  it('refuses names that it does not know, with the nearest that it does', async () => {
    const told = [];
    for (const [name, value] of [
      ['scenario', 'clasify-500'],
      ['scenario', 'xyz'],
      ['target', 'opnai'],
      ['format', 'jsn'],
      ['limiter', 'semafore'],
    ] as const)
      told.push(await flag(name, value));
    expect(told).toMatchInlineSnapshot(`
      [
        "--scenario: there is no "clasify-500" → Did you mean classify-500?",
        "--scenario: there is no "xyz" → Known: classify-500, summarize-documents, summarize-200, definitions-50, three-prompts, three-prompts-completions, gateway-100, gateway-1000, article-chain, model-fan-out, agent-turns, short-output, medium-output, long-output, extended-thinking, rag, extract-json, shared-prefix, mixed, queue-100k, replay.",
        "--target: there is no "opnai" → Did you mean openai? Known: mock, openai, anthropic.",
        "--format: there is no "jsn" → Did you mean json? Known: terminal, json, markdown, csv, html, junit, github, openmetrics, csv-requests, md.",
        "--limiter: there is no "semafore" → Did you mean semaphore? Known: semaphore, pool, unbounded, aimd, gradient2, vegas, token-bucket, leaky-bucket, gate, headers.",
      ]
    `);
  });

  it('refuses addresses that are none, or that hold a secret', async () => {
    const told = [];
    for (const baseUrl of ['localhost:8000', 'ftp://host/v1', 'http://', 'https://me:hunter2@host/v1'])
      told.push(await flag('baseUrl', baseUrl));
    expect(told).toMatchInlineSnapshot(`
      [
        "--base-url: "localhost:8000" is not an http(s) address → For example http://127.0.0.1:8000/v1.",
        "--base-url: "ftp://host/v1" is not an http(s) address → For example http://127.0.0.1:8000/v1.",
        "--base-url: "http://" is not an http(s) address → For example http://127.0.0.1:8000/v1.",
        "--base-url has a user name or password in it → Keys come from the environment only: see --api-key-env.",
      ]
    `);
    expect(told.join()).not.toContain('hunter2');
  });

  it('refuses a real target without its key or model', async () => {
    const told = [];
    for (const flags of [
      { target: 'openai' },
      { target: 'anthropic' },
      { target: 'openai', model: 'm' },
      { target: 'anthropic', model: 'm' },
      { target: 'anthropic', model: 'm', apiKeyEnv: 'MY_KEY' },
      { target: 'openai', model: 'm', baseUrl: 'http://127.0.0.1:8000/v1', apiKeyEnv: 'MY_KEY' },
    ])
      told.push(await refusal(settingsOf({ flags })));
    expect(told).toMatchInlineSnapshot(`
      [
        "--model is missing: --target openai does not say which model → For example --model gpt-5-mini.",
        "--model is missing: --target anthropic does not say which model → For example --model claude-haiku-4-5.",
        "--target openai needs a key: the environment variable OPENAI_API_KEY is not set → Set it (export OPENAI_API_KEY=…), or name another one with --api-key-env. Keys are read from the environment only.",
        "--target anthropic needs a key: the environment variable ANTHROPIC_API_KEY is not set → Set it (export ANTHROPIC_API_KEY=…), or name another one with --api-key-env. Keys are read from the environment only.",
        "--target anthropic needs a key: the environment variable MY_KEY is not set → Set it (export MY_KEY=…), or name another one with --api-key-env. Keys are read from the environment only.",
        "--target openai needs a key: the environment variable MY_KEY is not set → Set it (export MY_KEY=…), or name another one with --api-key-env. Keys are read from the environment only.",
      ]
    `);
  });

  it('takes a blank key for none', async () => {
    const flags = { target: 'openai', model: 'm' };
    expect(await refusal(settingsOf({ flags, env: { OPENAI_API_KEY: ' \n' } }))).toContain('OPENAI_API_KEY');
  });

  it('refuses what contradicts itself', async () => {
    const told = [];
    for (const flags of [
      { baseUrl: 'http://127.0.0.1:8000/v1' },
      { apiKeyEnv: 'MY_KEY' },
      { target: 'openai', model: 'm', speed: '40' },
    ])
      told.push(await refusal(settingsOf({ flags, env: { OPENAI_API_KEY: 'sk-1' } })));
    expect(told).toMatchInlineSnapshot(`
      [
        "--base-url does not go with the embedded mock → Add --target openai or --target anthropic.",
        "--api-key-env does not go with the embedded mock → Add --target openai or --target anthropic.",
        "--speed scales the mock only: a real endpoint lives in real time → Leave --speed out.",
      ]
    `);
  });

  it('names the environment variable where that is what is wrong', async () => {
    expect(await refusal(optionsOf({ env: { BENCH_MAX_RETRIES: 'x' } }))).toMatchInlineSnapshot(
      `"BENCH_MAX_RETRIES: "x" is not a whole number of at least 0 → For example 2."`,
    );
    expect(await refusal(optionsOf({ env: { BENCH_JSON: 'yes' } }))).toMatchInlineSnapshot(
      `"BENCH_JSON: "yes" is neither true nor false"`,
    );
    const env = { OPENAI_BASE_URL: 'not an address', OPENAI_API_KEY: 'sk-1' };
    expect(await refusal(settingsOf({ flags: { target: 'openai', model: 'm' }, env }))).toMatchInlineSnapshot(
      `"OPENAI_BASE_URL: "not an address" is not an http(s) address → For example http://127.0.0.1:8000/v1."`,
    );
  });

  // The address ends in the manifest, the report and the screen, password and all.
  it('refuses a password in an address from the environment too', async () => {
    const env = { OPENAI_BASE_URL: 'https://me:hunter2@gateway/v1', OPENAI_API_KEY: 'sk-1' };
    const told = await refusal(settingsOf({ flags: { target: 'openai', model: 'm' }, env }));
    expect(told).toContain('OPENAI_BASE_URL has a user name or password in it');
    expect(told).not.toContain('hunter2');
  });

  it('refuses an address from the environment that is not http(s)', async () => {
    const env = { ANTHROPIC_BASE_URL: 'ftp://gateway/v1', ANTHROPIC_API_KEY: 'sk-1' };
    expect(await refusal(settingsOf({ flags: { target: 'anthropic', model: 'm' }, env }))).toContain(
      'ANTHROPIC_BASE_URL: "ftp://gateway/v1" is not an http(s) address',
    );
  });
});
