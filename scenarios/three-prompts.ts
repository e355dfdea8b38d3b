import { defineScenario } from '../src/workload/scenario.ts';

const PROMPTS = [
  'Explain in two sentences what an event loop does.',
  'Name three differences between a thread and a coroutine.',
  'Write a haiku about waiting for a slow server.',
] as const;

/** G2 and G3, first example: three prompts, one after the other or all at once. */
export const threePrompts = defineScenario({
  name: 'three-prompts',
  description:
    'three prompts, sequentially or at once (guides G2, G3: the total is the slowest, not the sum)',
  requests: PROMPTS.length,
  call: (index) => ({
    messages: [{ role: 'user', content: PROMPTS[index % PROMPTS.length] ?? PROMPTS[0] }],
    maxTokens: 256,
    stream: false,
  }),
});
