import { describe, expect, it } from 'vitest';
import { sleep, sleepUntil } from '../../src/core/clock.ts';
import { VirtualClock, VirtualDeadlockError } from '../../src/core/virtual-clock.ts';

describe('VirtualClock', () => {
  it('fires in order of deadlines and jumps between them', async () => {
    const clock = new VirtualClock();
    const fired: string[] = [];
    await clock.run(async () => {
      for (const at of [300, 100, 1e9, 200]) clock.schedule(at, () => fired.push(`${at}@${clock.now()}`));
      await sleepUntil(clock, 2e9);
    });
    expect(fired).toEqual(['100@100', '200@200', '300@300', '1000000000@1000000000']);
  });

  it('fires ties in the order they were set, also among hundreds', async () => {
    const clock = new VirtualClock();
    const fired: number[] = [];
    const order = Array.from({ length: 500 }, (_, i) => i);
    await clock.run(async () => {
      for (const i of order) clock.schedule(7, () => fired.push(i));
      await sleepUntil(clock, 8);
    });
    expect(fired).toEqual(order);
  });

  it('fires at once, and not in the past, what was set for an instant that has passed', async () => {
    const clock = new VirtualClock();
    const fired: number[] = [];
    await clock.run(async () => {
      await sleepUntil(clock, 50);
      clock.schedule(10, () => fired.push(clock.now()));
      await sleepUntil(clock, 51);
    });
    expect(fired).toEqual([50]);
  });

  it('lets everything that one timer set in motion settle before the next fires', async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    const deep = async (depth: number): Promise<void> => {
      if (depth > 0) return deep(depth - 1).then(() => Promise.resolve());
    };
    await clock.run(async () => {
      const work = async (name: string) => {
        await sleep(clock, 1);
        seen.push(`${name} wakes`);
        await deep(1000);
        seen.push(`${name} is done at ${clock.now()}`);
      };
      await Promise.all([work('a'), work('b')]);
    });
    expect(seen).toEqual(['a wakes', 'a is done at 1', 'b wakes', 'b is done at 1']);
  });

  it('lets streams settle too, which hop through the event loop', async () => {
    const clock = new VirtualClock();
    const read = await clock.run(async () => {
      const stream = new ReadableStream<string>({
        async pull(controller) {
          await sleep(clock, 10);
          if (clock.now() > 30) controller.close();
          else controller.enqueue(`${clock.now()}`);
        },
      });
      const chunks: string[] = [];
      for await (const chunk of stream.pipeThrough(new TextEncoderStream()))
        chunks.push(new TextDecoder().decode(chunk));
      return chunks;
    });
    expect(read).toEqual(['10', '20', '30']);
    expect(clock.now()).toBe(40);
  });

  it('does not fire what was cancelled, and does not stop there', async () => {
    const clock = new VirtualClock();
    const fired: string[] = [];
    await clock.run(async () => {
      const cancel = clock.schedule(500, () => fired.push('cancelled'));
      clock.schedule(10, () => fired.push('kept'));
      await sleep(clock, 20);
      cancel();
      cancel();
    });
    expect(fired).toEqual(['kept']);
    expect(clock.now()).toBe(20);
  });

  it('ends when `main` ends, and leaves later timers alone', async () => {
    const clock = new VirtualClock();
    let fired = false;
    clock.schedule(1000, () => {
      fired = true;
    });
    expect(await clock.run(() => sleep(clock, 5).then(() => 'done'))).toBe('done');
    expect(clock.now()).toBe(5);
    expect(fired).toBe(false);
  });

  it('goes on from where an earlier run ended', async () => {
    const clock = new VirtualClock();
    await clock.run(() => sleep(clock, 5));
    await clock.run(() => sleep(clock, 5));
    expect(clock.now()).toBe(10);
  });

  it('calls a wait that nothing will end a deadlock, with its instant', async () => {
    const clock = new VirtualClock();
    const stuck = clock.run(async () => {
      await sleep(clock, 42);
      await new Promise(() => {});
    });
    const error = await stuck.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(VirtualDeadlockError);
    expect(error).toMatchObject({ at: 42, name: 'VirtualDeadlockError' });
  });

  it('says in a deadlock what is still open', async () => {
    const clock = new VirtualClock();
    const stuck = clock.run(
      () => new Promise(() => {}),
      () => 'the letter',
    );
    await expect(stuck).rejects.toThrow(
      'virtual deadlock at 0 ms: nothing is scheduled and the run has not finished; pending: the letter',
    );
  });

  it('counts a cancelled timer as none when it looks for a deadlock', async () => {
    const clock = new VirtualClock();
    clock.schedule(99, () => {})();
    await expect(clock.run(() => new Promise(() => {}))).rejects.toMatchObject({ at: 0 });
  });

  it('passes on the error of `main`, also of one that fails at once', async () => {
    const clock = new VirtualClock();
    await expect(
      clock.run(() => sleep(clock, 3).then(() => Promise.reject(new Error('late')))),
    ).rejects.toThrow('late');
    await expect(clock.run(() => Promise.reject(new Error('at once')))).rejects.toThrow('at once');
  });

  it('passes on what a timer throws', async () => {
    const clock = new VirtualClock();
    clock.schedule(1, () => {
      throw new Error('in a timer');
    });
    await expect(clock.run(() => sleep(clock, 5))).rejects.toThrow('in a timer');
  });

  it('begins at 0 and keeps its epoch', () => {
    expect(new VirtualClock().now()).toBe(0);
    expect(new VirtualClock().epoch).toBe(0);
    expect(new VirtualClock(1234).epoch).toBe(1234);
  });
});

it('stands still while real work is done aside', async () => {
  const clock = new VirtualClock();
  const { readFile } = await import('node:fs/promises');
  await clock.run(async () => {
    const other = sleep(clock, 50).then(() => clock.now());
    const text = await clock.aside(() => readFile(new URL(import.meta.url), 'utf8'));
    expect(text.length).toBeGreaterThan(0);
    expect(clock.now()).toBe(0);
    expect(await other).toBe(50);
  });
});

it('passes on what goes wrong aside, and goes on', async () => {
  const clock = new VirtualClock();
  await clock.run(async () => {
    const failing = clock.aside(() => Promise.reject(new Error('disk')));
    await expect(failing).rejects.toThrow('disk');
    await sleep(clock, 10);
  });
  expect(clock.now()).toBe(10);
});

it('refuses a deadline that is no number, and never fires an infinite one', async () => {
  const clock = new VirtualClock();
  expect(() => clock.schedule(Number.NaN, () => {})).toThrow(RangeError);
  clock.schedule(Number.POSITIVE_INFINITY, () => expect.unreachable());
  await clock.run(() => sleep(clock, 5));
  expect(clock.now()).toBe(5);
});

it('drops cancelled timers once they are many, and keeps the order of the others', async () => {
  const clock = new VirtualClock();
  const fired: number[] = [];
  const cancels = Array.from({ length: 5000 }, (_, i) => clock.schedule(1e9 + i, () => fired.push(i)));
  for (const [i, cancel] of cancels.entries()) if (i % 1000 !== 0) cancel();
  for (const cancel of cancels.slice(1, 10)) cancel(); // twice is harmless
  await clock.run(() => sleep(clock, 2e9));
  expect(fired).toEqual([0, 1000, 2000, 3000, 4000]);
});
