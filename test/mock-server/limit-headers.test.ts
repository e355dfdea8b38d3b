import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limitedAdmission } from '../../mock-server/engine/admission.ts';
import { type LimitsSpec, type ProfileInput, parseProfile } from '../../mock-server/engine/profile.ts';
import { anthropicDialect } from '../../mock-server/wire/anthropic-dialect.ts';
import { azureDialect } from '../../mock-server/wire/azure-dialect.ts';
import { openaiDialect } from '../../mock-server/wire/openai-dialect.ts';
import type { Circumstances } from '../../mock-server/wire/wire.ts';
import { chat, EXACT, lab, message } from './lab.ts';

const EPOCH = 1_748_877_285_000;
const REQUEST = {
  reading: { model: 'm', stream: false, inputTokens: 1, maxTokens: undefined, thinkingShown: false },
  tag: '',
  index: 0,
  attempt: 0,
  endpoint: 'chat',
  key: 'k',
  override: {},
  requestId: '0'.repeat(32),
} as const;

const limitsOf = (limits: NonNullable<ProfileInput['limits']>): LimitsSpec => {
  const parsed = parseProfile({ ...EXACT, limits }, 'of a test').limits;
  if (!parsed) throw new Error('no limits');
  return parsed;
};

const at = (now: number): Circumstances => ({
  requestId: REQUEST.requestId,
  method: 'POST',
  path: '/',
  key: 'k',
  model: 'm',
  now,
  epoch: EPOCH,
  taken: 0,
  retryAfter: true,
  retryAfterMs: false,
});

/** A Go duration, whole seconds or a date, as milliseconds from `now`. */
const readReset = (text: string, now: number): number => {
  if (text.includes('T')) return Date.parse(text) - EPOCH - now;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const unit = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
  return [...text.matchAll(/([\d.]+)(h|ms|m|s)/g)].reduce(
    (sum, [, amount, name]) => sum + Number(amount) * unit[name as keyof typeof unit],
    0,
  );
};

describe.each([
  ['openai', openaiDialect],
  ['anthropic', anthropicDialect],
  ['azure', azureDialect],
])('%s', (_, dialect) => {
  test('between charges what remains never falls, and the reset never moves away', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40_000 }),
        fc.array(fc.double({ min: 0, max: 9000, noNaN: true }), { minLength: 1, maxLength: 30 }),
        (tokens, gaps) => {
          const spec = limitsOf({
            requestsPerMinute: 60,
            tokensPerMinute: 40_000,
            inputTokensPerMinute: 40_000,
          });
          const admission = limitedAdmission(spec);
          const estimate = { inputTokens: tokens, cachedTokens: 0, maxTokens: undefined, produced: () => 0 };
          const admitted = admission.admit(REQUEST, estimate, 0);
          expect('rejection' in admitted).toBe(false);
          let now = 0;
          let before = dialect.headers(admission.standings(REQUEST, now), at(now));
          expect(Object.keys(before).filter((name) => name.includes('remaining')).length).toBeGreaterThan(1);
          for (const gap of gaps) {
            now += gap;
            const after = dialect.headers(admission.standings(REQUEST, now), at(now));
            for (const [name, text] of Object.entries(after)) {
              const earlier = before[name] ?? '';
              if (name.includes('remaining')) expect(Number(text)).toBeGreaterThanOrEqual(Number(earlier));
              // Dates are cut to seconds; once a bucket is full its reset is "now" and moves with the time.
              if (name.includes('reset'))
                expect(readReset(text, now)).toBeLessThanOrEqual(
                  Math.max(readReset(earlier, now - gap), 1000),
                );
            }
            before = after;
          }
        },
      ),
    );
  });
});

test('in every window no more tokens are admitted than burst + rate × time', () => {
  const calls = fc.array(
    fc.record({
      gap: fc.double({ min: 0, max: 3000, noNaN: true }),
      tokens: fc.integer({ min: 1, max: 900 }),
    }),
    { minLength: 1, maxLength: 120 },
  );
  fc.assert(
    fc.property(calls, fc.integer({ min: 1000, max: 60_000 }), (arrivals, limit) => {
      const burst = 1000;
      const spec = limitsOf({ inputTokensPerMinute: { limit, burst: Math.min(burst, limit) } });
      const admission = limitedAdmission(spec);
      const admitted: { readonly now: number; readonly tokens: number }[] = [];
      let now = 0;
      for (const { gap, tokens } of arrivals) {
        now += gap;
        const estimate = { inputTokens: tokens, cachedTokens: 0, maxTokens: undefined, produced: () => 0 };
        if (!('rejection' in admission.admit(REQUEST, estimate, now))) admitted.push({ now, tokens });
      }
      for (const [first, { now: from }] of admitted.entries()) {
        let sum = 0;
        for (const { now: to, tokens } of admitted.slice(first)) {
          sum += tokens;
          expect(sum).toBeLessThanOrEqual(burst + ((to - from) * limit) / 60_000 + 1e-6);
        }
      }
    }),
  );
});

test('Anthropic shows its limits on success too, tokens rounded to thousands, after the charge', async () => {
  const { clock, fetch } = lab({
    ...EXACT,
    limits: { requestsPerMinute: 50, inputTokensPerMinute: 30_000, outputTokensPerMinute: 8000 },
  });
  const { status, headers } = await clock.run(() => message(fetch, { prompt: 'x'.repeat(4 * 1600) }));
  expect(status).toBe(200);
  const shown = (name: string) => headers.get(`anthropic-ratelimit-${name}`);
  expect([shown('requests-remaining'), shown('requests-reset')]).toEqual(['49', '2025-06-02T15:14:47Z']);
  expect([shown('input-tokens-remaining'), shown('output-tokens-remaining')]).toEqual(['28000', '8000']);
  expect([shown('tokens-limit'), shown('tokens-remaining')]).toEqual(['38000', '36000']);
  expect(headers.has('retry-after')).toBe(false);
});

test('failed requests use up the limit where they count, bad keys do not', async () => {
  const left = async (countRejected: boolean, key: string) => {
    const { clock, fetch } = lab({
      ...EXACT,
      rejectLatency: 0,
      limits: { requestsPerMinute: 60, countRejected },
      keys: { stranger: 'invalid' },
    });
    return clock.run(async () => {
      const refused = await chat(fetch, { key, override: { status: 500, faults: true } });
      const { headers } = await chat(fetch, { key: 'k' });
      return [refused.status, Number(headers.get('x-ratelimit-remaining-requests'))];
    });
  };
  expect(await left(true, 'k')).toEqual([500, 58]);
  expect(await left(false, 'k')).toEqual([500, 59]);
  expect(await left(true, 'stranger')).toEqual([401, 59]);
});

test('a key is the same limit in whichever header it comes', async () => {
  const { clock, fetch } = lab({ ...EXACT, limits: { requestsPerMinute: 60 } });
  const left = async (headers: Record<string, string>) => {
    const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }] });
    const response = await fetch('http://mock/v1/chat/completions', { method: 'POST', headers, body });
    return Number(response.headers.get('x-ratelimit-remaining-requests'));
  };
  const seen = await clock.run(() =>
    Promise.all([
      left({ authorization: 'Bearer a' }),
      left({ 'x-api-key': 'a' }),
      left({ 'api-key': 'a' }),
      left({ authorization: 'bearer  a' }),
      left({ authorization: 'Bearer b' }),
      left({}),
    ]),
  );
  expect(seen).toEqual([59, 58, 57, 56, 59, 59]);
});

test('every attempt has a name of its own, in headers, body and ledger', async () => {
  const { clock, fetch, engine } = lab(EXACT);
  const names = await clock.run(() =>
    Promise.all(
      Array.from({ length: 300 }, async (_, call) => {
        const response = await (call % 2 === 0 ? chat(fetch) : message(fetch));
        const { id } = (await response.json()) as { id: string };
        return [response.headers.get('x-request-id') ?? response.headers.get('request-id'), id];
      }),
    ),
  );
  expect(new Set(names.flat()).size).toBe(600);
  expect(new Set([...engine.ledger.entries()].map(({ requestId }) => requestId)).size).toBe(300);
});

test('every 429 shows the limits, for want of quota too', async () => {
  const { clock, fetch } = lab({
    ...EXACT,
    limits: { requestsPerMinute: 60, inputTokensPerMinute: 1000 },
    keys: { broke: 'quota' },
  });
  const [openai, anthropic] = await clock.run(() =>
    Promise.all([chat(fetch, { key: 'broke' }), message(fetch, { key: 'broke' })]),
  );
  expect([openai?.status, openai?.headers.get('x-ratelimit-remaining-requests')]).toEqual([429, '60']);
  expect([anthropic?.status, anthropic?.headers.get('anthropic-ratelimit-requests-remaining')]).toEqual([
    429,
    '60',
  ]);
});
