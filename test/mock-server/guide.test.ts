import { expect, test } from 'vitest';
import { askEngine, type DirectEvent } from '../../mock-server/carriers/direct.ts';
import { NO_OVERRIDE } from '../../mock-server/engine/override.ts';
import { namedProfileInput } from '../../mock-server/profiles/index.ts';
import { sleep } from '../../src/core/clock.ts';
import { lab } from './lab.ts';

/** 500 calls by `users` users who wait exactly as long as they are told to; minutes of model time, and the share of refused attempts. */
const guideRun = async (users: number) => {
  const { clock, engine } = lab(namedProfileInput('g1'));
  const reading = { model: 'claude', stream: false, inputTokens: 20, maxTokens: 50, thinkingShown: true };
  const place = { tag: '', endpoint: 'messages', key: 'k', override: NO_OVERRIDE, requestId: '', reading };
  const ask = (index: number, attempt: number): Promise<DirectEvent> =>
    new Promise((resolve) => {
      askEngine(engine, { ...place, index, attempt }, (event) => {
        if (event.type === 'finished' || event.type === 'refused') resolve(event);
      });
    });
  let next = 0;
  const user = async () => {
    while (next < 500) {
      const index = next++;
      for (let attempt = 0; ; attempt++) {
        const event = await ask(index, attempt);
        if (event.type === 'finished') break;
        if (event.type === 'refused') await sleep(clock, event.retryAfter ?? 1000);
      }
    }
  };
  await clock.run(() => Promise.all(Array.from({ length: users }, user)));
  const { attempts, rateLimited } = engine.ledger.totals();
  return { minutes: clock.now() / 60_000, refused: rateLimited / attempts };
};

test('the guide’s table follows from g1: 32 min, 6.4, 3.2, 1.6, and 429s with 30 at once', async () => {
  const [one, five, ten, twenty, thirty] = await Promise.all([1, 5, 10, 20, 30].map(guideRun));
  for (const [run, minutes] of [
    [one, 32],
    [five, 6.4],
    [ten, 3.2],
    [twenty, 1.6],
  ] as const) {
    expect((run?.minutes ?? 0) / minutes).toBeGreaterThan(0.93);
    expect((run?.minutes ?? 0) / minutes).toBeLessThan(1.1);
    expect(run?.refused).toBe(0);
  }
  expect(thirty?.minutes).toBeLessThan(twenty?.minutes ?? 0);
  expect(thirty?.refused).toBeGreaterThan(0.02);
});
