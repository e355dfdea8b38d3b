import { createRng } from '../src/core/rng.ts';
import { defineScenario } from '../src/workload/scenario.ts';
import { textOfTokens } from '../src/workload/text.ts';

const MANUAL = 4000;

/** The same long prefix before every question, marked for the provider's prompt cache. */
export const sharedPrefix = defineScenario({
  name: 'shared-prefix',
  description: 'ask 300 questions about one manual of 4,000 tokens that the provider can cache',
  requests: 300,
  call: (index) => ({
    messages: [
      {
        role: 'system',
        content: `Answer from this manual.\n\n${textOfTokens(MANUAL, createRng(0).fork('manual'))}`,
        cache: true,
      },
      {
        role: 'user',
        content: `Question ${index}: which page tells me what to do when light ${index % 12} blinks?`,
      },
    ],
    maxTokens: 150,
    stream: true,
  }),
});
