import { defineScenario } from '../src/workload/scenario.ts';
import { textOfTokens } from '../src/workload/text.ts';

const PASSAGES = 6;

/** Long input, short output: a question with the passages that a search found for it. */
export const rag = defineScenario({
  name: 'rag',
  description: 'answer 200 questions from six passages each: 2,000 to 5,000 tokens in, a few sentences out',
  requests: 200,
  call(index, rng) {
    const passages = Array.from(
      { length: PASSAGES },
      (_, number) => `[${number + 1}] ${textOfTokens(330 + rng.next() * 500, rng)}`,
    );
    return {
      messages: [
        { role: 'system', content: 'Answer from the passages only and cite them by number.' },
        {
          role: 'user',
          content: `${passages.join('\n\n')}\n\nQuestion ${index}: what was decided, and why?`,
        },
      ],
      maxTokens: 300,
      stream: true,
    };
  },
});
