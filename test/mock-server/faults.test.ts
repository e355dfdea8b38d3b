import { describe, expect, test } from 'vitest';
import { chat, EXACT, lab, message } from './lab.ts';

const attempt = async (fault: string, stream: boolean, more: object = {}, send = message) => {
  const { clock, fetch, engine } = lab({ ...EXACT, faults: [{ kind: fault as 'hang', ...more }] });
  const seen = await clock.run(async () => {
    try {
      const response = await send(fetch, { stream, label: 'a/0/0' });
      try {
        return { status: response.status, text: await response.text() };
      } catch (error) {
        return { status: response.status, broken: String(error) };
      }
    } catch (error) {
      return { broken: String(error) };
    }
  });
  const [entry] = engine.ledger.entries();
  return { ...seen, took: clock.now(), outcome: entry?.outcome, fault: entry?.fault };
};

describe('streams', () => {
  test.each([
    ['reset', { broken: 'TypeError: terminated', outcome: 'faulted' }],
    ['truncate', { outcome: 'faulted', took: 150 }],
    ['garbage', { outcome: 'faulted', took: 150 }],
    ['error', { outcome: 'faulted', took: 150, text: expect.stringContaining('event: error') }],
    ['drip', { outcome: 'ok', took: 1900 }],
    ['duplicate', { outcome: 'ok', took: 190 }],
    ['late-done', { outcome: 'ok', took: 240 }],
    ['late-end', { outcome: 'ok', took: 240 }],
    ['close-early', { outcome: 'ok', took: 190 }],
  ])('%s', async (fault, expected) => {
    const seen = await attempt(fault, true);
    expect(seen).toMatchObject({ status: 200, fault, ...expected });
    if (seen.outcome === 'faulted') expect(seen.text ?? '').not.toContain('message_stop');
  });

  test.each(['hang', 'stall'])('%s for a while', async (fault) => {
    expect(await attempt(fault, true, { lasting: '5s' })).toMatchObject({
      status: 200,
      took: 5190,
      outcome: 'ok',
    });
  });

  test('a duplicate is one chunk sent twice', async () => {
    const { text = '' } = await attempt('duplicate', true, {}, chat);
    const chunks = [...text.matchAll(/"delta":\{"content":"([^"]*)"\}/g)].map((match) => match[1]);
    expect(chunks).toHaveLength(11);
    expect(chunks[5]).toBe(chunks[6]);
  });
});

describe('whole answers', () => {
  test.each([
    ['reset', { broken: 'TypeError: fetch failed', outcome: 'faulted' }],
    ['truncate', { status: 200, outcome: 'faulted' }],
    ['garbage', { status: 200, outcome: 'faulted' }],
    ['error', { status: 500, outcome: 'faulted' }],
    ['status', { status: 500, outcome: 'failed' }],
    ['drip', { status: 200, outcome: 'ok', took: 1900 }],
  ])('%s', async (fault, expected) => {
    const seen = await attempt(fault, false);
    expect(seen).toMatchObject({ fault, ...expected });
    if (fault === 'truncate' || fault === 'garbage') expect(() => JSON.parse(seen.text ?? '')).toThrow();
  });
});

describe('a client that gives up on', () => {
  test.each([
    ['hang', true],
    ['hang', false],
    ['stall', true],
    ['stall', false],
  ])('%s (stream %s) finds the attempt in the ledger', async (fault, stream) => {
    const { clock, fetch, engine } = lab({ ...EXACT, faults: [{ kind: fault as 'hang' }] });
    await clock.run(async () => {
      const controller = new AbortController();
      clock.schedule(10_000, () => controller.abort());
      const answered = chat(fetch, { stream }, controller.signal).then((response) => response.text());
      await expect(answered).rejects.toThrow('aborted');
    });
    expect(engine.ledger.totals()).toMatchObject({ attempts: 1, faulted: 1 });
    expect(engine.state().active).toBe(0);
  });
});

describe('rules', () => {
  const struck = async (rule: object, calls: number, attemptNumber = 0) => {
    const { clock, fetch, engine } = lab({ ...EXACT, faults: [{ kind: 'status', ...rule }] });
    await clock.run(async () => {
      for (let index = 0; index < calls; index++) await chat(fetch, { label: `a/${index}/${attemptNumber}` });
    });
    return [...engine.ledger.entries()].filter((entry) => entry.fault).map((entry) => entry.index);
  };

  test('strike on schedule', async () => {
    expect(await struck({ every: 3 }, 7)).toEqual([2, 5]);
    expect(await struck({ indices: [1, 4] }, 6)).toEqual([1, 4]);
    expect(await struck({ from: '190ms', until: '400ms' }, 6)).toEqual([1, 2, 3]);
    expect(await struck({ until: '160ms' }, 6)).toEqual([0, 1]);
  });

  test('strike by chance within a schedule', async () => {
    const seen = await struck({ rate: 0.5, every: 2 }, 200);
    expect(seen.every((index) => index % 2 === 1)).toBe(true);
    expect(seen.length).toBeGreaterThan(30);
    expect(seen.length).toBeLessThan(70);
  });

  test('strike by chance, the same attempts in every run, others for another attempt', async () => {
    const first = await struck({ rate: 0.3 }, 100);
    expect(first.length).toBeGreaterThan(15);
    expect(first.length).toBeLessThan(45);
    expect(await struck({ rate: 0.3 }, 100)).toEqual(first);
    expect(await struck({ rate: 0.3 }, 100, 1)).not.toEqual(first);
  });

  test('episodes cluster refusals', async () => {
    const { clock, fetch, engine } = lab({ ...EXACT, overload: { every: '10s', lasting: '5s' } });
    await clock.run(async () => {
      for (let index = 0; index < 600; index++) await message(fetch);
    });
    const outcomes = [...engine.ledger.entries()].map((entry) => entry.decision === 'overloaded');
    const share = outcomes.filter(Boolean).length / 600;
    const switches = outcomes.filter((hit, index) => index > 0 && hit !== outcomes[index - 1]).length;
    expect(share).toBeGreaterThan(0.1);
    expect(switches).toBeLessThan(60);
    const statusOf = () =>
      [...engine.ledger.entries()].findLast((entry) => entry.decision === 'overloaded')?.status;
    expect(statusOf()).toBe(529);
    await clock.run(async () => {
      for (let index = 0; index < 200; index++) await chat(fetch);
    });
    expect(statusOf()).toBe(503);
  });
});
