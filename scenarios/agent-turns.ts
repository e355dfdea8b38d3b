import type { Message, Tool } from '../src/core/call.ts';
import { defineScenario } from '../src/workload/scenario.ts';
import { textOfTokens } from '../src/workload/text.ts';

const TOOLS: readonly Tool[] = [
  {
    name: 'search_orders',
    description: 'Find the orders of a customer',
    parameters: {
      type: 'object',
      properties: {
        customer: { type: 'string' },
        status: { type: 'string', enum: ['open', 'sent', 'paid'] },
      },
      required: ['customer'],
      additionalProperties: false,
    },
  },
];

const MOST_TURNS = 4;

/** An agent: one to four turns with a tool call each, then the answer. Every turn sends the whole conversation again. */
export const agentTurns = defineScenario({
  name: 'agent-turns',
  description:
    'an agent that calls a tool one to four times before it answers, 30 tasks; the conversation grows with each turn',
  items: 30,
  async run(item, ask, rng) {
    const turns = 1 + Math.floor(rng.fork('turns').next() * MOST_TURNS);
    const messages: Message[] = [
      { role: 'system', content: 'You are a clerk. Look things up before you answer.' },
      { role: 'user', content: `Customer ${item} asks where the last order is. Find out and answer.` },
    ];
    for (let turn = 1; turn <= turns; turn++) {
      const reply = await ask(
        { messages: [...messages], maxTokens: 200, stream: false, tools: TOOLS, toolChoice: 'required' },
        { step: `turn ${turn}` },
      );
      if (!reply.ok) return;
      const { text, toolCalls = [], blocks } = reply;
      messages.push({
        role: 'assistant',
        content: text,
        ...(toolCalls.length > 0 ? { toolCalls } : {}),
        ...(blocks ? { blocks } : {}),
      });
      for (const { id } of toolCalls) {
        messages.push({
          role: 'tool',
          toolCallId: id,
          content: textOfTokens(120, rng.fork(`result ${turn}`)),
        });
      }
      if (toolCalls.length === 0) messages.push({ role: 'user', content: 'Go on.' });
    }
    await ask(
      { messages, maxTokens: 300, stream: false, tools: TOOLS, toolChoice: 'none' },
      { step: 'answer' },
    );
  },
});
