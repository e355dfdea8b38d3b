import { defineScenario } from '../src/workload/scenario.ts';

const gateway = (requests: number) =>
  defineScenario({
    name: `gateway-${requests}`,
    description: `${requests} calls through a gateway, at most 500 tokens each (guide G0: 3 s a call by its table, 0.5 s by its footnote)`,
    requests,
    call: (index) => ({
      messages: [
        { role: 'user', content: `Answer in a short paragraph: what is question number ${index} about?` },
      ],
      maxTokens: 500,
      stream: false,
    }),
  });

/** G0, table: a hundred calls. */
export const gateway100 = gateway(100);

/** G0, table: a thousand calls. */
export const gateway1000 = gateway(1000);
