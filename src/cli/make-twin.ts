import { realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calibrate, type Twin } from '../calibrate/calibrate.ts';
import { type ObservedRun, observe } from '../calibrate/observations.ts';
import { SystemClock } from '../core/clock.ts';
import { UsageError } from '../core/errors.ts';
import { formatInstant } from '../core/instant.ts';
import type { RequestRecord } from '../core/record.ts';
import { formatDuration, formatNumber } from '../core/units.ts';
import type { LevelSummary } from '../measure/level-summary.ts';
import { LevelAccumulator } from '../measure/summarize.ts';
import { grid } from '../report/grid.ts';
import { styleOf } from '../report/style.ts';
import { wrap } from '../report/wrap.ts';
import { median } from '../stats/quantile.ts';
import { type Manifest, readManifest } from '../store/manifest.ts';
import { readRecords } from '../store/records.ts';
import { RUN_FILES } from '../store/run-dir.ts';
import { renderOptions } from './output.ts';
import { predict } from './predict.ts';

/** What to calibrate from, where to, and what to leave out to test the twin on. */
export interface CalibrateSettings {
  readonly runs: readonly string[];
  readonly output: string;
  readonly holdout: readonly number[];
}

/** Virtual runs of a prediction: one alone would show its own luck. */
const SEEDS = [11, 12, 13, 14, 15, 16, 17, 18, 19] as const;

/** Predictions that differ by more from seed to seed are of a server that goes one way or the other. */
const UNSTEADY = 0.1;

/** A stored run: what it put on its endpoint, and what it measured. */
interface MeasuredRun {
  readonly run: string;
  readonly manifest: Manifest;
  readonly observed: ObservedRun;
  readonly levels: ReadonlyMap<number, LevelAccumulator>;
}

const measuredRun = async (run: string, heldOut: ReadonlySet<number>): Promise<MeasuredRun> => {
  const manifest = await readManifest(run);
  const levels = new Map<number, LevelAccumulator>();
  const records = used(readRecords(join(run, RUN_FILES.records), manifest.records), levels, heldOut);
  return { run, manifest, observed: await observe(run, records), levels };
};

/** Fits a twin to stored runs, writes it, and shows how its predictions compare with what was measured. */
export const runCalibrate = async ({ runs, output, holdout }: CalibrateSettings): Promise<void> => {
  await refuseTwice(runs);
  const heldOut = new Set(holdout);
  const measured: MeasuredRun[] = [];
  for (const run of runs) measured.push(await measuredRun(run, heldOut));
  const levels = new Set(measured.flatMap((each) => [...each.levels.keys()]));
  for (const level of holdout) {
    if (levels.has(level)) continue;
    throw new UsageError(
      `--holdout: no run has measured ${level} at once`,
      `These were: ${[...levels].join(', ')}.`,
    );
  }
  const [date = ''] = formatInstant(new SystemClock().epoch).split('T');
  const twin = calibrate(
    measured.map(({ observed }) => observed),
    date,
  );
  await write(output, twin);
  const compared: Compared[] = [];
  for (const [index, each] of measured.entries()) {
    const rows = await compareRun(output, each, heldOut);
    compared.push(...(runs.length > 1 ? rows.map((row) => fromRun(row, index + 1)) : rows));
  }
  process.stdout.write(summaryText(twin, output, compared));
};

/** A run that is given twice would count twice, and every interval be too narrow. */
const refuseTwice = async (runs: readonly string[]): Promise<void> => {
  const folders = new Map<string, string>();
  for (const run of runs) {
    const folder = await realpath(run).catch(() => run);
    const same = folders.get(folder);
    if (same !== undefined)
      throw new UsageError(`${run} is the same run as ${same}`, 'Name each run once: it would count twice.');
    folders.set(folder, run);
  }
};

const write = async (output: string, twin: Twin): Promise<void> => {
  try {
    await writeFile(output, `${JSON.stringify(twin, null, 2)}\n`);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new UsageError(
      `--output ${output} cannot be written: ${error.message}`,
      'Name a file in a folder that exists.',
    );
  }
};

/** Each level of a run beside what the twin predicts for it under that run's load; nothing for an open loop. */
const compareRun = async (
  twin: string,
  { manifest, levels: measured }: MeasuredRun,
  heldOut: ReadonlySet<number>,
): Promise<readonly Compared[]> => {
  if (manifest.meta['load'] === 'open') return [];
  const levels = [...measured.keys()].filter(Number.isInteger).toSorted((a, b) => a - b);
  const predictions = await predict(twin, manifest, levels, SEEDS);
  return levels.flatMap((level, index) => {
    const summary = measured.get(level)?.finish();
    const found = predictions.map((each) => each[index]).filter((each) => each !== undefined);
    return summary && found.length > 0 ? [compare(summary, found, heldOut.has(level))] : [];
  });
};

/** Passes on what is not held out, and folds everything into figures. */
async function* used(
  records: AsyncIterable<RequestRecord>,
  measured: Map<number, LevelAccumulator>,
  heldOut: ReadonlySet<number>,
): AsyncGenerator<RequestRecord> {
  for await (const record of records) {
    if (record.phase === 'measure') {
      const level = measured.get(record.level) ?? new LevelAccumulator(record.level);
      measured.set(record.level, level);
      level.add(record);
    }
    if (!heldOut.has(record.level)) yield record;
  }
}

const figuresOf = ({ rates, metrics }: LevelSummary) => ({
  perSecond: rates.achievedPerSecond,
  p95: metrics.serviceTime?.p95 ?? Number.NaN,
});

const differenceText = (predicted: number, real: number): string => {
  const percent = (predicted / real - 1) * 100;
  return Number.isFinite(percent) ? `${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(1)} %` : '–';
};

/** A level in the table, and what lies between which figures where the middle one says too little. */
interface Compared {
  readonly row: readonly string[];
  readonly range: string | undefined;
}

const compare = (real: LevelSummary, predicted: readonly LevelSummary[], heldOut: boolean): Compared => {
  const measured = figuresOf(real);
  const all = predicted.map(figuresOf);
  const pace = all.map(({ perSecond }) => perSecond);
  const tails = all.map((each) => each.p95);
  const [perSecond, p95] = [median(pace), median(tails)];
  const unsteady = [pace, tails].some(
    (figures) => (Math.max(...figures) - Math.min(...figures)) / median(figures) > 2 * UNSTEADY,
  );
  const apart = [perSecond / measured.perSecond, p95 / measured.p95].some(
    (ratio) => Math.abs(ratio - 1) > UNSTEADY,
  );
  const row = [
    String(real.level),
    `${formatNumber(measured.perSecond)}/s`,
    `${formatNumber(perSecond)}/s`,
    differenceText(perSecond, measured.perSecond),
    Number.isFinite(measured.p95) ? formatDuration(measured.p95) : '–',
    Number.isFinite(p95) ? formatDuration(p95) : '–',
    differenceText(p95, measured.p95),
    [heldOut ? 'held out' : 'fitted', ...(unsteady ? ['unsteady'] : [])].join(', '),
  ];
  const between = (figures: readonly number[], format: (value: number) => string) =>
    `${format(Math.min(...figures))} to ${format(Math.max(...figures))}`;
  const range = `${real.level} at once: ${between(pace, formatNumber)}/s, p95 ${between(tails, formatDuration)}`;
  return { row, range: unsteady || apart ? range : undefined };
};

const fromRun = ({ row, range }: Compared, run: number): Compared => ({
  row: [...row.slice(0, -1), `${row.at(-1)}, run ${run}`],
  range: range && `run ${run}, ${range}`,
});

const summaryText = (twin: Twin, output: string, compared: readonly Compared[]): string => {
  const options = renderOptions(process.stdout, process.env);
  const style = styleOf(options);
  const { calibration } = twin;
  const say = (text: string) => wrap(style.plain(text), options.width, 2);
  const distances = Object.entries(calibration.distances).map(
    ([name, value]) => `${name} ${value.toFixed(3)}`,
  );
  const ranges = compared.flatMap(({ range }) => range ?? []);
  const head = ['at once', 'measured', 'predicted', '', 'p95', 'predicted', '', ''];
  const parts = [
    [style.good(`Twin of ${calibration.runs.join(', ')} in ${output}`)],
    [
      style.strong('What it is made of (and the range that fits the data as well)'),
      ...calibration.numbers.flatMap(({ name, value, low, high, how }) =>
        say(
          `${name}: ${formatNumber(value)}${low === high ? '' : ` (${formatNumber(low)} to ${formatNumber(high)})`}; ${how}`,
        ),
      ),
      ...say(`Distance of the fitted distributions from the sample: ${distances.join(', ')} (0 is perfect).`),
      ...(calibration.limitExplains === null
        ? []
        : say(
            `The limit decides ${(calibration.limitExplains * 100).toFixed(1)} % of all attempts as the endpoint did.`,
          )),
    ],
    ...(compared.length > 0
      ? [
          [
            style.strong(`Predicted against measured (median of ${SEEDS.length} virtual runs)`),
            grid(
              head.map(style.quiet),
              compared.map(({ row }) => row),
              style.symbols.rule,
            ),
            ...(ranges.length > 0
              ? [
                  ...say(
                    'Near a limit and in a heavy tail chance decides, there as here. Where virtual runs differ by more than 10 % either way (unsteady), or their median from what was measured, they lie between:',
                  ),
                  ...ranges.flatMap((range) => say(`- ${range}`)),
                ]
              : []),
          ],
        ]
      : []),
    ...(calibration.unknown.length > 0
      ? [
          [
            style.strong('What the data do not tell'),
            ...calibration.unknown.flatMap((text) => say(`! ${text}`)),
          ],
        ]
      : []),
    [
      ...say(`Predict with it: bench sweep --simulate --profile ${output} --levels 1,10,100`),
      ...say(`Plan with it: bench plan --from ${output} --requests 1M/day`),
    ],
  ];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
};
