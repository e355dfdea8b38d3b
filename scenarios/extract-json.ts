import { defineScenario } from '../src/workload/scenario.ts';
import { textOfTokens } from '../src/workload/text.ts';

const INVOICE = {
  type: 'object',
  properties: {
    number: { type: 'string' },
    supplier: { type: 'string' },
    total: { type: 'number' },
    currency: { type: 'string', enum: ['EUR', 'USD', 'GBP'] },
    lines: {
      type: 'array',
      items: {
        type: 'object',
        properties: { text: { type: 'string' }, amount: { type: 'number' } },
        required: ['text', 'amount'],
        additionalProperties: false,
      },
    },
  },
  required: ['number', 'supplier', 'total', 'currency', 'lines'],
  additionalProperties: false,
} as const;

/** Structured output: an invoice as text, its fields as JSON that fits a schema. */
export const extractJson = defineScenario({
  name: 'extract-json',
  description: 'extract the fields of 200 invoices as JSON that fits a schema',
  requests: 200,
  call: (index, rng) => ({
    messages: [
      { role: 'system', content: 'Extract the fields of the invoice.' },
      { role: 'user', content: `Invoice ${1000 + index}\n${textOfTokens(150 + rng.next() * 300, rng)}` },
    ],
    maxTokens: 400,
    stream: false,
    responseFormat: { name: 'invoice', schema: INVOICE },
  }),
});
