import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bench, freshDir } from '../support/bench-process.ts';

const CALL = "{ messages: [{ role: 'user', content: word }], maxTokens: 5, stream: false }";
const SCENARIO = `{ name: 'mine', description: 'own', requests: 5, call: () => (${CALL}) }`;

/** `npm init` makes a project of this type, in which node takes `.ts` and `.js` files for CommonJS. */
const project = (name: string, content: string): string => {
  const cwd = freshDir();
  writeFileSync(join(cwd, 'package.json'), '{ "type": "commonjs" }');
  writeFileSync(join(cwd, 'words.ts'), "export const word: string = 'ticket';\n");
  writeFileSync(join(cwd, name), content);
  return cwd;
};

describe('a scenario in a project of type commonjs', () => {
  it.each([
    ['mine.ts', `import { word } from './words.ts';\nexport const mine: object = ${SCENARIO};\n`],
    ['mine.js', `import { word } from './words.ts';\nexport const mine = ${SCENARIO};\n`],
    ['mine.js', `// export nothing\nconst word = 'ticket';\nmodule.exports.mine = ${SCENARIO};\n`],
  ])('is read as what it is written as: %s', async (name, content) => {
    const { code, stdout, stderr } = await bench(
      ['sweep', '--simulate', '--levels', '1', '--json', '--quiet', '--scenario', `./${name}`],
      { cwd: project(name, content) },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout).meta.scenario).toBe('mine');
  });
});
