import { describe, expect, test } from 'vitest';
import { chat, EXACT, lab, message } from './lab.ts';

describe('time', () => {
  test('a whole answer takes as long as the stream would', async () => {
    const { clock, fetch } = lab(EXACT);
    const times = await clock.run(async () => {
      const started = clock.now();
      await (await chat(fetch)).text();
      const whole = clock.now();
      await (await chat(fetch, { stream: true })).text();
      return [whole - started, clock.now() - whole];
    });
    expect(times).toEqual([190, 190]);
  });

  test('headers leave before the first token, tokens at their absolute deadlines', async () => {
    const { clock, fetch } = lab(EXACT);
    const seen: number[] = [];
    await clock.run(async () => {
      const response = await chat(fetch, { stream: true });
      seen.push(clock.now());
      const reader = response.body?.getReader();
      for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read())
        seen.push(clock.now());
    });
    expect(seen).toEqual([80, 80, 100, 110, 120, 130, 140, 150, 160, 170, 180, 190]);
  });

  test('the exact latency of an override needs neither limits nor ledger', async () => {
    const { clock, fetch, engine } = lab({ ...EXACT, limits: { requestsPerMinute: 1 } });
    await clock.run(async () => {
      for (let call = 0; call < 3; call++) {
        const override = { latencyMs: 0, limits: false, ledger: false };
        expect((await chat(fetch, { override })).status).toBe(200);
      }
    });
    expect(clock.now()).toBe(0);
    expect(engine.ledger.summary()).toEqual({ tags: {} });
    expect(engine.state().fullInMs).toBe(0);
  });

  test('g1 takes 3.84 s on average, whatever its order, tag or attempt', async () => {
    const { namedProfileInput } = await import('../../mock-server/profiles/index.ts');
    const times = async (labels: readonly string[]) => {
      const { clock, fetch, engine } = lab({ ...namedProfileInput('g1'), limits: undefined });
      await clock.run(() => Promise.all(labels.map((label) => message(fetch, { label }))));
      return new Map([...engine.ledger.entries()].map((entry) => [entry.index, entry.endedAt]));
    };
    const indices = Array.from({ length: 500 }, (_, index) => index);
    const forward = await times(indices.map((index) => `20/${index}/0`));
    const backward = await times(indices.toReversed().map((index) => `30/${index}/2`));
    expect([...backward].sort()).toEqual([...forward].sort());
    const mean = [...forward.values()].reduce((sum, each) => sum + each, 0) / 500;
    expect(mean).toBeGreaterThan(3700);
    expect(mean).toBeLessThan(3980);
  });

  test('load stretches what is left of every answer', async () => {
    const { clock, fetch } = lab({ ...EXACT, latency: '100ms', load: { factor: 3, at: 2 } });
    const ends = await clock.run(async () => {
      const first = message(fetch).then(() => clock.now());
      const second = message(fetch).then(() => clock.now());
      return Promise.all([first, second]);
    });
    expect(ends).toEqual([300, 300]);
  });

  test('above a threshold each further request slows everyone by another share', async () => {
    const load = { factor: 2, at: 2, thrash: { above: 2, slowdown: 0.5 } };
    const { clock, fetch } = lab({ ...EXACT, latency: '100ms', load });
    const lasting = async (calls: number) => {
      const startedAt = clock.now();
      await clock.run(() => Promise.all(Array.from({ length: calls }, () => message(fetch))));
      return clock.now() - startedAt;
    };
    expect([await lasting(1), await lasting(2), await lasting(4)]).toEqual([100, 200, 400 * 2]);
  });

  test('requests beyond the slots wait their turn, beyond the places they are refused', async () => {
    const { clock, fetch, engine } = lab({
      ...EXACT,
      latency: '100ms',
      rejectLatency: '5ms',
      queue: { slots: 1, waiting: 2, fullStatus: 503 },
    });
    const ends = await clock.run(() =>
      Promise.all(
        [0, 1, 2, 3].map(async () => {
          const { status } = await chat(fetch);
          return [status, clock.now()];
        }),
      ),
    );
    expect(ends).toEqual([
      [200, 100],
      [200, 200],
      [200, 300],
      [503, 5],
    ]);
    expect(engine.state()).toMatchObject({ active: 0, queued: 0 });
  });
});

describe('ledger', () => {
  test('counts attempts by tag and outcome', async () => {
    const { clock, fetch, engine } = lab({
      ...EXACT,
      limits: { requestsPerMinute: { limit: 60, burst: 2 } },
    });
    await clock.run(async () => {
      const calls = [0, 1, 2].map((index) => chat(fetch, { label: `20/${index}/0` }));
      await Promise.all(calls);
      await chat(fetch, { label: '20/3/0', override: { status: 500, limits: false } });
      await chat(fetch, { label: 'other/3/0', body: { messages: [] } });
    });
    const counts = { attempts: 4, ok: 2, rateLimited: 1, failed: 1, closedEarly: 0, faulted: 0 };
    expect(engine.ledger.summary().tags['20']).toEqual({ ...counts, latenessP99Ms: 0 });
    expect(engine.ledger.summary().tags['other']).toMatchObject({ attempts: 1, failed: 1 });
    const limited = [...engine.ledger.entries('20')].find((entry) => entry.outcome === 'rateLimited');
    expect(limited).toMatchObject({ decision: 'rate-limited', status: 429, levelsBefore: { requests: 0 } });
  });

  test('a client that leaves frees its slot and is charged what was produced', async () => {
    const { clock, fetch, engine } = lab({
      ...EXACT,
      queue: { slots: 1 },
      limits: { outputTokensPerMinute: 60_000 },
    });
    await clock.run(async () => {
      const controller = new AbortController();
      clock.schedule(145, () => controller.abort());
      const response = await chat(fetch, { stream: true, label: 'a/0/0' }, controller.signal);
      await expect(response.text()).rejects.toThrow();
      expect([...engine.ledger.entries()][0]).toMatchObject({
        outcome: 'closedEarly',
        outputTokens: 5,
        endedAt: 145,
      });
      expect((await chat(fetch)).status).toBe(200);
    });
  });

  test('reset empties it and fills the buckets', async () => {
    const { clock, fetch, engine } = lab({ ...EXACT, limits: { requestsPerMinute: 60 } });
    await clock.run(async () => {
      await chat(fetch);
      expect(engine.state().fullInMs).toBeCloseTo(810);
      await fetch('http://mock/__bench/reset', { method: 'POST' });
    });
    expect(engine.state()).toMatchObject({ fullInMs: 0, lateness: { count: 0 } });
    expect(engine.ledger.totals().attempts).toBe(0);
  });
});

describe('output', () => {
  test('is cut at the token limit, with usage to match', async () => {
    const { clock, fetch } = lab(EXACT);
    const body = await clock.run(async () => (await chat(fetch, { maxTokens: 4 })).json());
    expect(body).toMatchObject({
      choices: [{ finish_reason: 'length' }],
      usage: { prompt_tokens: 1, completion_tokens: 4, total_tokens: 5 },
    });
  });

  test('is the same text streamed or whole, for the same index', async () => {
    const { clock, fetch } = lab(EXACT);
    const [whole, streamed] = await clock.run(async () => {
      const json = (await (await chat(fetch, { label: 'a/7/0' })).json()) as {
        choices: [{ message: { content: string } }];
      };
      const text = await (await chat(fetch, { label: 'b/7/1', stream: true })).text();
      const deltas = [...text.matchAll(/"delta":\{"content":("(?:[^"\\]|\\.)*")\}/g)].map((match) =>
        JSON.parse(match[1] ?? '""'),
      );
      return [json.choices[0].message.content, deltas.join('')];
    });
    expect(streamed).toBe(whole);
    expect(whole.split(' ')).toHaveLength(10);
  });
});
