import { defineScenario } from '../src/workload/scenario.ts';
import { threePrompts } from './three-prompts.ts';

/** G3, comparison: the same three prompts through the legacy completions endpoint, 50 tokens each. */
export const threePromptsCompletions = defineScenario({
  name: 'three-prompts-completions',
  description: 'three prompts on the legacy completions endpoint, 50 tokens each (guide G3)',
  requests: threePrompts.requests,
  call: (index) => ({ ...threePrompts.call(index), endpoint: 'completions', maxTokens: 50 }),
});
