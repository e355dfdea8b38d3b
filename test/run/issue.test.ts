import { describe, expect, it } from 'vitest';
import { BenchError, EXIT } from '../../src/core/errors.ts';
import type { Failure } from '../../src/core/failure.ts';
import { semaphore } from '../../src/load/semaphore.ts';
import { issue } from '../../src/run/issue.ts';
import { runStretch } from '../../src/run/level.ts';
import { type Lab, lab } from '../support/lab.ts';
import type { Step } from '../support/scripted-client.ts';

const limited: Failure = { kind: 'rate-limited', message: 'slow down', status: 429 };

const run = async ({ clock, plan, runtime, records }: Lab) => {
  await clock.run(() =>
    runStretch({ level: 1, phase: 'measure', driver: semaphore(1), until: plan.measure }, plan, runtime),
  );
  return records[0];
};

describe('issue', () => {
  it('stamps one attempt of a request that succeeds', async () => {
    const record = await run(lab(() => ({ after: 100 })));
    expect(record).toEqual({
      level: 1,
      index: 0,
      phase: 'measure',
      scheduledAt: 0,
      startedAt: 0,
      endedAt: 100,
      usage: { inputTokens: 10, outputTokens: 5 },
      attempts: [{ startedAt: 0, headersAt: 100, status: 200, endedAt: 100 }],
      outcome: 'ok',
    });
  });

  it('waits as the server asks and counts the wait into the request, not into the attempt', async () => {
    const script = (attempt: number): Step =>
      attempt < 2 ? { after: 10, fail: { ...limited, retryAfter: 2000 } } : { after: 100 };
    const record = await run(lab(script));
    expect(record?.outcome).toBe('ok');
    expect(record?.attempts.map(({ startedAt, endedAt }) => [startedAt, endedAt])).toEqual([
      [0, 10],
      [2010, 2020],
      [4020, 4120],
    ]);
    expect(record?.endedAt).toBe(4120);
    expect(record?.failure).toBeUndefined();
  });

  it('gives up after the retries allowed and keeps the last failure', async () => {
    const record = await run(lab(() => ({ after: 10, fail: limited }), { maxRetries: 2 }));
    expect(record).toMatchObject({ outcome: 'failed', failure: { kind: 'rate-limited' } });
    expect(record?.attempts).toHaveLength(3);
  });

  it('ends an attempt at its deadline, to the millisecond of the clock', async () => {
    const record = await run(lab(() => 'hang', { maxRetries: 0, attemptTimeout: 300 }));
    expect(record).toMatchObject({ outcome: 'failed', endedAt: 300, failure: { kind: 'timeout' } });
  });

  it('does not take an answer without a finish for a success', async () => {
    const record = await run(
      lab(() => ({ after: 10, events: [{ type: 'headers', status: 200, rateLimit: undefined }] })),
    );
    expect(record).toMatchObject({ outcome: 'failed', failure: { kind: 'truncated' } });
  });

  it('does not retry in mid-answer, as no SDK does', async () => {
    const record = await run(
      lab(() => ({ after: 10, fail: { kind: 'truncated', message: 'cut', status: 200 } })),
    );
    expect(record?.attempts).toHaveLength(1);
  });

  it('measures streams from the attempt that succeeded, reasoning apart', async () => {
    const script = (attempt: number): Step =>
      attempt === 0
        ? { after: 50, fail: { ...limited, retryAfter: 0 } }
        : {
            after: 100,
            events: [
              { type: 'headers', status: 200, rateLimit: undefined },
              { type: 'delta', channel: 'reasoning', text: 'Hm' },
              { type: 'delta', channel: 'content', text: 'Hi' },
              { type: 'finish', reason: 'stop' },
            ],
          };
    const record = await run(lab(script));
    expect(record).toMatchObject({ firstTokenAt: 150, lastTokenAt: 150 });
    expect(record?.attempts[0]).not.toHaveProperty('firstTokenAt');
  });

  it('hands on what the model said, of the attempt that succeeded only, to whoever asks', async () => {
    const { clock, client, runtime } = lab((attempt) => ({
      after: 10,
      events: [
        { type: 'headers', status: 200, rateLimit: undefined },
        { type: 'delta', channel: 'content', text: `answer ${attempt}` },
        ...(attempt === 0 ? [] : [{ type: 'finish', reason: 'stop' } as const]),
      ],
    }));
    const answers: unknown[] = [];
    await clock.run(() =>
      issue(
        { index: 7, scheduledAt: 0 },
        {
          clock,
          client,
          signal: runtime.stop.signal,
          retry: { name: 'once', description: '', decide: () => ({ retry: answers.length === 0, delay: 5 }) },
          attemptTimeout: 1000,
          level: 1,
          phase: 'measure',
          prepare: () => ({ call: { messages: [], maxTokens: 8, stream: true }, rng: runtime.rng }),
          headers: () => undefined,
          onAttempt: () => true,
          onAnswer: (answer, slot) => answers.push([slot.index, answer]),
        },
      ),
    );
    expect(answers).toEqual([[7, { text: 'answer 1' }]]);
  });

  it('cancels what is in flight or waiting when the run is stopped', async () => {
    for (const script of [
      (): Step => 'hang',
      (): Step => ({ after: 10, fail: { ...limited, retryAfter: 50_000 } }),
    ]) {
      const bench = lab(script);
      bench.clock.schedule(1000, () =>
        bench.runtime.stop.abort(new BenchError(EXIT.interrupted, 'interrupted')),
      );
      expect(await run(bench)).toMatchObject({ outcome: 'cancelled', endedAt: 1000 });
    }
  });

  it('ends the run at once where every request would fail alike', async () => {
    for (const kind of ['unauthorized', 'unreachable', 'quota', 'rejected'] as const) {
      const bench = lab(() => ({ after: 10, fail: { kind, message: 'no' } }), { requests: 50 });
      await run(bench);
      expect(bench.client.attempts(), kind).toBe(1);
      expect(bench.runtime.stop.reason).toMatchObject({ exitCode: EXIT.target });
    }
  });

  it('goes on after a refusal once the endpoint has proved itself', async () => {
    const bench = lab(
      (attempt) =>
        attempt === 1 ? { after: 10, fail: { kind: 'rejected', message: 'no', status: 400 } } : { after: 10 },
      {
        requests: 5,
      },
    );
    await run(bench);
    expect(bench.records.map(({ outcome }) => outcome)).toEqual(['ok', 'failed', 'ok', 'ok', 'ok']);
  });
});
