import { expect, test } from 'vitest';
import { Lateness } from '../../mock-server/engine/lateness.ts';
import { Ledger } from '../../mock-server/engine/ledger.ts';
import type { LedgerDraft } from '../../mock-server/engine/ledger-entry.ts';
import { chat, EXACT, lab } from './lab.ts';

const draft = (index: number, level?: number): LedgerDraft => ({
  tag: 'a',
  index,
  attempt: 0,
  endpoint: 'chat',
  model: 'm',
  stream: false,
  retryCount: undefined,
  requestId: index.toString(16).padStart(32, '0'),
  outcome: 'ok',
  decision: 'admitted',
  status: 200,
  fault: undefined,
  arrivedAt: index,
  startedAt: index,
  plannedFirstAt: index,
  firstAt: index,
  plannedEndAt: index,
  endedAt: index,
  inputTokens: 1,
  cachedTokens: 0,
  thinkingTokens: 0,
  outputTokens: 1,
  before: [],
  after: level === undefined ? [] : [{ name: 'requests', limit: 60, period: 60_000, level, fullIn: 0 }],
});

test('keeps the last entries whole, with the levels of those that have any', () => {
  const ledger = new Ledger(5000);
  for (let index = 0; index < 20_000; index++) ledger.add(draft(index, index % 2 === 0 ? index : undefined));
  const kept = [...ledger.entries()];
  expect(kept.length).toBeGreaterThanOrEqual(5000);
  expect(kept.length).toBeLessThan(5000 + 4096);
  for (const { index, requestId, levelsAfter } of kept) {
    expect(Number.parseInt(requestId, 16)).toBe(index);
    expect(levelsAfter).toEqual(index % 2 === 0 ? { requests: index } : {});
  }
  ledger.reset();
  ledger.add(draft(3));
  expect([...ledger.entries()]).toMatchObject([{ index: 3, tag: 'a', levelsBefore: {}, levelsAfter: {} }]);
  expect(ledger.totals()).toMatchObject({ attempts: 1, ok: 1 });
});

test('tells for each tag how late it ended, in real time', () => {
  const ledger = new Ledger();
  for (let late = 0; late < 200; late++) ledger.add(draft(late), late);
  ledger.add({ ...draft(0), tag: 'b', outcome: 'closedEarly' });
  const { a, b } = ledger.summary().tags;
  expect(a?.latenessP99Ms).toBeGreaterThan(190);
  expect(a?.latenessP99Ms).toBeLessThanOrEqual(199);
  expect(b).toEqual({ attempts: 1, ok: 0, rateLimited: 0, failed: 0, closedEarly: 1, faulted: 0 });
});

test('answers and refusals that end as planned count, broken ones do not', async () => {
  const { clock, fetch, engine } = lab({ ...EXACT, keys: { limited: 'quota' } });
  await clock.run(async () => {
    await chat(fetch, { label: 'whole/0/0' });
    await (await chat(fetch, { label: 'stream/0/0', stream: true })).text();
    await chat(fetch, { label: 'refused/0/0', key: 'limited' });
    await chat(fetch, { label: 'truncated/0/0', override: { fault: 'truncate' } });
  });
  const { tags } = engine.ledger.summary();
  expect(
    Object.entries(tags).map(([tag, { latenessP99Ms }]) => [
      tag,
      latenessP99Ms === undefined ? undefined : Math.floor(latenessP99Ms),
    ]),
  ).toEqual([
    ['whole', 0],
    ['stream', 0],
    ['refused', 0],
    ['truncated', undefined],
  ]);
});

test('lateness of several processes adds up', () => {
  const [one, other, both, sum] = [new Lateness(), new Lateness(), new Lateness(), new Lateness()];
  for (let late = 0; late < 100; late++) {
    (late % 3 === 0 ? one : other).record(late / 7);
    both.record(late / 7);
  }
  for (const each of [one, other]) sum.include(structuredClone(each.report()));
  expect(sum.summary()).toEqual(both.summary());
  expect(sum.sum).toBeCloseTo(both.sum);
});
