import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { SweepReport } from '../analyze/report.ts';
import { observe } from '../calibrate/observations.ts';
import type { PlanOptions } from '../config/plan-options.ts';
import { measuredTier, readTwin } from '../config/plan-source.ts';
import { findTiers } from '../config/plan-tiers.ts';
import { type MeasuredWork, resolvePlan } from '../config/resolve-plan.ts';
import { UsageError } from '../core/errors.ts';
import type { Tier } from '../plan/inputs.ts';
import { plan } from '../plan/plan.ts';
import type { PlanReport } from '../plan/report.ts';
import { planHtml } from '../report/plan/plan-html.ts';
import { planMarkdown } from '../report/plan/plan-markdown.ts';
import { planTerminal } from '../report/plan/plan-terminal.ts';
import type { RenderOptions } from '../report/reporter.ts';
import { renderOptions } from './output.ts';
import { isSimulated } from './simulated-run.ts';
import { openRun } from './stored-run.ts';

const RENDERERS = {
  terminal: planTerminal,
  markdown: planMarkdown,
  html: planHtml,
  json: (report: PlanReport) => `${JSON.stringify(report, null, 2)}\n`,
} as const satisfies Readonly<Record<string, (report: PlanReport, options: RenderOptions) => string>>;

const BY_EXTENSION: Readonly<Record<string, keyof typeof RENDERERS>> = {
  '.md': 'markdown',
  '.json': 'json',
  '.html': 'html',
  '.txt': 'terminal',
};

/** Where a provider's own tiers hold; a compatible server elsewhere has limits of its own. */
const HOSTS: readonly string[] = ['api.openai.com', 'api.anthropic.com'];

/** What the recommended level of a run, or its lowest, says about the work. Throws `UsageError` where nothing succeeded. */
const measuredWork = (run: string, { levels, sweetSpot, meta }: SweepReport): MeasuredWork => {
  const level =
    levels.find((each) => each.level === sweetSpot?.level) ?? levels.find(({ counts }) => counts.ok > 0);
  const latency = level?.metrics.attemptTime;
  if (!level || !latency) {
    throw new UsageError(`--from ${run}: no request of this run succeeded`, 'Plan from another run.');
  }
  const { counts, tokens, metrics } = level;
  const output = metrics.outputTokens;
  const [target, model, baseUrl, profile] = ['target', 'model', 'baseUrl', 'profile'].map((key) =>
    meta[key] === undefined ? undefined : String(meta[key]),
  );
  const simulated = isSimulated(meta);
  const where = profile === undefined ? (baseUrl ?? target) : `the mock's profile ${profile}`;
  return {
    source: `${run}: ${level.level} at once on ${where}${simulated ? ', simulated' : ''}`,
    isSimulated: simulated,
    model,
    api: target === 'anthropic' || meta['simulated'] === 'anthropic' ? 'anthropic' : 'openai',
    provider: HOSTS.some((host) => baseUrl?.includes(host)) ? target : undefined,
    latencyMs: latency.mean,
    latencyCv: latency.stdev / latency.mean,
    inputTokens: tokens.input > 0 ? tokens.input / counts.ok : undefined,
    outputTokens: output?.mean,
    tokensCv: output ? output.stdev / output.mean : undefined,
    retryOverhead: (level.attemptsPerSuccess ?? 1) - 1,
  };
};

/** What a run or a twin says: of the work, and of the limits where it has met any. */
const known = async (from: string): Promise<{ work: MeasuredWork; tier: Tier | undefined }> => {
  if (from.endsWith('.json') && !from.endsWith('report.json')) return readTwin(from);
  const { report, records } = await openRun(from, false);
  const date = String(report.meta['startedAt'] ?? '').slice(0, 10) || 'no date given';
  const tier = records && measuredTier(await observe(from, records()), date);
  return { work: measuredWork(from, report), tier };
};

/** Makes the plan and shows or writes it. */
export const runPlan = async (options: PlanOptions): Promise<void> => {
  const from = options.from === undefined ? undefined : await known(options.from);
  const tiers = await findTiers(
    options.tiers,
    options.tier ?? (options.tiers ? undefined : from?.work.provider),
  );
  const inputs = resolvePlan(options, from?.tier ? [from.tier, ...tiers] : tiers, from?.work);
  const format = formatOf(options);
  const status = statusLine(process.stderr);
  const report = plan(inputs, (name) => status.show(`planning for ${name}`));
  status.clear();
  const text = RENDERERS[format](report, renderOptions(process.stdout, process.env));
  if (options.out === undefined) process.stdout.write(text);
  else {
    await writeFile(options.out, text).catch((error: Error) => {
      throw new UsageError(
        `--out ${options.out} cannot be written: ${error.message}`,
        'Name a file in a folder that exists.',
      );
    });
    process.stderr.write(`${report.summary}\n${options.out}\n`);
  }
};

/** One line that is written over, on a terminal; nothing in a pipe. */
const statusLine = (stream: NodeJS.WriteStream) => {
  const write = (text: string) => {
    if (stream.isTTY) stream.write(`\r\u001b[2K${text}`);
  };
  return { show: write, clear: () => write('') };
};

const formatOf = ({ format, out }: PlanOptions): keyof typeof RENDERERS => {
  if (format === 'md') return 'markdown';
  if (format !== undefined) return format;
  const extension = extname(out ?? '');
  const found = BY_EXTENSION[extension];
  if (found || extension === '') return found ?? 'terminal';
  throw new UsageError(
    `--out ${out}: no format is known by the ending ${extension}`,
    `Known: ${Object.keys(BY_EXTENSION).join(', ')}; or name the format with --format.`,
  );
};
