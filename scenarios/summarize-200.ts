import { defineScenario } from '../src/workload/scenario.ts';

const PARAGRAPH =
  'The committee met in the morning, heard the report of the working group, asked for two corrections to the second table, and agreed to publish the figures once they had been checked against the records of the previous year.';

/** Long input, medium output, streamed: what a document pipeline sends. */
export const summarize200 = defineScenario({
  name: 'summarize-200',
  description: 'summarize 200 documents of about 1,000 tokens, streamed (guide G1: the pipeline)',
  requests: 200,
  call(index, rng) {
    const paragraphs = 15 + Math.floor(rng.next() * 20);
    return {
      messages: [
        { role: 'system', content: 'Summarize the document in three sentences.' },
        { role: 'user', content: `Document #${index}\n\n${Array(paragraphs).fill(PARAGRAPH).join('\n\n')}` },
      ],
      maxTokens: 512,
      stream: true,
    };
  },
});
