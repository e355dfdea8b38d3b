import { defineScenario } from '../src/workload/scenario.ts';

/** G1, pitfalls: more items than can be promises at once. With `--limiter pool`, memory depends on the level alone. */
export const queue100k = defineScenario({
  name: 'queue-100k',
  description: '100,000 short items through a bounded pool in constant memory (guide G1: pitfalls)',
  requests: 100_000,
  call: (index) => ({
    messages: [{ role: 'user', content: `Tag item ${index} with one word.` }],
    maxTokens: 16,
    stream: false,
  }),
});
