import pLimit from 'p-limit';
import type { Driver } from './driver.ts';

/**
 * What most applications do: every call behind one `p-limit`. Exactly `level` requests are in flight while work is left.
 * Turns are queued only one level ahead and claim their slot when they run, so memory stays in O(level) however long the
 * batch is, and a slot's scheduled time is the instant at which it became free.
 */
export const semaphore = (level: number): Driver => ({
  name: 'semaphore',
  async run({ claim, issue }) {
    const limit = pLimit(level);
    let exhausted = false;
    let bug: { readonly error: unknown } | undefined;
    let open = 0;
    let onTurnEnd = () => {};
    const turn = async () => {
      try {
        const claimed = claim();
        const slot = claimed instanceof Promise ? await claimed : claimed;
        if (slot) await issue(slot);
        else exhausted = true;
      } catch (error) {
        bug ??= { error };
        exhausted = true;
      } finally {
        open--;
        onTurnEnd();
      }
    };
    while (!exhausted || open > 0) {
      for (; !exhausted && open < 2 * level; open++) void limit(turn);
      await new Promise<void>((resolve) => {
        onTurnEnd = resolve;
      });
    }
    if (bug) throw bug.error;
  },
});
