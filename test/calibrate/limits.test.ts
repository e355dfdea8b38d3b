import { describe, expect, it } from 'vitest';
import { calibrate, type Twin } from '../../src/calibrate/calibrate.ts';
import { observe } from '../../src/calibrate/observations.ts';
import type { RequestRecord } from '../../src/core/record.ts';
import { type SimulatedRun, simulatedRun } from '../support/simulated-run.ts';

const LEVELS = [1, 10, 30];

const observed = async (
  run: Omit<SimulatedRun, 'levels' | 'requests'> & Partial<SimulatedRun>,
  change: (record: RequestRecord) => RequestRecord = (record) => record,
): Promise<Twin> => {
  const { records } = await simulatedRun({ levels: LEVELS, requests: 300, seed: 4, ...run });
  return calibrate([await observe('a run', records.map(change))], '2026-11-21');
};

/** What an endpoint that tells nothing of its limits leaves in the records. */
const untold = (record: RequestRecord): RequestRecord => ({
  ...record,
  attempts: record.attempts.map(({ rateLimit: _, failure, ...attempt }) => ({
    ...attempt,
    ...(failure ? { failure: { kind: failure.kind, message: '429' } } : {}),
  })),
});

const near = (value: unknown, truth: number, within = 0.03): void => {
  expect(Math.abs(Number(value) / truth - 1), `${value} for ${truth}`).toBeLessThan(within);
};

interface Rate {
  readonly limit: number;
  readonly burst?: number;
}

const rateOf = ({ limits }: Twin, key: string): Rate => limits?.[key] as Rate;

const sourceOf = ({ calibration }: Twin, name: string): string =>
  calibration.numbers.find((number) => number.name === name)?.how ?? '';

describe('a limit on requests', () => {
  const run = {
    profile: 'constant',
    settings: [
      'latency={total: {mean: 2s, cv: 0.4}, tokens: 30}',
      'limits={requestsPerMinute: {limit: 480, burst: 40}}',
    ],
  };

  it('is told by headers, its bucket by what was let in before the first refusal', async () => {
    const twin = await observed(run);
    expect(rateOf(twin, 'requestsPerMinute').limit).toBe(480);
    near(rateOf(twin, 'requestsPerMinute').burst, 40, 0.05);
    expect(sourceOf(twin, 'requests per minute')).toBe('told by response headers');
    expect(twin.calibration.limitExplains).toBeGreaterThan(0.95);
  });

  it('is found from the pace that refusals left where nobody tells it, with the range that fits as well', async () => {
    const twin = await observed(run, untold);
    near(rateOf(twin, 'requestsPerMinute').limit, 480);
    near(rateOf(twin, 'requestsPerMinute').burst, 40, 0.1);
    expect(sourceOf(twin, 'requests per minute')).toContain('the rate that decides');
    const [rate] = twin.calibration.numbers.filter(({ name }) => name === 'requests per minute');
    expect(rate?.low).toBeLessThanOrEqual(480);
    expect(rate?.high).toBeGreaterThanOrEqual(480 * 0.97);
    expect(twin.limits?.['retryAfter']).toBe(false);
  });

  it('stays unknown where nothing was refused and nobody told it', async () => {
    const twin = await observed({ ...run, levels: [1, 5], requests: 60 }, untold);
    expect(twin.limits).toBeUndefined();
    expect(twin.calibration.unknown.join()).toContain('where the limit is stays unknown');
  });

  it('is not put down to requests where refusals follow no such limit', async () => {
    const tokens = [
      'latency={total: {mean: 2s, cv: 0.4}, tokens: 30}',
      'limits={tokensPerMinute: 200000, charge: {mean: 400, cv: 2}, burstWindow: 2s}',
    ];
    const twin = await observed({ profile: 'constant', settings: tokens, levels: [5, 20, 40] }, untold);
    const said = [...twin.calibration.unknown, String(twin.calibration.limitExplains)].join();
    expect(said).toMatch(/no limit on requests explains|explains only|0\.9/);
  });
});

describe('a limit on tokens', () => {
  it('of OpenAI is told by the words of refusals, with what each call counts for', async () => {
    const twin = await observed({
      profile: 'constant',
      settings: [
        'latency={total: {mean: 2s, cv: 0.4}, tokens: 30}',
        'limits={tokensPerMinute: 24000, requestsPerMinute: 5000, burstWindow: 6s}',
      ],
    });
    expect(rateOf(twin, 'tokensPerMinute').limit).toBe(24_000);
    near(rateOf(twin, 'tokensPerMinute').burst, 2400, 0.05);
    expect(twin.limits?.['charge']).toEqual({ mean: 50, cv: 0 });
    expect(twin.calibration.limitExplains).toBeGreaterThan(0.95);
  });

  it('counts calls by what headers say each took, small ones too, which are hardly ever refused', async () => {
    const run = {
      profile: 'constant',
      settings: [
        'latency={total: {mean: 2s, cv: 0.4}, tokens: 30}',
        'limits={tokensPerMinute: 360000, charge: {mean: 1000, cv: 0.8}, burstWindow: 1s}',
      ],
      levels: [5, 12, 20],
    };
    const [told] = (await observed(run)).calibration.numbers.filter(({ name }) =>
      name.includes('a call counts'),
    );
    expect(told?.how).toBe('by response headers, 300 calls');
    near(told?.value, 1000, 0.06);
    const silent = await observed(run, (record) => ({
      ...record,
      attempts: record.attempts.map(({ rateLimit: _, ...attempt }) => attempt),
    }));
    expect(silent.calibration.numbers.map(({ how }) => how)).toContain(
      'by what refusals of large calls requested',
    );
    const explained = (await observed(run)).calibration.limitExplains ?? 0;
    expect(explained).toBeGreaterThan(0.97);
    expect(explained).toBeGreaterThan(silent.calibration.limitExplains ?? 0);
  });

  it.each([
    ['outputTokensPerMinute', 'output tokens', 24_000, 1000],
    ['inputTokensPerMinute', 'input tokens', 1200, 100],
  ] as const)(
    '%s of Anthropic is told by words, its bucket by the tokens before the first',
    async (key, words, limit, burst) => {
      const twin = await observed({
        profile: 'constant',
        client: 'anthropic',
        levels: [2, 25],
        requests: 120,
        settings: [
          'latency={ttft: {median: 500ms, sigma: 0.3}, tokensPerSecond: 40}',
          'output={tokens: {median: 35, sigma: 0.3}}',
          `limits={requestsPerMinute: 9000, ${key}: {limit: ${limit}, burst: ${burst}}}`,
        ],
      });
      expect(rateOf(twin, key).limit).toBe(limit);
      near(rateOf(twin, key).burst, burst, 0.15); // whole answers do not say when their tokens were made
      expect(twin.limits).not.toHaveProperty('tokensPerMinute');
      expect(sourceOf(twin, `${words.replace(' ', '-')} per minute`)).toBe('told by the words of refusals');
    },
  );
});

describe('a streamed run', () => {
  it('gives the time to the first token and the pace after it, each with its spread', async () => {
    const { latency, calibration } = await observed({
      profile: 'constant',
      stream: true,
      levels: [1, 8],
      settings: [
        'latency={ttft: {median: 700ms, sigma: 0.4}, tokensPerSecond: 60, rateCv: 0.15}',
        'output={tokens: {median: 40, sigma: 0.2}}',
      ],
    });
    if (!('ttft' in latency)) throw new Error('no latency by tokens');
    near(latency.tokensPerSecond, 60);
    expect(latency.rateCv).toBeCloseTo(0.15, 1);
    const [ttft] = calibration.numbers.filter(({ name }) => name.startsWith('time to the first token'));
    near(ttft?.value, 700 * Math.exp(0.4 ** 2 / 2), 0.06);
    expect(ttft?.low).toBeLessThan(ttft?.value ?? 0);
  });

  it('keeps a slow mode, by its quantiles where no shape is close', async () => {
    const { latency, calibration } = await observed({
      profile: 'constant',
      stream: true,
      levels: [1, 10],
      requests: 500,
      settings: [
        'latency={ttft: {median: 500ms, sigma: 0.25, slow: {share: 0.1, factor: 6}}, tokensPerSecond: 80}',
        'output={tokens: 30}',
      ],
    });
    if (!('ttft' in latency) || typeof latency.ttft !== 'object') throw new Error('no spread');
    const slowest = 'quantiles' in latency.ttft ? latency.ttft.quantiles[195] : undefined;
    const share = 'slow' in latency.ttft ? latency.ttft.slow.share : 0.1;
    expect(slowest ?? 3000).toBeGreaterThan(2000);
    expect(share).toBeCloseTo(0.1, 1);
    expect(calibration.distances['time to the first token']).toBeLessThan(0.05);
  });
});

describe('answers that max_tokens cut', () => {
  it('keep their mean in the twin, though no lognormal has such a spread', async () => {
    const { output, calibration } = await observed({
      profile: 'constant',
      levels: [1, 5],
      settings: [
        'latency={total: {mean: 1s, cv: 0.2}, tokens: 40}',
        'output={tokens: {median: 48, sigma: 0.3}}',
      ],
    });
    if (typeof output.tokens !== 'object' || !('quantiles' in output.tokens)) throw new Error('no quantiles');
    const { quantiles } = output.tokens;
    expect(quantiles.at(-1)).toBe(50);
    expect(calibration.answers).toBe(600);
  });
});
