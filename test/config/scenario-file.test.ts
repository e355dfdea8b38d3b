import { describe, expect, it } from 'vitest';
import { STARTERS } from '../../src/cli/starters.ts';
import { findScenario } from '../../src/config/scenarios.ts';
import { preview, requestRng } from '../../src/workload/preview.ts';
import { batchSize } from '../../src/workload/scenario.ts';
import { refusal, settingsOf, workFolder } from './refusal.ts';

const { write, hide } = workFolder();
const refused = async (name: string, text: string) => hide(await refusal(findScenario(write(name, text))));
const calls = async (path: string, count: number) => {
  const scenario = await findScenario(path);
  const numbers = Array.from({ length: count }, (_, number) => number);
  return (await Promise.all(numbers.map((number) => preview(scenario, number, requestRng(1))))).map(
    ([first]) => first?.call,
  );
};

describe('a scenario in YAML', () => {
  it('sends the items of a file beside it, one after the other and from the start', async () => {
    write('tickets.csv', 'id,body\n7,first\n8,second\n');
    const path = write(
      'tickets.yaml',
      'items: tickets.csv\ncolumn: body\nprompts: ["Ticket {id} ({i}): {item} {unknown}"]\nsystem: Sort {body}.\nmodel: gpt\nmaxTokens: 9\n',
    );
    expect(batchSize(await findScenario(path))).toBe(2);
    const [, , third] = await calls(path, 3);
    expect(third).toEqual({
      messages: [
        { role: 'system', content: 'Sort first.' },
        { role: 'user', content: 'Ticket 7 (2): first {unknown}' },
      ],
      maxTokens: 9,
      stream: false,
      model: 'gpt',
    });
  });

  it('carries everything that a call can', async () => {
    const path = write(
      'all.yml',
      `prompts: [hi]
stream: true
endpoint: responses
temperature: 0.5
topP: 0.9
stop: [END]
seed: 3
tools: [{name: look, description: d, parameters: {type: object}}]
toolChoice: {name: look}
reasoning: {effort: low}
responseFormat: {name: r, schema: {type: object}}
`,
    );
    expect((await calls(path, 1))[0]).toMatchObject({
      stream: true,
      endpoint: 'responses',
      temperature: 0.5,
      topP: 0.9,
      stop: ['END'],
      seed: 3,
      tools: [{ name: 'look', description: 'd', parameters: { type: 'object' } }],
      toolChoice: { name: 'look' },
      reasoning: { effort: 'low' },
      responseFormat: { name: 'r', schema: { type: 'object' } },
    });
  });

  it('draws lengths, the same under an index each time', async () => {
    const path = write(
      'long.yaml',
      'inputTokens: {median: 200, sigma: 0.5}\nmaxTokens: {min: 10, max: 20}\n',
    );
    const drawn = await calls(path, 50);
    expect(await calls(path, 50)).toEqual(drawn);
    const outputs = drawn.map((call) => call?.maxTokens ?? 0);
    expect([Math.min(...outputs) >= 10, Math.max(...outputs) <= 20]).toEqual([true, true]);
    const inputs = drawn
      .map((call) => (call?.messages[0]?.content.length ?? 0) / 4)
      .toSorted((a, b) => a - b);
    expect(inputs[25]).toBeGreaterThan(120);
    expect(inputs[25]).toBeLessThan(330);
    expect(new Set(inputs).size).toBeGreaterThan(30);
  });

  it('mixes parts by weight', async () => {
    const path = write(
      'mix.yaml',
      'requests: 40\nmix:\n  - {weight: 3, prompts: [a]}\n  - {weight: 1, prompts: [b]}\n',
    );
    const texts = (await calls(path, 400)).map((call) => call?.messages[0]?.content);
    expect(texts.filter((text) => text === 'b').length / 400).toBeCloseTo(0.25, 1);
    expect(batchSize(await findScenario(path))).toBe(40);
  });

  it('is refused with file, line and key', async () => {
    expect(
      [
        await refused('a.yaml', 'prompts: [x]\n\nmaxTokens: -3\n'),
        await refused('b.yaml', 'prompts: [x]\nmaxTokns: 3\n'),
        await refused('c.yaml', 'mix:\n  - weight: 1\n    prompts: [x]\n  - weight: 1\n    stream: 7\n'),
        await refused('d.yaml', 'prompts: [x\n'),
        await refused('e.yaml', 'name: empty\n'),
        await refused('f.yaml', 'items: none.csv\n'),
        await refused('g.yaml', 'mix: [{weight: 1, prompts: [x]}]\nprompts: [y]\n'),
        await refused('h.yaml', 'prompts: [x]\ncolumn: y\n'),
        await refused('i.yaml', 'prompts: [x]\nslo: p95<4x\n'),
        await refused('j.json', '{\n "prompts": ["x"],\n "slo": "latency<4s"\n}'),
        await refused('k.json', '{\n "prompts": ["x"],\n "prompts": ["y"]\n}'),
        await refused('l.yaml', 'mix:\n  - weight: 1\n    slo: p95<4s\n    prompts: [x]\n'),
        await refused('m.yaml', 'prompts: [x]\nreasoning: {effort: hihg}\n'),
        await refused('n.yaml', 'prompts: [x]\ntoolChoice: required\n'),
        await refused('o.yaml', 'prompts: [x]\ntools: [{name: a, parameters: {}}]\ntoolChoice: {name: b}\n'),
        await refused('p.yaml', 'prompts: [x]\nmaxTokens: {min: 9, max: 1}\n'),
        await refused('q.yaml', ''),
      ].map((text) => text.split(' → ')[0]),
    ).toMatchInlineSnapshot(`
      [
        "<dir>/a.yaml:3: maxTokens: expected at least 1",
        "<dir>/b.yaml:2: maxTokns: there is no such key",
        "<dir>/c.yaml:5: mix.1.stream: expected true or false",
        "<dir>/d.yaml:2 is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
        "<dir>/e.yaml:1: the file: it says nothing to send: prompts, items or inputTokens is missing",
        "<dir>/f.yaml:1: items: none.csv cannot be read",
        "<dir>/g.yaml:1: mix: beside it stand prompts, items or inputTokens",
        "<dir>/h.yaml:2: column: only items have columns",
        "<dir>/i.yaml:2: slo: "4x" is not a time above zero",
        "<dir>/j.json:3: slo: "latency<4s" is not a bound on latency",
        "<dir>/k.json:3 is not JSON: prompts stands twice",
        "<dir>/l.yaml:3: mix.0.slo: there is no such key",
        "<dir>/m.yaml:2: reasoning.effort: there is no "hihg"",
        "<dir>/n.yaml:2: toolChoice: there are no tools to choose from",
        "<dir>/o.yaml:3: toolChoice: there is no tool b (known: a)",
        "<dir>/p.yaml:2: maxTokens: min is above max",
        "<dir>/q.yaml:1: the file: expected keys and values",
      ]
    `);
  });
});

describe('the slo of a scenario', () => {
  const code = (slo: string) =>
    `export const mine = {\n  name: 'mine', description: 'd', requests: 1,\n  slo: ${slo},\n  call: () => ({ messages: [{ role: 'user', content: 'x' }], maxTokens: 1, stream: false }),\n};\n`;
  const criteria = async (scenario: string, flags = {}) =>
    (await settingsOf({ flags: { scenario, ...flags } })).criteria.slo;

  it('judges as --slo does, which goes before it', async () => {
    const bounds = [{ metric: 'serviceTime', percentile: 'p95', below: 4000 }];
    const paths = [
      write('slo.yaml', 'prompts: [x]\nslo: p95<4s\n'),
      write('slo.json', '{ "mix": [{ "weight": 1, "prompts": ["x"] }], "slo": "p95<4s" }'),
      write('slo.ts', code("'p95<4s'")),
    ];
    for (const path of paths) {
      expect(await criteria(path)).toEqual(bounds);
      expect(await criteria(path, { slo: 'ttft.p50<1s' })).toEqual([
        { metric: 'ttft', percentile: 'p50', below: 1000 },
      ]);
    }
    expect(await criteria('classify-500')).toEqual([]);
  });

  it('is refused with file and line where it is none', async () => {
    expect(await refused('wrong.ts', code("'p95'"))).toMatch(/^<dir>\/wrong.ts:3: slo: "p95" is not a bound/);
    expect(await refused('odd.ts', code('7'))).toMatch(/^<dir>\/odd.ts:3: slo: "7" is not a bound/);
  });
});

describe('a trace', () => {
  it('is replayed in its own time and lengths, in our words or in those of published traces', async () => {
    const path = write(
      'trace.jsonl',
      '{"timestamp": 5000, "input_length": 40, "output_length": 7, "hash_ids": [1]}\n{"arrivedAtMs": 3000, "inputTokens": 8, "outputTokens": 2}\n',
    );
    const scenario = await findScenario(path);
    expect(scenario).toMatchObject({ requests: 2 });
    expect('arrivesAt' in scenario && [0, 1, 2].map((index) => scenario.arrivesAt?.(index))).toEqual([
      0, 2000, 4000,
    ]);
    expect((await calls(path, 2)).map((call) => call?.maxTokens)).toEqual([2, 7]);
  });

  it('is refused with file and line', async () => {
    expect(
      await refused('broken.jsonl', '{"arrivedAtMs": 1, "inputTokens": 1, "outputTokens": 1}\n{"at": 3}\n'),
    ).toContain('broken.jsonl:2 is not a request of a trace');
    expect(await refused('none.jsonl', '\n')).toContain('has no requests');
  });
});

describe('a starter', () => {
  it.each(['yaml', 'json'] as const)('in %s is a scenario as it is', async (kind) => {
    const path = write(`starter.${kind}`, STARTERS[kind]);
    expect(batchSize(await findScenario(path))).toBe(100);
    expect((await calls(path, 1))[0]?.messages.at(-1)?.content).toContain('Classify ticket 0');
  });
});
