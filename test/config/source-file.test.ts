import { describe, expect, it } from 'vitest';
import { findScenario } from '../../src/config/scenarios.ts';
import { loadModule, readJsonFile } from '../../src/config/source-file.ts';
import { refusal, workFolder } from './refusal.ts';

const { write, hide, makeFolder, dir } = workFolder();

/** Places of keys in a JSON file, without its folder. */
const placesIn = async (content: string, ...keys: (readonly (string | number)[])[]) => {
  const file = await readJsonFile(write('places.json', content), '--config');
  return keys.map((path) => hide(file.place(path)));
};

const modulePlaces = async (name: string, content: string, ...keys: readonly string[]) => {
  const file = await loadModule(write(name, content), '--config');
  return keys.map((key) => hide(file.place([key])));
};

describe('a JSON file', () => {
  it('tells where each key stands, nested ones and items of lists too', async () => {
    const content = '{\n  "a": 1,\n  "b": {\n    "a": [\n      "x",\n      "y"\n    ]\n  }\n}\n';
    expect(await placesIn(content, ['a'], ['b'], ['b', 'a'], ['b', 'a', 1])).toEqual([
      '<dir>/places.json:2',
      '<dir>/places.json:3',
      '<dir>/places.json:4',
      '<dir>/places.json:6',
    ]);
  });

  it('tells the line of the key where its value stands below it', async () => {
    expect(await placesIn('{\n  "a":\n\n    7\n}', ['a'])).toEqual(['<dir>/places.json:2']);
  });

  it('is not misled by comments and values that name the key, nor by Windows line ends', async () => {
    const content =
      '// "seed": 1\r\n{\r\n  /* "seed": 2 */\r\n  "note": "\\"seed\\": 3",\r\n  "seed": 4\r\n}\r\n';
    expect(await placesIn(content, ['seed'])).toEqual(['<dir>/places.json:5']);
  });

  it('tells its name alone where a key is not in it, and its first line as a whole', async () => {
    expect(await placesIn('{ "a": 1 }', ['b'], ['a', 'b'], [])).toEqual([
      '<dir>/places.json',
      '<dir>/places.json',
      '<dir>/places.json:1',
    ]);
  });

  it('may hold comments and a comma after the last value', async () => {
    const { value } = await readJsonFile(
      write('relaxed.json', '/* a */ { "a": [1, 2,], // b\n "b": null, }'),
      '--config',
    );
    expect(value).toEqual({ a: [1, 2], b: null });
  });

  it('is refused with the line where it stops being JSON', async () => {
    const told = [];
    for (const content of [
      '',
      '// nothing',
      '{\n  "a": 1\n  "b": 2\n}',
      '{\n  "a": five\n}',
      "{\n  'a': 1\n}",
      '{ "a": 1 }\n\n}',
      '{\n  "a": [1,\n',
      '{\n  "a": "x\n}',
    ])
      told.push(hide(await refusal(readJsonFile(write('wrong.json', content), '--config'))));
    expect(told).toMatchInlineSnapshot(`
      [
        "<dir>/wrong.json:1 is not JSON: value expected",
        "<dir>/wrong.json:1 is not JSON: value expected",
        "<dir>/wrong.json:3 is not JSON: comma expected",
        "<dir>/wrong.json:2 is not JSON: invalid symbol",
        "<dir>/wrong.json:2 is not JSON: invalid symbol",
        "<dir>/wrong.json:3 is not JSON: end of file expected",
        "<dir>/wrong.json:3 is not JSON: value expected",
        "<dir>/wrong.json:2 is not JSON: unexpected end of string",
      ]
    `);
  });

  it('is refused where there is none, with the flag that named it', async () => {
    expect(hide(await refusal(readJsonFile(`${dir}/none.json`, '--scenario', 'Look again.')))).toBe(
      '--scenario <dir>/none.json: there is no such file → Look again.',
    );
    expect(hide(await refusal(readJsonFile(makeFolder('folder'), '--config')))).toBe(
      '--config <dir>/folder: this is not a file',
    );
  });
});

describe('a module', () => {
  it('tells the line of code on which a key is given a value', async () => {
    const content = [
      '// seed: 1',
      '/* seed: 2,',
      '   levels: 3 */',
      "const home = 'http://host/'; // levels: 4",
      'export default {',
      "  home, 'max-retries': 5,",
      '  seed: 6, levels: [7],',
      '};',
      '',
    ].join('\n');
    expect(await modulePlaces('places.ts', content, 'seed', 'levels', 'max-retries')).toEqual([
      '<dir>/places.ts:7',
      '<dir>/places.ts:7',
      '<dir>/places.ts:6',
    ]);
  });

  it('does not take the end of another key for it', async () => {
    expect(await modulePlaces('part.ts', 'export default {\n  aseed: 1,\n  seed: 2,\n};\n', 'seed')).toEqual([
      '<dir>/part.ts:3',
    ]);
  });

  it('tells its name alone where a key is given its value elsewhere', async () => {
    expect(await modulePlaces('elsewhere.ts', 'const seed = 1;\nexport default { seed };\n', 'seed')).toEqual(
      ['<dir>/elsewhere.ts'],
    );
  });
});

describe('a scenario in JSON over several lines', () => {
  it('is refused with the line of the field that is wrong', async () => {
    const told = [];
    for (const content of [
      '{\n  "prompts": [\n    "ok",\n    ""\n  ]\n}',
      '{\n  "prompts": ["ok"],\n  "requests": 0\n}',
      '{\n  "prompts": ["ok"],\n\n  "max_tokens": 5\n}',
      '{\n  "name": "nothing to send"\n}',
    ])
      told.push(hide(await refusal(findScenario(write('bad.json', content)))).split(' → ')[0]);
    expect(told).toMatchInlineSnapshot(`
      [
        "<dir>/bad.json:4: prompts.1: expected a text, not an empty one",
        "<dir>/bad.json:3: requests: expected at least 1",
        "<dir>/bad.json:4: max_tokens: there is no such key",
        "<dir>/bad.json:1: the file: it says nothing to send: prompts, items or inputTokens is missing",
      ]
    `);
  });
});
