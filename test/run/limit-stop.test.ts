import { describe, expect, it } from 'vitest';
import { LimitStop } from '../../src/run/limit-stop.ts';
import { attempt, request } from '../support/record-fixtures.ts';

/** A call each 50 ms, answered at once, against so many in each ten seconds; a refused one comes again when the next begin. */
const calls = (perWindow: number, count: number) => {
  let at = 0;
  return Array.from({ length: count }, (_, i) => {
    const inWindow = i % perWindow;
    if (inWindow === 0 && i > 0) at = Math.ceil(at / 10_000) * 10_000;
    const from = at;
    at += 50;
    const isNext = inWindow === 0 && i > 0;
    const refused = isNext ? [attempt(from - 3000, from - 2990, 'rate-limited')] : [];
    return request([...refused, attempt(from, from + 10)]);
  });
};

/** After how many requests it has seen enough. */
const reachedAfter = (records: ReturnType<typeof calls>, usual: number): number | undefined => {
  const stop = new LimitStop(8, usual);
  const index = records.findIndex((record) => {
    stop.add(record);
    return stop.reached;
  });
  return index < 0 ? undefined : index + 1;
};

describe('a level that is pressed until it has shown its limit', () => {
  it('has after as many requests as usual, where calls are refused now and then', () => {
    const records = Array.from({ length: 200 }, (_, i) =>
      request([
        ...(i % 4 === 0 ? [attempt(i * 100 - 90, i * 100 - 80, 'rate-limited')] : []),
        attempt(i * 100, i * 100 + 10),
      ]),
    );
    expect(reachedAfter(records, 100)).toBe(100);
  });

  it('goes on to the second silence of a limit that counts by windows', () => {
    const found = reachedAfter(calls(120, 600), 150) ?? 0;
    expect(found).toBeGreaterThan(240);
    expect(found).toBeLessThan(290);
  });

  it('does not end just after a silence of seconds, before it shows whether that was a window’s', () => {
    const found = reachedAfter(calls(80, 600), 85) ?? 0;
    expect(found).toBeGreaterThan(160);
    expect(found).toBeLessThan(200);
  });

  it('goes on for as many again where nothing is refused', () => {
    expect(reachedAfter(calls(1000, 600), 150)).toBeGreaterThanOrEqual(300);
    expect(reachedAfter(calls(1000, 600), 150)).toBeLessThan(320);
  });

  it('stays reached', () => {
    const stop = new LimitStop(8, 1);
    for (const record of calls(2, 40)) stop.add(record);
    const first = stop.reached;
    stop.add(request([attempt(0, 1)]));
    expect(stop.reached).toBe(first);
  });
});
