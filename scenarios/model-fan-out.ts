import { defineScenario } from '../src/workload/scenario.ts';

const MODELS = ['claude-haiku-4-5', 'gpt-5.4-mini', 'gemini-3-flash'] as const;

/** G1, fan-out: the same prompt to three models through one endpoint; the item takes as long as the slowest. */
export const modelFanOut = defineScenario({
  name: 'model-fan-out',
  description:
    'one prompt to three models at once, 30 times (guide G1: the total is the slowest, not the sum)',
  items: 30,
  run: (item, ask) =>
    Promise.all(
      MODELS.map((model) =>
        ask(
          {
            model,
            messages: [
              { role: 'user', content: `Give one argument for and one against proposal ${item + 1}.` },
            ],
            maxTokens: 256,
            stream: false,
          },
          { step: model },
        ),
      ),
    ),
});
