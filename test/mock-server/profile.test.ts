import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { draw } from '../../mock-server/engine/distribution.ts';
import { parseProfile } from '../../mock-server/engine/profile.ts';
import { namedProfile, PROFILES } from '../../mock-server/profiles/index.ts';
import { loadProfile, withSetting } from '../../mock-server/profiles/load.ts';
import { createRng } from '../../src/core/rng.ts';
import { EXACT, lab, message } from './lab.ts';

describe('built-in profiles', () => {
  test.each([...PROFILES.values()])('$name is valid, described, sourced and dated', (profile) => {
    expect(namedProfile(profile.name).name).toBe(profile.name);
    expect(profile.description.length).toBeGreaterThan(20);
    expect(profile.source.length).toBeGreaterThan(10);
    expect(profile.date).toMatch(/^\d{4}-\d{2}/);
  });

  test('unknown names meet their neighbours', () => {
    expect(() => namedProfile('shorts')).toThrow(
      expect.objectContaining({
        message: 'unknown profile "shorts"',
        hint: 'Did you mean short? Or the path of a YAML, JSON or TypeScript file.',
      }),
    );
  });
});

describe('errors name the key', () => {
  test.each([
    [{ latency: 'soon', output: { tokens: 1 } }, 'latency: '],
    [{ latency: 0, output: {} }, 'output.tokens: expected a number, or {median, sigma, slow?}'],
    [{ latency: 0, output: { tokens: 1 }, queue: { slots: 0 } }, 'queue.slots: '],
    [
      { latency: 0, output: { tokens: 1 }, limits: { requestsPerMinute: 'many' } },
      'limits.requestsPerMinute: ',
    ],
    [{ latency: 0, output: { tokens: 1 }, lmits: {} }, 'lmits'],
    [{ latency: 0, output: { tokens: 1 }, faults: [{ kind: 'fire' }] }, 'faults.0.kind: '],
  ])('%j', (input, text) => expect(() => parseProfile(input, 'x')).toThrow(text));

  test.each([
    [{ limits: { requestPerMinute: 3 } }, 'requestsPerMinute'],
    [{ limits: { models: { big: { tokenPerMinute: 3 } } } }, 'tokensPerMinute'],
    [{ faults: [{ kind: 'hang', evry: 3 }] }, 'every'],
    [{ latency: { ttft: 1, tokensPerSecond: 9, chunkCV: 1 } }, 'chunkCv'],
    [{ lmits: {} }, 'limits'],
  ])('an unknown key of %j was meant to be %s', (input, name) => {
    expect(() => parseProfile({ latency: 0, output: { tokens: 1 }, ...input }, 'x')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(`Did you mean ${name}?`) }),
    );
  });
});

describe('settings', () => {
  test('replace one key', async () => {
    const profile = await loadProfile('constant', ['latency=250ms', 'limits.requestsPerMinute=60']);
    expect(profile).toMatchObject({ latency: 250, limits: { requestsPerMinute: { limit: 60 } } });
    expect(() => withSetting({}, 'latency')).toThrow('expected key=value');
  });

  test.each([
    ['yaml', 'extends: g1\nlimits:\n  countRejected: true\n'],
    ['json', '{"extends":"g1","limits":{"countRejected":true}}'],
    ['ts', "export const profile = { extends: 'g1', limits: { countRejected: true as boolean } };"],
  ])('come from %s files, on top of a built-in profile', async (extension, content) => {
    const folder = await mkdtemp(join(tmpdir(), 'profile-'));
    const path = join(folder, `own.${extension}`);
    await writeFile(path, content);
    expect(await loadProfile(path)).toMatchObject({
      latency: { total: { mean: 3840 } },
      limits: { requestsPerMinute: { limit: 360, burst: 24 }, countRejected: true },
    });
    await rm(folder, { recursive: true });
  });

  test.each([
    ['latency={ttft: {p50: 200ms, p95: 400ms, p99: 900ms}}', { ttft: { p50: 200, p95: 400, p99: 900 } }],
    ['latency={ttft: {mean: 1s, cv: 0.5}}', { ttft: { mean: 1000, cv: 0.5 } }],
    ['latency.ttft.median=1s', { ttft: { median: 1000, sigma: 0.3, slow: { share: 0.02 } } }],
    ['latency={total: 3s, tokens: 40}', { total: 3000, tokens: 40, ttftShare: 0.4 }],
    ['latency.rateCv=0', { tokensPerSecond: 90, rateCv: 0 }],
  ])('in another form replace what is in their place: %s', async (setting, latency) => {
    expect(await loadProfile('short', [setting])).toMatchObject({ latency });
  });

  test('what the server shows can be sent back', async () => {
    const { clock, fetch, engine } = lab({
      ...EXACT,
      limits: { requestsPerMinute: { limit: 60, burst: 2 } },
    });
    const put = (method: string, body: unknown) =>
      clock.run(() => fetch('http://mock/__bench/config', { method, body: JSON.stringify(body) }));
    const shown = await (await clock.run(() => fetch('http://mock/__bench/config'))).json();
    expect((await put('PUT', shown)).status).toBe(200);
    expect(
      await (await put('PATCH', { latency: { tokensPerSecond: 10 }, limits: null })).json(),
    ).toMatchObject({
      latency: { ttft: 100, tokensPerSecond: 10 },
    });
    expect(engine.profile.limits).toBeUndefined();
    const wrong = await put('PATCH', { headShare: 7 });
    expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('headShare')]);
    expect((await put('PUT', { extends: 'short', rejectLatency: '5ms' })).status).toBe(200);
    expect(engine.profile).toMatchObject({ name: 'short', rejectLatency: 5 });
  });
});

/** Share of 20,000 draws at or below each value. */
const shares = (distribution: Parameters<typeof draw>[0], values: readonly number[]) => {
  const rng = createRng(7);
  const draws = Array.from({ length: 20_000 }, () => draw(distribution, () => rng));
  return values.map((value) => draws.filter((each) => each <= value).length / draws.length);
};

describe('distributions', () => {
  test('three quantiles are met, monotone in between', () => {
    const [p50, p95, p99] = shares({ p50: 639, p95: 1144, p99: 4517 }, [639, 1144, 4517]);
    expect(p50).toBeCloseTo(0.5, 1);
    expect(p95).toBeCloseTo(0.95, 2);
    expect(p99).toBeCloseTo(0.99, 2);
  });

  test('a slow mode makes the tail', () => {
    const [p50, p99] = shares(
      { median: 100, sigma: 0.3, slow: { share: 0.02, factor: 8, sigma: 0.4 } },
      [102, 700],
    );
    expect(p50).toBeCloseTo(0.5, 1);
    expect(p99).toBeGreaterThan(0.98);
    expect(p99).toBeLessThan(0.998);
  });

  test.each([
    ['short', 0.56, 0.91],
    ['medium', 0.81, 5],
    ['long', 1.01, 21.5],
    ['overloaded', 2.7, 18.9],
  ])('preset %s has the medians it promises', async (name, ttft, total) => {
    const profile = { ...PROFILES.get(name), overload: undefined };
    const { clock, fetch, engine } = lab(profile as Parameters<typeof lab>[0]);
    await clock.run(() =>
      Promise.all(
        Array.from({ length: 400 }, () => message(fetch, { maxTokens: 100_000 }).then((r) => r.text())),
      ),
    );
    const entries = [...engine.ledger.entries()];
    const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length / 2] ?? 0;
    expect(median(entries.map((entry) => entry.endedAt)) / 1000 / total).toBeGreaterThan(0.85);
    expect(median(entries.map((entry) => entry.endedAt)) / 1000 / total).toBeLessThan(1.15);
    expect(ttft).toBeLessThan(total);
  });
});
