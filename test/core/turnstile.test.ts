import { expect, it } from 'vitest';
import { openTurnstile, turnstile } from '../../src/core/turnstile.ts';

it('lets one caller through per turn of the event loop, in order', async () => {
  const { start: pass } = turnstile();
  const seen: string[] = [];
  const caller = async (name: string) => {
    await pass();
    seen.push(`${name} starts`);
    await Promise.resolve(); // whatever it sets in motion at once …
    await Promise.resolve();
    seen.push(`${name} has left`); // … is done before the next one starts
  };
  await Promise.all(['a', 'b', 'c'].map(caller));
  expect(seen).toEqual(['a starts', 'a has left', 'b starts', 'b has left', 'c starts', 'c has left']);
});

it('opens again after it was empty', async () => {
  const { start: pass } = turnstile();
  await pass();
  await pass();
  await Promise.all([pass(), pass()]);
});

it('is no turnstile in virtual time', async () => {
  const seen: string[] = [];
  const caller = async (name: string) => {
    await openTurnstile.start();
    seen.push(`${name} starts`);
    await Promise.resolve();
    seen.push(`${name} has left`);
  };
  await Promise.all(['a', 'b'].map(caller));
  expect(seen).toEqual(['a starts', 'b starts', 'a has left', 'b has left']);
});

it('does what was put off after the starts that are waiting, before it says that it is done', async () => {
  const { start, after, done } = turnstile();
  const seen: string[] = [];
  const caller = async (name: string) => {
    await start();
    seen.push(name);
  };
  after(() => seen.push('record'));
  await Promise.all([caller('a'), caller('b')]);
  await done();
  expect(seen).toEqual(['a', 'b', 'record']);
});

it('does what was put off though starts never cease', async () => {
  const { start, after, done } = turnstile();
  let putOff = 0;
  let most = 0;
  let left = 2000;
  const worker = async () => {
    while (left-- > 0) {
      await start();
      most = Math.max(most, ++putOff);
      after(() => putOff--);
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  expect(most).toBeGreaterThan(3);
  expect(most).toBeLessThan(100);
  await done();
  expect(putOff).toBe(0);
});
