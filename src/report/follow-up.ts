import type { Meta } from '../analyze/report.ts';
import { shellLine, shellWords } from './shell-words.ts';

/** What a sweep after a search refuses, or gives itself. */
const OF_THE_SEARCH = ['--auto', '--levels', '--max-level', '--budget'] as const;

/** What says nothing of what was measured: where the report went, what it had to keep, and a consent to other costs. */
const OF_THE_REPORT = ['--assert', '--dry-run', '--format', '--html', '--json', '--quiet', '--yes'] as const;

/** The options of a run, each with its value, as they stand in its command line. */
const optionsOf = ({ command }: Meta): readonly (readonly string[])[] => {
  const options: string[][] = [];
  for (const word of shellWords(String(command ?? '')).slice(2)) {
    const last = options.at(-1);
    if (word.startsWith('--')) options.push([word]);
    // What older runs kept without quotes belongs together.
    else if (last?.length === 2) last[1] += ` ${word}`;
    else last?.push(word);
  }
  return options;
};

const kept = (meta: Meta, left: readonly string[]): readonly string[] =>
  optionsOf(meta)
    .filter(([name = '']) => !left.includes(name.replace(/=.*$/s, '')))
    .flat();

/** A sweep of what a run measured, with `added` besides. */
export const sweepCommand = (meta: Meta, added: string): string =>
  `${shellLine(['bench', 'sweep', ...kept(meta, [...OF_THE_SEARCH, ...OF_THE_REPORT])])} ${added}`;

/** The search that a run was, up to a higher level. */
export const higherSearch = (meta: Meta, maxLevel: number): string => {
  const options = kept(meta, ['--auto', '--levels', '--max-level', ...OF_THE_REPORT]);
  return `${shellLine(['bench', 'find', ...options])} --max-level ${maxLevel}`;
};
