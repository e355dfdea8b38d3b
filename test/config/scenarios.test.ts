import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../scenarios/index.ts';
import { findScenario } from '../../src/config/scenarios.ts';
import { createRng } from '../../src/core/rng.ts';
import { type CallScenario, isWorkflow } from '../../src/workload/scenario.ts';
import { refusal, workFolder } from './refusal.ts';

const { write, makeFolder, hide, dir } = workFolder();
/** A scenario of single calls from a file. */
const found = async (path: string): Promise<CallScenario> => {
  const scenario = await findScenario(path);
  if (isWorkflow(scenario)) throw new Error('a workflow');
  return scenario;
};
const refused = async (path: string) => hide(await refusal(findScenario(path)));

describe('a scenario', () => {
  it('that ships is found by its name, and each name is its own', async () => {
    for (const scenario of SCENARIOS) expect(await findScenario(scenario.name)).toBe(scenario);
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
  });

  it('can be a list of prompts in JSON', async () => {
    const path = write(
      'questions.json',
      JSON.stringify({
        prompts: ['first', 'item {i} of {i}'],
        system: 'Be brief.',
        maxTokens: 9,
        temperature: 0,
      }),
    );
    const scenario = await found(path);
    expect(scenario).toMatchObject({ name: 'questions', description: 'from a file', requests: 2 });
    const rng = createRng(1);
    expect(scenario.call(2, rng)).toEqual({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'first' },
      ],
      maxTokens: 9,
      stream: false,
      temperature: 0,
    });
    expect(scenario.call(3, rng).messages[1]?.content).toBe('item 3 of 3');
  });

  it('in JSON needs nothing but prompts', async () => {
    const scenario = await found(write('minimal.json', '{ "prompts": ["one"] }'));
    expect(scenario.requests).toBe(1);
    expect(scenario.call(7, createRng(1))).toEqual({
      messages: [{ role: 'user', content: 'one' }],
      maxTokens: 256,
      stream: false,
    });
  });

  it.each(['ts', 'js', 'mjs'])('can be a module, .%s', async (ending) => {
    const path = write(
      `mine.${ending}`,
      `export const mine = { name: 'mine', description: 'd', requests: 3, call: (index) => ({ messages: [{ role: 'user', content: String(index) }], maxTokens: 1, stream: true }) };\n`,
    );
    const scenario = await found(path);
    expect(scenario).toMatchObject({ name: 'mine', requests: 3 });
    expect(scenario.call(5, createRng(1)).messages).toEqual([{ role: 'user', content: '5' }]);
  });

  it('in JSON is refused with the field that is wrong', async () => {
    const told = [];
    for (const value of [
      {},
      { prompts: [] },
      { prompts: ['ok', ''] },
      { prompts: 'one' },
      { prompts: ['ok'], maxTokens: 0 },
      { prompts: ['ok'], requests: 1.5 },
      { prompts: ['ok'], temperature: 3 },
      { prompts: ['ok'], stream: 'yes' },
      { prompts: ['ok'], max_tokens: 5 },
      [],
    ])
      told.push(await refused(write('bad.json', JSON.stringify(value))));
    expect(told.map((text) => text.split(' → ')[0])).toMatchInlineSnapshot(`
      [
        "<dir>/bad.json:1: the file: it says nothing to send: prompts, items or inputTokens is missing",
        "<dir>/bad.json:1: prompts: expected a list of texts, not an empty one",
        "<dir>/bad.json:1: prompts.1: expected a text, not an empty one",
        "<dir>/bad.json:1: prompts: expected a list of texts",
        "<dir>/bad.json:1: maxTokens: expected at least 1",
        "<dir>/bad.json:1: requests: expected a whole number",
        "<dir>/bad.json:1: temperature: expected a number from 0 to 2",
        "<dir>/bad.json:1: stream: expected true or false",
        "<dir>/bad.json:1: max_tokens: there is no such key",
        "<dir>/bad.json:1: the file: expected keys and values",
      ]
    `);
    expect(new Set(told.map((text) => text.split(' → ')[1]))).toMatchInlineSnapshot(`
      Set {
        "A scenario file holds prompts (a list of texts), items (a file) or mix, and if wanted name, description, column, inputTokens, requests, system, maxTokens, stream, model, endpoint, temperature, topP, stop, seed, tools, toolChoice, reasoning, responseFormat, slo.",
        undefined,
        "Did you mean maxTokens?",
      }
    `);
  });

  it('is refused where its file cannot be read for what it should be', async () => {
    expect(await refused(`${dir}/missing.ts`)).toMatchInlineSnapshot(
      `"--scenario <dir>/missing.ts: there is no such file"`,
    );
    expect(await refused(`${dir}/missing.json`)).toContain('there is no such file');
    expect(await refused(write('syntax.json', '{ "prompts": ["a" }'))).toMatch(
      /^<dir>\/syntax\.json:1 is not JSON: /,
    );
    expect(await refused(write('syntax.ts', 'export const x = {\n'))).toMatch(
      /^<dir>\/syntax\.ts:\d+ cannot be loaded: /,
    );
    expect(await refused(write('empty.ts', 'export const x = 1;\n'))).toMatchInlineSnapshot(
      `"<dir>/empty.ts exports no scenario → Export one: export const mine = defineScenario({ name, description, requests, call: (index, rng) => ({ messages, maxTokens, stream }) }), or a workflow with items and run(item, ask, rng), imported from 'sweetspot'. bench init writes a starter."`,
    );
    expect(await refused(write('throws.js', 'throw new Error("oh");\n'))).toBe(
      '<dir>/throws.js:1 cannot be loaded: oh',
    );
  });

  it('without call or requests is none', async () => {
    const path = write('half.ts', "export const half = { name: 'half', description: 'd', requests: 3 };\n");
    expect(await refused(path)).toContain('exports no scenario');
  });

  // NaN requests would never end (`claimed >= NaN` is false): Number(process.env.N) with N unset.
  it.each(['Number.NaN', 'Infinity', '0', '-5', '1.5'])(
    'in a module with requests: %s is refused, with its line',
    async (requests) => {
      const path = write(
        `requests-${requests.replaceAll(/\W/g, '_')}.ts`,
        `// requests: 5\nexport const odd = {\n  name: 'odd',\n  description: 'd',\n  requests: ${requests},\n  call: () => ({ messages: [], maxTokens: 1, stream: false }),\n};\n`,
      );
      const name = path.replace(/^.*\//, '');
      expect(await refused(path)).toMatch(
        new RegExp(`^<dir>/${name}:5: requests is .*, which is not a whole number of at least 1 → `),
      );
    },
  );

  it('keeps the name that it gives itself', async () => {
    const scenario = await findScenario(write('slash.json', '{ "name": "q&a / short", "prompts": ["one"] }'));
    expect(scenario.name).toBe('q&a / short');
    expect((await findScenario(write('dots.json', '{ "name": "v1.json", "prompts": ["one"] }'))).name).toBe(
      'v1.json',
    );
  });

  it('is refused, not a crash, where a folder has the name of a file', async () => {
    for (const name of ['folder.json', 'folder.ts'])
      expect(await refused(makeFolder(name))).toBe(`--scenario <dir>/${name}: this is not a file`);
  });
});
