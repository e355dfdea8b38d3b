import { describe, expect, it } from 'vitest';
import type { Client } from '../../src/client/client.ts';
import { RequestError } from '../../src/core/errors.ts';
import { measureOverhead } from '../../src/run/overhead.ts';

/** A client that answers at once and counts who asked. */
const instant = (failAt = Number.POSITIVE_INFINITY) => {
  const seen = { calls: 0, open: 0, maxOpen: 0, headers: new Set<string>() };
  const client: Client = {
    name: 'instant',
    async *send(_call, { headers }) {
      seen.calls++;
      seen.headers.add(JSON.stringify(headers));
      seen.maxOpen = Math.max(seen.maxOpen, ++seen.open);
      await Promise.resolve();
      seen.open--;
      if (seen.calls > failAt) throw new RequestError({ kind: 'server', message: 'broken' });
      yield { type: 'finish', reason: 'stop' };
    },
  };
  return { client, seen };
};

const calibration = (client: Client) => ({
  client,
  call: { messages: [], maxTokens: 1, stream: false },
  headers: { 'x-calibrate': '1' },
  signal: new AbortController().signal,
});

describe('the harness overhead', () => {
  it('is the time of a call that is answered at once', async () => {
    const { client, seen } = instant();
    const { perCallRealMs, calls } = await measureOverhead(calibration(client), 5);
    expect(perCallRealMs).toBeGreaterThan(0);
    expect(perCallRealMs).toBeLessThan(5);
    expect(calls).toBe(200);
    expect(seen.headers).toEqual(new Set(['{"x-calibrate":"1"}']));
  });

  it('is measured after a warm-up with the whole level in flight, and then one call at a time', async () => {
    const { client, seen } = instant();
    await measureOverhead(calibration(client), 30);
    expect(seen.maxOpen).toBe(30);
    expect(seen.calls).toBeGreaterThanOrEqual(800 + 200 + 200);
    expect(seen.calls).toBeLessThanOrEqual(800 + 200 + 200 + 10);
  });

  it('is not measured on calls that fail, in the warm-up or later', async () => {
    for (const failAt of [0, 100, 900]) {
      const { client } = instant(failAt);
      await expect(measureOverhead(calibration(client), 2)).rejects.toMatchObject({ message: 'broken' });
    }
  });
});
