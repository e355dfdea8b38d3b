import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { DeadlineError, deadline } from '../../src/core/abort.ts';
import { sleep } from '../../src/core/clock.ts';
import { VirtualClock } from '../../src/core/virtual-clock.ts';

const never = () => new AbortController().signal;

describe('deadline', () => {
  it('aborts with a DeadlineError after its duration, in virtual time', async () => {
    const clock = new VirtualClock();
    const reason = await clock.run(async () => {
      await sleep(clock, 100);
      const { signal } = deadline(clock, 300, never());
      return sleep(clock, 1e6, signal).catch((error: unknown) => error);
    });
    expect(reason).toBeInstanceOf(DeadlineError);
    expect(reason).toMatchObject({ message: 'no complete answer within 300 ms' });
    expect(clock.now()).toBe(400);
  });

  it('aborts with its parent, with the reason of the parent and not its own', async () => {
    const clock = new VirtualClock();
    const parent = new AbortController();
    const stop = new Error('Ctrl-C');
    clock.schedule(20, () => parent.abort(stop));
    const { signal } = deadline(clock, 300, parent.signal);
    await clock.run(() => sleep(clock, 1e6, signal).catch(() => sleep(clock, 1000)));
    expect(signal.reason).toBe(stop);
    expect(clock.now()).toBe(1020);
  });

  it('has aborted from the start if its parent has', async () => {
    const clock = new VirtualClock();
    const stop = new Error('Ctrl-C');
    const { signal } = deadline(clock, 300, AbortSignal.abort(stop));
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBe(stop);
    await expect(clock.run(() => new Promise(() => {}))).rejects.toMatchObject({ at: 0 });
  });

  it('leaves neither a timer nor a listener behind when it is cancelled', async () => {
    const clock = new VirtualClock();
    const parent = new AbortController();
    const { signal, cancel } = deadline(clock, 300, parent.signal);
    expect(getEventListeners(parent.signal, 'abort')).toHaveLength(1);
    cancel();
    cancel();
    expect(getEventListeners(parent.signal, 'abort')).toEqual([]);
    // With a timer left, the run would go on to 300 before it noticed the deadlock.
    await expect(clock.run(() => new Promise(() => {}))).rejects.toMatchObject({ at: 0 });
    parent.abort();
    expect(signal.aborted).toBe(false);
  });

  it('leaves no listener behind when it fires', async () => {
    const clock = new VirtualClock();
    const parent = new AbortController();
    deadline(clock, 300, parent.signal);
    await clock.run(() => sleep(clock, 301));
    expect(getEventListeners(parent.signal, 'abort')).toEqual([]);
  });

  it('leaves no timer behind when its parent aborts', async () => {
    const clock = new VirtualClock();
    const parent = new AbortController();
    deadline(clock, 300, parent.signal);
    parent.abort();
    await expect(clock.run(() => new Promise(() => {}))).rejects.toMatchObject({ at: 0 });
  });
});
