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
} from './architecture/text-rules.ts';
import { SOURCE_FOLDERS, textOf, typescriptFiles } from './architecture/workspace.ts';

/*
 * What must hold for every file of the repository and no checker can say. That the checkers of `npm test` see every file
 * and fire on a seeded violation is proved beside it, in `architecture/`.
 */

const SOURCES = typescriptFiles(SOURCE_FOLDERS);
const TESTS = typescriptFiles(['test']).filter((path) => path.endsWith('.test.ts'));

const findings = (rule: TextRule, paths: readonly string[]) =>
  paths.flatMap((path) => rule(path, textOf(path)));

describe('every source file', () => {
  it('is seen', () => {
    for (const folder of SOURCE_FOLDERS)
      expect(SOURCES.filter((path) => path.startsWith(`${folder}/`))).not.toEqual([]);
    expect(SOURCES.length).toBeGreaterThan(40);
  });

  it('holds one idea, in at most 250 lines', () => {
    expect(findings(isShort, SOURCES)).toEqual([]);
  });

  it('is named for what it holds', () => {
    expect(findings(isNamed, SOURCES)).toEqual([]);
  });

  it('says what each of its exports means', () => {
    expect(findings(isDocumented, SOURCES)).toEqual([]);
  });

  it('switches no rule off', () => {
    expect(findings(keepsRulesOn, SOURCES)).toEqual([]);
  });

  it('keeps what is made for each attempt out of the old generation', () => {
    expect(findings(keepsYoung, SOURCES)).toEqual([]);
  });

  it('leaves nothing open without an issue', () => {
    expect(findings(isFinished, SOURCES)).toEqual([]);
  });
});

describe('every test file', () => {
  it('runs all of its tests', () => {
    expect(TESTS.length).toBeGreaterThan(10);
    expect(findings(runsEveryTest, TESTS)).toEqual([]);
  });
});
