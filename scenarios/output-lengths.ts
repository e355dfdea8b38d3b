import { defineScenario } from '../src/workload/scenario.ts';

/** G1, advice by output length: below 100 tokens, 20 to 30 at once. */
export const shortOutput = defineScenario({
  name: 'short-output',
  description: 'answers below 100 tokens (guide G1 advises 20 to 30 at once)',
  requests: 300,
  call: (index) => ({
    messages: [
      {
        role: 'user',
        content: `Is review ${index} positive, negative or neutral? Answer with one word and a reason.`,
      },
    ],
    maxTokens: 100,
    stream: false,
  }),
});

/** G1, advice by output length: 100 to 500 tokens, 10 to 20 at once. */
export const mediumOutput = defineScenario({
  name: 'medium-output',
  description: 'answers of 100 to 500 tokens, streamed (guide G1 advises 10 to 20 at once)',
  requests: 200,
  call: (index) => ({
    messages: [{ role: 'user', content: `Draft a reply to customer letter ${index} in three paragraphs.` }],
    maxTokens: 500,
    stream: true,
  }),
});

/** G1, advice by output length: above 500 tokens, 5 to 10 at once. */
export const longOutput = defineScenario({
  name: 'long-output',
  description: 'answers above 500 tokens, streamed (guide G1 advises 5 to 10 at once)',
  requests: 100,
  call: (index) => ({
    messages: [
      {
        role: 'user',
        content: `Write a report of four pages about incident ${index}, with causes and measures.`,
      },
    ],
    maxTokens: 4096,
    stream: true,
  }),
});

/** G1, advice by output length: extended thinking, 3 to 5 at once. */
export const extendedThinking = defineScenario({
  name: 'extended-thinking',
  description: 'thousands of tokens of reasoning before each answer (guide G1 advises 3 to 5 at once)',
  requests: 60,
  call: (index) => ({
    messages: [{ role: 'user', content: `Find the error in proof ${index} and mend it, step by step.` }],
    maxTokens: 12_000,
    reasoning: { effort: 'high' },
    stream: true,
  }),
});
