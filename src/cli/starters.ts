/** What differs between the languages of a scenario in code. */
interface Language {
  readonly types: string;
  readonly call: string;
  readonly flow: string;
  readonly parameters: string;
}

const code = ({
  types,
  call,
  flow,
  parameters,
}: Language): string => `// What to send, and how much of it. Types come from the package: npm install --save-dev sweetspot
${types}${call} {
  name: 'my-scenario',
  description: 'classify support tickets',
  // Requests of one batch at each level; --requests overrides it.
  requests: 100,
  // Latency that must be kept; --slo goes before it.
  // slo: 'p95<4s',
  // Must depend on index and rng alone: the same index sends the same call at every level.
  call: (index, rng) => ({
    messages: [
      { role: 'system', content: 'Classify the ticket as billing, technical or other. Answer with one word.' },
      { role: 'user', content: \`Ticket \${index}, written on a \${rng.next() < 0.5 ? 'good' : 'bad'} day\` },
    ],
    // Most tokens of an answer.
    maxTokens: 20,
    // true: as server-sent events, which shows the time to the first token.
    stream: false,
    // And if wanted: model, temperature, topP, stop, seed, tools, toolChoice, reasoning, responseFormat,
    // endpoint ('chat', 'responses', 'completions').
  }),
};

// An item that takes several calls is a workflow. A level bounds calls, not items. To run this one, export it instead.
${flow} {
  name: 'draft-and-review',
  description: 'two drafts at once, then a choice between them',
  items: 20,
  async run(item, ask) {
    const say = (${parameters}) =>
      ask({ messages: [{ role: 'user', content }], maxTokens: 200, stream: false }, { step });
    const drafts = await Promise.all([
      say(\`Draft a title for text \${item}.\`, 'first draft'),
      say(\`Draft another title for text \${item}.\`, 'second draft'),
    ]);
    // A failed call is a value: { ok: false, failure }.
    const texts = drafts.map((draft) => (draft.ok ? draft.text : ''));
    await say(\`Which of these titles is better?\\n\${texts.join('\\n')}\`, 'choice');
  },
};
void draftAndReview;
`;

const TS = code({
  types: "import type { CallScenario, Workflow } from 'sweetspot';\n\n",
  call: 'export const myScenario: CallScenario =',
  flow: 'const draftAndReview: Workflow =',
  parameters: 'content: string, step: string',
});

const JS = code({
  types: '',
  call: "/** @type {import('sweetspot').CallScenario} */\nexport const myScenario =",
  flow: "/** @type {import('sweetspot').Workflow} */\nconst draftAndReview =",
  parameters: '/** @type {string} */ content, /** @type {string} */ step',
});

const YAML = `# What to send, and how much of it. To see the calls: bench scenarios --show ./this-file.yaml
name: my-scenario
description: classify support tickets

# Requests of one batch at each level; --requests overrides it.
requests: 100

# Sent in turn. {i} is the request's number; with items, {item} is the item and {column} one of its columns.
prompts:
  - Classify ticket {i} as billing, technical or other. Answer with one word.

# Or from a file beside this one: .txt (one item per line), .jsonl or .csv.
# items: tickets.csv
# column: body

system: You sort support tickets.

# Most tokens of an answer: a number, {min, max}, {median, sigma} or {mean, cv}.
maxTokens: 20

# true: as server-sent events, which shows the time to the first token.
stream: false

# Latency that must be kept; --slo goes before it.
# slo: p95<4s, ttft.p95<800ms

# And if wanted:
# model: gpt-5-mini
# temperature: 0
# inputTokens: {median: 800, sigma: 0.6}   # text made up for each request
# tools: [{name: lookup, parameters: {type: object, properties: {id: {type: string}}}}]
# mix:                                     # instead of prompts or items
#   - {weight: 3, prompts: [short], maxTokens: 20}
#   - {weight: 1, inputTokens: 4000, maxTokens: 500}
`;

const JSON_TEXT = `{
  // What to send, and how much of it; comments are allowed. To see the calls: bench scenarios --show ./this-file.json
  "name": "my-scenario",
  "description": "classify support tickets",
  // Requests of one batch at each level; --requests overrides it.
  "requests": 100,
  // Sent in turn. {i} is the request's number; with "items": "tickets.csv", {item} is the item and {column} a column.
  "prompts": ["Classify ticket {i} as billing, technical or other. Answer with one word."],
  "system": "You sort support tickets.",
  // Most tokens of an answer: a number, {min, max}, {median, sigma} or {mean, cv}.
  "maxTokens": 20,
  // true: as server-sent events, which shows the time to the first token.
  "stream": false
  // And if wanted, latency that must be kept; --slo goes before it: , "slo": "p95<4s"
}
`;

/** Scenario files to start from, commented, ready to run. */
export const STARTERS = { ts: TS, js: JS, yaml: YAML, json: JSON_TEXT } as const;
