import { describe, expect, it } from 'vitest';
import { optionsOf, refusal, settingsOf, workFolder } from './refusal.ts';

const { write, hide, dir } = workFolder();
const refused = async (config: string) => hide(await refusal(settingsOf({ config })));

describe('a configuration file', () => {
  it.each([
    ['json', '{ "levels": [2, 4], "quiet": true, "model": "m" }'],
    [
      'ts',
      'const levels: number[] = [2, 4];\nexport default { levels, quiet: true, model: "m" as const };\n',
    ],
    ['js', 'export default { levels: "2,4", quiet: true, model: "m" };\n'],
  ])('can be written as .%s', async (ending, content) => {
    const config = write(`good.${ending}`, content);
    expect(await optionsOf({ config })).toMatchObject({ levels: [2, 4], quiet: true, model: 'm' });
  });

  it('may export its options by name', async () => {
    const config = write('named.ts', 'export const config = { seed: 9 };\n');
    expect((await optionsOf({ config })).seed).toBe(9);
  });

  it('with an unknown key is refused with its line and the nearest key', async () => {
    const json = write('unknown.json', '{\n  "levels": [1, 5],\n  "max-retries": 3\n}\n');
    expect(await refused(json)).toMatchInlineSnapshot(
      `"<dir>/unknown.json:3: there is no option "max-retries" → Did you mean maxRetries?"`,
    );
    const ts = write('unknown.ts', 'export default {\n  levels: [1],\n\n  sead: 4,\n};\n');
    expect(await refused(ts)).toMatchInlineSnapshot(
      `"<dir>/unknown.ts:4: there is no option "sead" → Did you mean seed?"`,
    );
  });

  it('with a value of the wrong type or form is refused with its line', async () => {
    const told = [];
    for (const value of ['[0]', '[]', '{"a":1}', 'null', '[[1]]', 'true', '1.5'])
      told.push(await refused(write('wrong.json', `{\n  "seed": 1,\n  "levels": ${value}\n}\n`)));
    told.push(await refused(write('wrong.json', '{ "timeout": 90 }')));
    told.push(await refused(write('wrong.json', '{ "quiet": 1 }')));
    told.push(await refused(write('wrong.json', '{ "requests": 1e21 }')));
    expect(told).toMatchInlineSnapshot(`
      [
        "<dir>/wrong.json:3: levels: "0" is not a level → Levels are whole numbers from 1 to 10000, for example 1,5,10,20,30.",
        "<dir>/wrong.json:3: levels is empty → Levels are whole numbers from 1 to 10000, for example 1,5,10,20,30.",
        "<dir>/wrong.json:3: levels must be text, a number, a list of numbers, or true or false",
        "<dir>/wrong.json:3: levels must be text, a number, a list of numbers, or true or false",
        "<dir>/wrong.json:3: levels must be text, a number, a list of numbers, or true or false",
        "<dir>/wrong.json:3: levels: "true" is not a level → Levels are whole numbers from 1 to 10000, for example 1,5,10,20,30.",
        "<dir>/wrong.json:3: levels: "1.5" is not a level → Levels are whole numbers from 1 to 10000, for example 1,5,10,20,30.",
        "<dir>/wrong.json:1: timeout: "90" is not a time above zero → Give a number and a unit (ms, s, m, h), for example 30s.",
        "<dir>/wrong.json:1: quiet: "1" is neither true nor false",
        "<dir>/wrong.json:1: requests: "1e+21" is not a whole number of at least 1 → For example 500, or auto.",
      ]
    `);
  });

  it('that is no JSON is refused with the line where it stops being so', async () => {
    const comma = write('comma.json', '{\n  "levels": [1, 5]\n  "seed": 1\n}\n');
    expect(await refused(comma)).toMatchInlineSnapshot(`"<dir>/comma.json:3 is not JSON: comma expected"`);
  });

  it('in JSON may hold comments and a comma after the last value', async () => {
    const config = write('relaxed.json', '// ours\n{\n  "seed": 9, /* why not */\n  "levels": [1, 5,],\n}\n');
    expect(await optionsOf({ config })).toMatchObject({ seed: 9, levels: [1, 5] });
  });

  it('names the line of a value that is no JSON', async () => {
    expect(await refused(write('word.json', '{\n  "levels": five\n}\n'))).toContain('word.json:2 is not');
  });

  it('names the last line of a file that ends too early', async () => {
    expect(await refused(write('short.json', '{\n  "levels": [1,\n'))).toMatch(/short\.json:[23] is not/);
  });

  it('takes no line from a value for the line of the error', async () => {
    expect(await refused(write('quoted.json', '["line 42", y]'))).not.toContain('quoted.json:42');
    expect(await refused(write('quoted.json', '["line 42",\n y]'))).toContain('quoted.json:2 is not');
  });

  it('with a syntax error in TypeScript is refused as a whole', async () => {
    expect(await refused(write('broken.ts', 'export default { levels: [1,\n'))).toMatch(
      /^<dir>\/broken\.ts:\d+ cannot be loaded: /,
    );
  });

  it('that throws is refused with its own words', async () => {
    expect(await refused(write('throws.ts', 'throw new Error("no such luck");\n'))).toBe(
      '<dir>/throws.ts:1 cannot be loaded: no such luck',
    );
  });

  it('that holds no options is refused', async () => {
    const told = [];
    for (const content of ['[]', '7', 'null', '"levels"'])
      told.push(await refused(write('none.json', content)));
    expect(new Set(told)).toMatchInlineSnapshot(`
      Set {
        "<dir>/none.json holds no options → Export an object by default, for example { "levels": [1, 5, 10] }.",
      }
    `);
    expect(await refused(write('none.ts', 'export const other = 1;\n'))).toContain('holds no options');
  });

  it('that is missing is refused', async () => {
    expect(hide(await refusal(optionsOf({ config: `${dir}/missing.json` })))).toMatchInlineSnapshot(
      `"--config <dir>/missing.json: there is no such file → Without --config, bench.config.ts, bench.config.js, bench.config.json are looked for."`,
    );
  });

  it('is not taken for missing where it is a folder', async () => {
    expect(await refused(dir)).toContain('--config <dir>: this is not a file');
  });

  it('names the line of the key, not of a comment that mentions it', async () => {
    const ts = write('comment.ts', '// sead: what we used last week\nexport default {\n  sead: 4,\n};\n');
    expect(await refused(ts)).toContain('comment.ts:3:');
  });
});
