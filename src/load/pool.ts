import type { Driver } from './driver.ts';

/** A fixed pool of `level` workers over the work: each takes the next item when its last one is done. Memory in O(level). */
export const pool = (level: number): Driver => ({
  name: 'pool',
  async run({ claim, issue }) {
    const worker = async () => {
      for (;;) {
        const claimed = claim();
        const slot = claimed instanceof Promise ? await claimed : claimed;
        if (!slot) return;
        await issue(slot);
      }
    };
    await Promise.all(Array.from({ length: level }, worker));
  },
});
