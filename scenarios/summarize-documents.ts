import { defineScenario } from '../src/workload/scenario.ts';
import { textOfTokens } from '../src/workload/text.ts';

/** G1, pipeline: documents, one per line of a file, each summarized under one system prompt. */
export const summarizeDocuments = defineScenario({
  name: 'summarize-documents',
  description:
    'summarize 200 documents of 200 to 1,500 tokens, at most 512 tokens each (guide G1: the pipeline, 25 at once)',
  requests: 200,
  call: (index, rng) => ({
    messages: [
      {
        role: 'system',
        content: 'Summarize the document in two or three sentences. Answer with the summary only.',
      },
      { role: 'user', content: `Document ${index + 1}: ${textOfTokens(200 + rng.next() * 1300, rng)}` },
    ],
    maxTokens: 512,
    stream: false,
  }),
});
