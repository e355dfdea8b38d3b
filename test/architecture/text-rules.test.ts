import { describe, expect, it } from 'vitest';
import {
  isDocumented,
  isFinished,
  isNamed,
  isShort,
  keepsRulesOn,
  keepsYoung,
  runsEveryTest,
  type TextRule,
} from './text-rules.ts';

/** Held apart, so that this file does not break the rules it seeds. */
const word = (...parts: readonly string[]) => parts.join('');

const WRONG: readonly (readonly [
  name: string,
  rule: TextRule,
  path: string,
  text: string,
  finding: string,
])[] = [
  [
    'a long file',
    isShort,
    'src/run/a.ts',
    'a;\n'.repeat(251),
    'src/run/a.ts:251: 251 lines; one idea fits in 250',
  ],
  ['a drawer', isNamed, 'src/core/utils.ts', '', "src/core/utils.ts:1: 'utils' says nothing; name the idea"],
  [
    'a drawer of something',
    isNamed,
    'src/run/run-info.ts',
    '',
    "src/run/run-info.ts:1: 'run-info' says nothing; name the idea",
  ],
  [
    'a folder of anything',
    isNamed,
    'src/common/a.ts',
    '',
    "src/common/a.ts:1: 'common' says nothing; name the idea",
  ],
  [
    'a constant',
    isDocumented,
    'a.ts',
    '\nexport const one = 1;',
    "a.ts:2: export 'one' has no JSDoc sentence",
  ],
  [
    'a function',
    isDocumented,
    'a.ts',
    'export function go() {}',
    "a.ts:1: export 'go' has no JSDoc sentence",
  ],
  [
    'a class',
    isDocumented,
    'a.ts',
    '// a remark\nexport class Go {}',
    "a.ts:2: export 'Go' has no JSDoc sentence",
  ],
  [
    'an interface',
    isDocumented,
    'a.ts',
    'export interface Go {}',
    "a.ts:1: export 'Go' has no JSDoc sentence",
  ],
  ['a type', isDocumented, 'a.ts', 'export type Go = 1;', "a.ts:1: export 'Go' has no JSDoc sentence"],
  [
    'empty words',
    isDocumented,
    'a.ts',
    '/** */\nexport type Go = 1;',
    "a.ts:2: export 'Go' has no JSDoc sentence",
  ],
  [
    'a tag alone',
    isDocumented,
    'a.ts',
    '/** @internal */\nexport type Go = 1;',
    "a.ts:2: export 'Go' has no JSDoc sentence",
  ],
  [
    'a later export',
    isDocumented,
    'a.ts',
    'const one = 1;\nexport { one as two };',
    "a.ts:1: export 'one' has no JSDoc sentence",
  ],
  [
    'a lint rule off',
    keepsRulesOn,
    'a.ts',
    `\n// ${word('biome', '-ignore')} lint: x`,
    `a.ts:2: '${word('biome', '-ignore')}' switches a rule off`,
  ],
  [
    'a type error hidden',
    keepsRulesOn,
    'a.ts',
    `// ${word('@ts', '-ignore')}`,
    `a.ts:1: '${word('@ts', '-ignore')}' switches a rule off`,
  ],
  [
    'open work',
    isFinished,
    'a.ts',
    `// ${word('TO', 'DO')} later`,
    `a.ts:1: '${word('TO', 'DO')}' without an issue number`,
  ],
  [
    'a function written into a field',
    keepsYoung,
    'mock-server/engine/a.ts',
    '\nthis.#fire ??= () => {};',
    'mock-server/engine/a.ts:2: this.#fire takes a function; give it a name first',
  ],
  ['a test alone', runsEveryTest, 'a.test.ts', "\nit.only('x', () => {});", 'a.test.ts:2: it.only'],
  [
    'a test left out',
    runsEveryTest,
    'a.test.ts',
    "describe.skip('x', () => {});",
    'a.test.ts:1: describe.skip',
  ],
  ['a test to come', runsEveryTest, 'a.test.ts', "test.todo('x');", 'a.test.ts:1: test.todo'],
  ['rows left out', runsEveryTest, 'a.test.ts', "it.skip.each([1])('x', () => {});", 'a.test.ts:1: it.skip'],
  [
    'tests left out in a row',
    runsEveryTest,
    'a.test.ts',
    "it.concurrent.skip('x', () => {});",
    'a.test.ts:1: it.concurrent.skip',
  ],
];

const RIGHT: readonly (readonly [name: string, rule: TextRule, path: string, text: string])[] = [
  ['a file at the limit', isShort, 'a.ts', 'a;\n'.repeat(250)],
  ['a name that only begins like a drawer', isNamed, 'src/workload/database.ts', ''],
  [
    'what is documented',
    isDocumented,
    'a.ts',
    '/** One. */\nexport const one = 1;\nconst two = 2;\n/** Go. */\nexport class Go {}',
  ],
  [
    'an overload',
    isDocumented,
    'a.ts',
    '/** Go. */\nexport function go(): void;\nexport function go(): void {}',
  ],
  ['a re-export', isDocumented, 'a.ts', "export { one } from './one.ts';\nexport * from './two.ts';"],
  ['open work with a number', isFinished, 'a.ts', `// ${word('TO', 'DO')} #12: later`],
  [
    'a function by way of a constant',
    keepsYoung,
    'mock-server/engine/a.ts',
    'const fire = () => {};\nthis.#fire = fire;',
  ],
  ['a function in a field where it is made once', keepsYoung, 'src/cli/a.ts', 'a.b = () => {};'],
  [
    'tests that run',
    runsEveryTest,
    'a.test.ts',
    "it.each([1])('x', () => {});\nconst a = { skip: 1 };\na.skip;",
  ],
];

describe('a rule over the text of a file', () => {
  it.each(WRONG)('finds %s', (_, rule, path, text, finding) => {
    expect(rule(path, text)).toEqual([finding]);
  });

  it.each(RIGHT)('leaves alone %s', (_, rule, path, text) => {
    expect(rule(path, text)).toEqual([]);
  });
});
