import { describe, expect, it } from 'vitest';
import type { ClientEvent } from '../../src/client/client.ts';
import { readRateLimit } from '../../src/client/rate-headers.ts';
import { sleep } from '../../src/core/clock.ts';
import type { AttemptRecord } from '../../src/core/record.ts';
import { VirtualClock } from '../../src/core/virtual-clock.ts';
import { LimitWatch } from '../../src/run/limit-watch.ts';
import { type LevelOutcome, runSweep, type SweepPlan } from '../../src/run/sweep.ts';
import { lab } from '../support/lab.ts';
import { attempt } from '../support/record-fixtures.ts';
import type { Step } from '../support/scripted-client.ts';

/** Why a limit per day is not waited for. */
const LONGER =
  'the rate-limit headers tell of a limit that takes minutes or more to refill, which is not waited for';

const DATE = 'Mon, 02 Jun 2025 15:14:45 GMT';

const openai = (remaining: number, reset: string) => ({
  'x-ratelimit-limit-requests': '3000',
  'x-ratelimit-remaining-requests': String(remaining),
  'x-ratelimit-reset-requests': reset,
});

/** An attempt over an interval whose response bore these headers. */
const answered = (startedAt: number, endedAt: number, headers: Record<string, string>): AttemptRecord => {
  const rateLimit = readRateLimit(new Headers(headers));
  return { ...attempt(startedAt, endedAt), ...(rateLimit ? { rateLimit } : {}) };
};

/** What is to be waited for at an instant, after these attempts. */
const refillAt = async (now: number, attempts: readonly AttemptRecord[]) => {
  const clock = new VirtualClock();
  const watch = new LimitWatch(clock);
  for (const each of attempts) watch.onAttempt(each);
  await clock.run(() => sleep(clock, now));
  return watch.refill();
};

describe('the wait until the limits are full', () => {
  it('is none where nothing is known of a limit', async () => {
    expect(await refillAt(100, [answered(0, 100, {})])).toEqual({
      wait: 0,
      because: 'no limit known: neither headers nor 429s',
    });
  });

  it('is what OpenAI’s reset says, less what has passed since', async () => {
    const seen = [answered(0, 1000, openai(2700, '6s'))];
    expect(await refillAt(1000, seen)).toEqual({
      wait: 6000,
      because: 'until the rate-limit headers say full',
    });
    expect(await refillAt(3000, seen)).toMatchObject({ wait: 4000 });
    expect(await refillAt(9000, seen)).toEqual({ wait: 0, because: 'the rate-limit headers say full' });
  });

  it('is that of the slowest dimension', async () => {
    const headers = {
      ...openai(2999, '20ms'),
      'x-ratelimit-limit-tokens': '60000',
      'x-ratelimit-remaining-tokens': '55904',
      'x-ratelimit-reset-tokens': '4.096s',
    };
    expect(await refillAt(0, [answered(0, 0, headers)])).toMatchObject({ wait: 4096 });
  });

  it('is what Anthropic’s captured 429 says: 63 s for the input tokens, nothing for what is full', async () => {
    const headers = {
      date: DATE,
      'retry-after': '16',
      'anthropic-ratelimit-requests-limit': '4000',
      'anthropic-ratelimit-requests-remaining': '4000',
      'anthropic-ratelimit-requests-reset': '2025-06-02T15:14:45Z',
      'anthropic-ratelimit-input-tokens-limit': '200000',
      'anthropic-ratelimit-input-tokens-remaining': '0',
      'anthropic-ratelimit-input-tokens-reset': '2025-06-02T15:15:48Z',
      'anthropic-ratelimit-output-tokens-limit': '80000',
      'anthropic-ratelimit-output-tokens-remaining': '80000',
      'anthropic-ratelimit-output-tokens-reset': '2025-06-02T15:14:45Z',
    };
    const seen = [answered(0, 0, headers)];
    expect(await refillAt(0, seen)).toMatchObject({ wait: 63_000 });
    expect(await refillAt(13_000, seen)).toMatchObject({ wait: 50_000 }); // what is left is what counts
  });

  it('is none of a bucket that is full, whatever its reset says', async () => {
    expect(await refillAt(0, [answered(0, 0, openai(3000, '5s'))])).toMatchObject({ wait: 0 });
  });

  it('is the missing share of a minute where no reset is told', async () => {
    const headers = { 'x-ratelimit-limit-requests': '100', 'x-ratelimit-remaining-requests': '25' };
    expect(await refillAt(0, [answered(0, 0, headers)])).toMatchObject({ wait: 45_000 });
  });

  it('is a number where the limit is zero', async () => {
    const headers = { 'x-ratelimit-limit-requests': '0', 'x-ratelimit-remaining-requests': '0' };
    expect((await refillAt(0, [answered(0, 0, headers)])).wait).toBe(0);
  });

  it('is what is left of a minute since the last answer where none came with headers', async () => {
    expect(await refillAt(0, [attempt(0, 0, 'rate-limited')])).toEqual({
      wait: 60_000,
      because: 'one minute since the last answer: there were 429s, and no header tells the limit',
    });
    const two = [attempt(0, 20_000, 'rate-limited'), attempt(0, 5000, 'rate-limited')];
    expect(await refillAt(30_000, two)).toMatchObject({ wait: 50_000 });
    expect(await refillAt(0, [attempt(0, 0, 'overloaded')])).toMatchObject({ wait: 0 });
  });

  it('follows the last answer to arrive, whichever was noted last', async () => {
    const early = answered(0, 100, openai(2999, '20ms'));
    const late = answered(0, 500, openai(0, '60s'));
    for (const attempts of [
      [early, late],
      [late, early],
    ])
      expect(await refillAt(500, attempts)).toMatchObject({ wait: 60_000 });
  });

  it('keeps what is known where an answer says nothing of limits', async () => {
    const attempts = [answered(0, 100, openai(0, '60s')), attempt(0, 200, 'overloaded')];
    expect(await refillAt(200, attempts)).toMatchObject({ wait: 59_900 });
  });

  // A long stream's headers are as old as its start: at its end the bucket may have been emptied by others.
  it('believes the newest headers, not those of the answer that ended last', async () => {
    const stream = { ...answered(0, 30_000, openai(2999, '20ms')), headersAt: 10 };
    const short = { ...answered(29_000, 29_900, openai(0, '60s')), headersAt: 29_800 };
    const { wait } = await refillAt(30_000, [short, stream]);
    expect(wait).toBe(59_800); // not 20 ms: the next level would start on an empty bucket
  });

  // Azure: only the limit that is near. What an earlier answer told of the other one still holds.
  it('keeps what is known of a dimension that the last answer leaves out', async () => {
    const requests = answered(0, 100, openai(0, '60s'));
    const tokens = answered(0, 200, { 'x-ratelimit-reset-tokens': '10ms' });
    expect((await refillAt(200, [requests, tokens])).wait).toBe(59_900);
  });

  it('takes each dimension from the newest answer that tells it', async () => {
    const old = answered(0, 100, { ...openai(0, '60s'), 'x-ratelimit-reset-tokens': '30s' });
    const newer = answered(0, 200, openai(2999, '20ms'));
    for (const attempts of [
      [old, newer],
      [newer, old],
    ])
      expect(await refillAt(200, attempts)).toMatchObject({ wait: 29_900 }); // the tokens’
  });

  it('is that of a limit per minute beside one per day', async () => {
    const headers = { ...openai(100, '1h12m0s'), 'x-ratelimit-reset-tokens': '4s' };
    expect(await refillAt(0, [answered(0, 0, headers)])).toMatchObject({ wait: 4000 });
  });

  it('does not wait a minute again for 429s that are long past', async () => {
    expect((await refillAt(120_000, [attempt(0, 0, 'rate-limited')])).wait).toBe(0);
  });
});

describe('a sweep that cools down by itself', () => {
  const run = async (script: (attempt: number) => Step, changes: Partial<SweepPlan> = {}) => {
    const bench = lab(script, { levels: [1, 2], requests: 3 });
    const outcomes: LevelOutcome[] = [];
    const waits: string[] = [];
    const observer = {
      onCooldown: (level: number, { wait }: { wait: number }) => waits.push(`${wait} before ${level}`),
      onStretch() {},
      onMeasured() {},
    };
    await bench.clock.run(async () => {
      const plan = { ...bench.plan, cooldown: 'auto', ...changes } as const;
      for await (const outcome of runSweep(plan, bench.runtime, observer)) outcomes.push(outcome);
    });
    return { bench, outcomes, waits, starts: bench.records.map(({ startedAt }) => startedAt) };
  };

  const saying = (headers: Record<string, string>): readonly ClientEvent[] => [
    { type: 'headers', status: 200, rateLimit: readRateLimit(new Headers(headers)) },
    { type: 'finish', reason: 'stop' },
  ];

  it('waits as long as the headers of the level before say', async () => {
    const { outcomes, waits, starts } = await run((number) => ({
      after: 100,
      events: saying(openai(3000 - number - 1, `${(number + 1) * 20}ms`)),
    }));
    expect(waits).toEqual(['60 before 2']); // three of 3000 a minute are missing
    expect(starts).toEqual([0, 100, 200, 360, 360, 460]);
    expect(outcomes.map(({ cooldown }) => cooldown.waitedMs)).toEqual([0, 60]);
    expect(outcomes[1]?.cooldown.because).toBe('until the rate-limit headers say full');
  });

  it('reads the headers of refusals and of the warm-up too', async () => {
    const rateLimit = readRateLimit(new Headers(openai(0, '3s')));
    const { waits } = await run(
      (number) =>
        number === 0
          ? { after: 100, fail: { kind: 'rate-limited', message: '', status: 429 } }
          : {
              after: 100,
              events: [
                { type: 'headers', status: 200, rateLimit },
                { type: 'finish', reason: '' },
              ],
            },
      { warmup: { requests: 1 }, levels: [1] },
    );
    expect(waits).toEqual(['3000 before 1']);
  });

  it('asks an endpoint that can tell, and believes it', async () => {
    const answers = [700, 0];
    const { outcomes, waits } = await run(() => ({ after: 100 }), {
      endpoint: { client: lab(() => ({ after: 1 })).client, untilFull: async () => answers.shift() ?? 0 },
      levels: [1, 2, 3],
      measure: { requests: 0 },
    });
    expect(waits).toEqual(['700 before 2']);
    expect(outcomes.map(({ cooldown }) => cooldown)).toEqual([
      { waitedMs: 0, because: 'nothing had been sent before' },
      { waitedMs: 700, because: 'until the mock says its limits are full' },
      { waitedMs: 0, because: 'the mock says its limits are full' },
    ]);
  });

  it('asks it before the first level too where a reference was sent', async () => {
    const { waits, outcomes } = await run(() => ({ after: 100 }), {
      endpoint: { client: lab(() => ({ after: 1 })).client, untilFull: async () => 700 },
      levels: [2],
      measure: { requests: 0 },
      referenceRequests: 1,
    });
    expect(waits).toEqual(['700 before 2']);
    expect(outcomes[0]?.cooldown.waitedMs).toBe(700);
  });

  it('waits a minute at most for an endpoint that asks for more', async () => {
    const { outcomes, waits } = await run(() => ({ after: 100 }), {
      endpoint: { client: lab(() => ({ after: 1 })).client, untilFull: async () => 4_320_000 },
      measure: { requests: 0 },
    });
    expect(waits).toEqual(['60000 before 2']);
    expect(outcomes[1]?.cooldown).toEqual({
      waitedMs: 60_000,
      because: 'one minute: the mock has a limit that takes longer to refill',
    });
  });

  // A requests header may describe a limit per day (10,000 a day is 8.64 s each): no one expects to wait for an hour.
  it('does not wait for a limit per day to refill', async () => {
    const { outcomes } = await run(() => ({
      after: 100,
      events: saying({
        'x-ratelimit-limit-requests': '10000',
        'x-ratelimit-remaining-requests': '9500',
        'x-ratelimit-reset-requests': '1h12m0s',
      }),
    }));
    expect(outcomes[1]?.cooldown).toEqual({ waitedMs: 0, because: LONGER });
  });
});
