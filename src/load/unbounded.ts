import type { Driver } from './driver.ts';

/**
 * What a bare gather does: everything at once, without a limit. Its level is the size of the batch, and it takes memory for
 * all of it.
 */
export const unbounded = (): Driver => ({
  name: 'unbounded',
  async run({ claim, issue }) {
    const open: Promise<unknown>[] = [];
    for (;;) {
      const claimed = claim();
      const slot = claimed instanceof Promise ? await claimed : claimed;
      if (!slot) break;
      open.push(issue(slot));
    }
    await Promise.all(open);
  },
});
