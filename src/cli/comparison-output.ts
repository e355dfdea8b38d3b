import { appendFile } from 'node:fs/promises';
import type { Comparison } from '../analyze/compare.ts';
import type { ComparisonOptions } from '../config/compare-options.ts';
import { BenchError, EXIT, type ExitCode } from '../core/errors.ts';
import type { ComparedNames } from '../report/comparison/comparison-reporter.ts';
import { COMPARISON_REPORTERS } from '../report/comparison/comparison-reporters.ts';
import { emit } from './output.ts';

const IN_FILES = { color: false, width: 100, unicode: true };

/** Prints a comparison, or writes it to `file`, and where the format asks for it appends the Markdown form to a CI step's summary. */
export const printComparison = async (
  comparison: Comparison,
  names: ComparedNames,
  { format, json }: Pick<ComparisonOptions, 'format' | 'json'>,
  file?: string,
): Promise<void> => {
  const name = json ? 'json' : format === 'md' ? 'markdown' : format;
  const reporter = await COMPARISON_REPORTERS[name]();
  await emit(async (options) => reporter.render(comparison, names, options), file);
  const path = reporter.appends && process.env[reporter.appends];
  if (!path) return;
  const text = (await COMPARISON_REPORTERS.markdown()).render(comparison, names, IN_FILES);
  await appendFile(path, text).catch((cause: unknown) => {
    throw new BenchError(EXIT.internal, `${path} (${reporter.appends}) cannot be written: ${cause}`, {
      cause,
    });
  });
};

/** How `bench compare` and `bench ab` end: only a regression is one, unless what is open or merely changed counts too. */
export const exitCodeOf = (
  { verdict }: Comparison,
  { strict }: Pick<ComparisonOptions, 'strict'>,
): ExitCode =>
  verdict === 'regressed' || (strict && (verdict === 'inconclusive' || verdict === 'changed'))
    ? EXIT.regression
    : EXIT.ok;
