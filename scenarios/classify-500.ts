import { defineScenario } from '../src/workload/scenario.ts';

/** G1, benchmark: 500 short classification calls of about 30 output tokens each. */
export const classify500 = defineScenario({
  name: 'classify-500',
  description:
    'classify 500 support tickets, one short call each (guide G1: 3.84 s a call, sweet spot 15–20)',
  requests: 500,
  call: (index) => ({
    messages: [
      {
        role: 'user',
        content: `Classify this support ticket as billing, technical, account or other, and say why in one sentence.\n\nTicket #${index}`,
      },
    ],
    maxTokens: 50,
    stream: false,
  }),
});
