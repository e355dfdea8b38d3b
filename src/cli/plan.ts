import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { SweepReport } from '../analyze/report.ts';
import type { PlanOptions } from '../config/plan-options.ts';
import { findTiers } from '../config/plan-tiers.ts';
import { type MeasuredWork, resolvePlan } from '../config/resolve-plan.ts';
import { UsageError } from '../core/errors.ts';
import { plan } from '../plan/plan.ts';
import type { PlanReport } from '../plan/report.ts';
import { planMarkdown } from '../report/plan/plan-markdown.ts';
import { planTerminal } from '../report/plan/plan-terminal.ts';
import type { RenderOptions } from '../report/reporter.ts';
import { reportFromDisk } from './build-report.ts';
import { renderOptions } from './output.ts';

const RENDERERS = {
  terminal: planTerminal,
  markdown: planMarkdown,
  json: (report: PlanReport) => `${JSON.stringify(report, null, 2)}\n`,
} as const satisfies Readonly<Record<string, (report: PlanReport, options: RenderOptions) => string>>;

const BY_EXTENSION: Readonly<Record<string, keyof typeof RENDERERS>> = {
  '.md': 'markdown',
  '.json': 'json',
  '.txt': 'terminal',
};

/** What the recommended level of a run, or its lowest, says about the work. Throws `UsageError` where nothing succeeded. */
const measuredWork = (run: string, { levels, sweetSpot }: SweepReport): MeasuredWork => {
  const level =
    levels.find((each) => each.level === sweetSpot?.level) ?? levels.find(({ counts }) => counts.ok > 0);
  const latency = level?.metrics.attemptTime;
  if (!level || !latency) {
    throw new UsageError(`--from ${run}: no request of this run succeeded`, 'Plan from another run.');
  }
  const { counts, tokens, metrics } = level;
  const output = metrics.outputTokens;
  return {
    source: `${run}, ${level.level} at once`,
    latencyMs: latency.mean,
    latencyCv: latency.stdev / latency.mean,
    inputTokens: tokens.input > 0 ? tokens.input / counts.ok : undefined,
    outputTokens: output?.mean,
    tokensCv: output ? output.stdev / output.mean : undefined,
    retryOverhead: (level.attemptsPerSuccess ?? 1) - 1,
  };
};

/** Makes the plan and shows or writes it. */
export const runPlan = async (options: PlanOptions): Promise<void> => {
  const measured =
    options.from === undefined ? undefined : measuredWork(options.from, await reportFromDisk(options.from));
  const inputs = resolvePlan(options, await findTiers(options.tiers, options.tier), measured);
  const format = formatOf(options);
  const text = RENDERERS[format](plan(inputs), renderOptions(process.stdout, process.env));
  if (options.out === undefined) process.stdout.write(text);
  else await writeFile(options.out, text);
};

const formatOf = ({ format, out }: PlanOptions): keyof typeof RENDERERS => {
  if (format === 'md') return 'markdown';
  if (format === 'html') throw new UsageError('--format html is not there yet');
  if (format !== undefined) return format;
  return BY_EXTENSION[extname(out ?? '')] ?? 'terminal';
};
