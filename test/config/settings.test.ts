import { describe, expect, it } from 'vitest';
import { envName } from '../../src/config/option-spec.ts';
import { SWEEP_OPTIONS } from '../../src/config/options.ts';
import { optionsOf, settingsOf, workFolder } from './refusal.ts';

const folder = workFolder();

describe('levels', () => {
  it.each([
    ['1,5,10', [1, 5, 10]],
    ['30,1,10', [30, 1, 10]], // as given, not sorted
    ['5,1,5,5,1', [5, 1]], // each once
    [' 2 , 4 ', [2, 4]],
    ['05,5', [5]],
    ['1', [1]],
    ['10000', [10_000]],
  ])('reads %j', async (levels, expected) => {
    expect((await optionsOf({ flags: { levels } })).levels).toEqual(expected);
  });
});

describe('an option', () => {
  const config = folder.write('seed.json', '{ "seed": 3 }');

  it.each([
    ['the flag', { flags: { seed: '1' }, env: { BENCH_SEED: '2' }, config }, 1],
    ['the environment', { env: { BENCH_SEED: '2' }, config }, 2],
    ['the file', { env: { BENCH_SEED: '' }, config }, 3],
    ['the default', {}, SWEEP_OPTIONS.seed.fallback],
  ])('comes from %s, where nothing stronger gives it', async (_from, given, expected) => {
    expect((await optionsOf(given)).seed).toBe(expected);
  });

  it('can be turned off by a stronger source', async () => {
    const quiet = folder.write('quiet.json', '{ "quiet": true }');
    expect((await optionsOf({ config: quiet })).quiet).toBe(true);
    expect((await optionsOf({ config: quiet, env: { BENCH_QUIET: 'false' } })).quiet).toBe(false);
    expect((await optionsOf({ flags: { quiet: true } })).quiet).toBe(true);
  });

  it('has an environment variable of its own', () => {
    const names = Object.keys(SWEEP_OPTIONS).map(envName);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('BENCH_API_KEY_ENV');
    expect(names).toContain('BENCH_LEVELS');
  });

  it('is read from every way it can be given alike', async () => {
    const given = { levels: '2,4', timeout: '90s', maxRetries: '3', cooldown: '1m', warmup: '20' };
    const env = Object.fromEntries(Object.entries(given).map(([key, value]) => [envName(key), value]));
    const file = folder.write('alike.json', JSON.stringify({ ...given, levels: [2, 4], maxRetries: 3 }));
    const expected = {
      levels: [2, 4],
      timeout: 90_000,
      maxRetries: 3,
      cooldown: 60_000,
      warmup: { requests: 20 },
    };
    expect(await optionsOf({ flags: given })).toMatchObject(expected);
    expect(await optionsOf({ env })).toMatchObject(expected);
    expect(await optionsOf({ config: file })).toMatchObject(expected);
  });
});

describe('settings', () => {
  it('are complete without any input', async () => {
    const { scenario, sample, ...settings } = await settingsOf({});
    expect(scenario.name).toBe('classify-500');
    expect([sample.calls.length, sample.perRequest]).toEqual([50, 1]);
    expect(settings).toMatchInlineSnapshot(`
      {
        "arrival": undefined,
        "assertions": [],
        "attemptTimeout": 120000,
        "client": "sdk",
        "cooldown": "auto",
        "criteria": {
          "allowSaturated": false,
          "maxFailures": 0.01,
          "maxLatencyFactor": 2,
          "maxRetryOverhead": 0.1,
          "slo": [],
          "tolerance": 0.05,
        },
        "dryRun": false,
        "formats": [
          "terminal",
        ],
        "hop": {
          "delay": 0.3,
          "jitter": 0.2,
        },
        "html": undefined,
        "keepRecords": true,
        "levels": [
          1,
          5,
          10,
          20,
          30,
        ],
        "limits": [],
        "measure": {
          "requests": 500,
        },
        "money": {
          "cap": Infinity,
          "priceOf": [Function],
          "source": undefined,
          "worst": 0,
        },
        "out": "results",
        "policy": {
          "base": 500,
          "cap": 8000,
          "description": "a semaphore and SDK-like retries: what concurrency alone does",
          "limiter": "semaphore",
          "maxRetries": 10,
          "name": "plain",
          "pacers": [],
          "releases": false,
          "retry": "sdk",
          "retryOn": {
            "matches": [Function],
            "text": "408,409,429,5xx,reset,timeout,unreachable",
          },
          "share": 1,
          "spread": 500,
        },
        "preflight": false,
        "quiet": false,
        "ramp": 0,
        "repeat": 1,
        "search": undefined,
        "seed": 1,
        "simulate": "off",
        "speed": 40,
        "speedMayFall": true,
        "target": {
          "kind": "mock",
          "model": "gpt-4o-mini",
          "profile": "g1",
        },
        "transport": "default",
        "warmup": undefined,
        "yes": false,
      }
    `);
  });

  it('take the key from the environment and nowhere else', async () => {
    const flags = { target: 'anthropic', model: 'm', apiKeyEnv: 'MY_KEY', maxCost: 'off' };
    const { target } = await settingsOf({ flags, env: { MY_KEY: ' sk-1\n', ANTHROPIC_API_KEY: 'other' } });
    expect(target).toEqual({
      kind: 'anthropic',
      baseUrl: 'https://api.anthropic.com',
      model: 'm',
      apiKey: 'sk-1',
      headers: {},
    });
    expect(Object.keys(SWEEP_OPTIONS)).not.toContain('apiKey');
  });

  it('need no key for a server on this machine', async () => {
    for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]']) {
      const flags = { target: 'openai', model: 'm', baseUrl: `http://${host}:8000/v1` };
      expect((await settingsOf({ flags })).target).toMatchObject({ apiKey: 'no-key-needed' });
    }
    const flags = { target: 'openai', model: 'm', baseUrl: 'http://127.0.0.1.example.com/v1' };
    await expect(settingsOf({ flags })).rejects.toThrow('needs a key');
  });

  it('take the address from the flag, then from the provider’s variable, then the provider’s own', async () => {
    const env = { OPENAI_API_KEY: 'sk-1', OPENAI_BASE_URL: 'https://gateway/v1' };
    const flags = { target: 'openai', model: 'm', maxCost: 'off' };
    const address = async (given: Parameters<typeof settingsOf>[0]) => (await settingsOf(given)).target;
    expect(await address({ flags: { ...flags, baseUrl: 'https://mine/v1' }, env })).toMatchObject({
      baseUrl: 'https://mine/v1',
    });
    expect(await address({ flags, env })).toMatchObject({ baseUrl: 'https://gateway/v1' });
    expect(await address({ flags, env: { ...env, OPENAI_BASE_URL: '' } })).toMatchObject({
      baseUrl: 'https://api.openai.com/v1',
    });
  });

  it('live in real time at a real endpoint, and fast on the mock unless told otherwise', async () => {
    const env = { OPENAI_API_KEY: 'sk-1' };
    expect((await settingsOf({})).speed).toBe(40);
    expect((await settingsOf({ flags: { speed: '2.5' } })).speed).toBe(2.5);
    const real = { target: 'openai', model: 'm', maxCost: 'off' };
    expect((await settingsOf({ flags: real, env })).speed).toBe(1);
    expect((await settingsOf({ flags: { ...real, speed: '1' }, env })).speed).toBe(1);
  });

  it('stop a level at the scenario’s number of requests, at the number given, or at a time', async () => {
    const measure = async (flags: Record<string, string>) => (await settingsOf({ flags })).measure;
    expect(await measure({})).toEqual({ requests: 500 });
    expect(await measure({ requests: '7' })).toEqual({ requests: 7 });
    expect(await measure({ duration: '2m' })).toEqual({ duration: 120_000 });
    expect(await measure({ requests: '7', duration: '2m' })).toEqual({ requests: 7, duration: 120_000 });
  });

  it('print JSON for --json, whatever the format', async () => {
    const plain = await settingsOf({ flags: { format: 'json' } });
    expect((await settingsOf({ flags: { json: true, format: 'markdown' } })).formats).toEqual(plain.formats);
  });
});
