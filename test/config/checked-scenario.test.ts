import { describe, expect, it } from 'vitest';
import { findScenario } from '../../src/config/scenarios.ts';
import { batchSize } from '../../src/workload/scenario.ts';
import { refusal, settingsOf, workFolder } from './refusal.ts';

const { write, hide } = workFolder();
const MESSAGES = "messages: [{ role: 'user', content: 'x' }]";

/** What is told of a scenario whose calls are made by `call`. */
const refused = async (name: string, call: string) =>
  hide(
    await refusal(
      settingsOf({
        flags: {
          scenario: write(
            `${name}.ts`,
            `export const mine = {\n  name: 'mine', description: 'd', requests: 3,\n  call: (index, rng) =>\n${call},\n};\n`,
          ),
        },
      }),
    ),
  ).split(' → ')[0];

const workflow = (name: string, body: string) =>
  write(
    `${name}.ts`,
    `export const mine = {\n  name: 'mine', description: 'd', items: 2,\n  async run(item, ask, rng) {\n${body}\n  },\n};\nconst call = { ${MESSAGES}, maxTokens: 9, stream: false };\n`,
  );

describe('a call made by code', () => {
  it('is refused with file, line and key where it is none', async () => {
    const told = [
      await refused('a', `({\n${MESSAGES},\nmaxTokens: '5', stream: false })`),
      await refused('b', `({ ${MESSAGES}, maxTokens: 5,\nstream: false,\ntemprature: 1 })`),
      await refused('c', "({ messages: [{ role: 'usr', content: 'x' }], maxTokens: 5, stream: false })"),
      await refused('d', '({ messages: [], maxTokens: 5, stream: false })'),
      await refused('e', 'undefined'),
      await refused('f', 'index.nope.nope'),
      await refused('g', `({ ${MESSAGES}, maxTokens: 5, stream: false, toolChoice: 'required' })`),
    ];
    expect(told).toMatchInlineSnapshot(`
      [
        "<dir>/a.ts:6: call(0): maxTokens: expected a whole number",
        "<dir>/b.ts:6: call(0): temprature: there is no such key",
        "<dir>/c.ts:4: call(0): messages.0.role: expected {role, content} with role system, user, assistant or tool",
        "<dir>/d.ts:4: call(0): messages: expected at least one message",
        "<dir>/e.ts: call(0): expected a call: { messages, maxTokens, stream }",
        "<dir>/f.ts:4: call(0) threw: Cannot read properties of undefined (reading 'nope')",
        "<dir>/g.ts:4: call(0): toolChoice: there are no tools to choose from",
      ]
    `);
  });

  it('may spell out what it leaves out', async () => {
    const path = write(
      'blank.ts',
      `export const mine = { name: 'm', description: 'd', requests: 1, call: () => ({ ${MESSAGES}, maxTokens: 5, stream: false, seed: undefined }) };\n`,
    );
    expect((await settingsOf({ flags: { scenario: path } })).sample.calls).toHaveLength(1);
  });

  it('of a workflow is refused alike, and so is a mistake before the first call', async () => {
    const told = [];
    for (const path of [
      workflow('w-key', "    await ask({ ...call, maxTokens: 0 }, { step: 'first' });"),
      workflow('w-throws', '    throw new Error("oh");'),
    ])
      told.push(hide(await refusal(settingsOf({ flags: { scenario: path } }))).split(' → ')[0]);
    expect(told).toMatchInlineSnapshot(`
      [
        "<dir>/w-key.ts:4: item 0, first: maxTokens: expected at least 1",
        "<dir>/w-throws.ts:4: run(0) threw: oh",
      ]
    `);
  });

  it('of a workflow may hang on what the answer says, which nobody knows before the run', async () => {
    for (const path of [
      workflow('w-json', '    const reply = await ask(call);\n    JSON.parse(reply.text);'),
      workflow('w-until', '    for (;;) { const { text } = await ask(call); if (text === "done") return; }'),
    ]) {
      const { sample } = await settingsOf({ flags: { scenario: path } });
      expect(sample.calls.length).toBeGreaterThanOrEqual(2);
    }
  });
});

describe('a module', () => {
  it('says at which line it cannot be loaded', async () => {
    const bad = 'export const ok = 1;\nexport const mine = {{\n';
    expect(hide(await refusal(findScenario(write('broken.ts', bad))))).toMatch(
      /^<dir>\/broken.ts:2 cannot be loaded: /,
    );
    expect(hide(await refusal(findScenario(write('fails.ts', '\n\nnope();\n'))))).toBe(
      '<dir>/fails.ts:3 cannot be loaded: nope is not defined',
    );
  });

  it('may export a scenario as modules of the older kind do', async () => {
    const path = write(
      'old.cjs',
      `module.exports = { mine: { name: 'm', description: 'd', requests: 4, call: () => ({ ${MESSAGES}, maxTokens: 5, stream: false }) } };\n`,
    );
    expect(await refusal(findScenario(path))).toContain('nothing is known about this kind of file');
    const js = write(
      'old.js',
      `module.exports = { mine: { name: 'm', description: 'd', requests: 4, call: () => ({ ${MESSAGES}, maxTokens: 5, stream: false }) } };\n`,
    );
    expect(batchSize(await findScenario(js))).toBe(4);
  });
});
