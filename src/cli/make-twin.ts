import { realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calibrate, type Twin } from '../calibrate/calibrate.ts';
import { type ObservedRun, observe } from '../calibrate/observations.ts';
import { type LevelPrediction, predictionOf } from '../calibrate/prediction.ts';
import { SystemClock } from '../core/clock.ts';
import { UsageError } from '../core/errors.ts';
import { formatInstant } from '../core/instant.ts';
import type { RequestRecord } from '../core/record.ts';
import { formatNumber } from '../core/units.ts';
import { LevelAccumulator } from '../measure/summarize.ts';
import { styleOf } from '../report/style.ts';
import { wrap } from '../report/wrap.ts';
import { type Manifest, readManifest } from '../store/manifest.ts';
import { readRecords } from '../store/records.ts';
import { RUN_FILES } from '../store/run-dir.ts';
import { renderOptions } from './output.ts';
import { predict } from './predict.ts';
import { predictionTable, type RunPrediction } from './prediction-table.ts';
import { isSimulated } from './simulated-run.ts';

/** What to calibrate from, where to, and what to leave out to test the twin on. */
export interface CalibrateSettings {
  readonly runs: readonly string[];
  readonly output: string;
  readonly holdout: readonly number[];
}

/** Virtual runs of a prediction: one alone would show its own luck. */
const SEEDS = [11, 12, 13, 14, 15, 16, 17, 18, 19] as const;

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
  if ([...levels].every((level) => heldOut.has(level)))
    throw new UsageError(
      '--holdout leaves no level to learn from',
      'Hold out fewer: two or three levels between the others show the most.',
    );
  const [date = ''] = formatInstant(new SystemClock().epoch).split('T');
  const fitted = calibrate(
    measured.map(({ observed }) => observed),
    date,
  );
  const simulated = measured.some(({ manifest }) => isSimulated(manifest.meta));
  const twin = simulated ? { ...fitted, calibration: { ...fitted.calibration, simulated } } : fitted;
  await write(output, twin);
  const compared: RunPrediction[] = [];
  for (const [index, each] of measured.entries()) {
    const run = runs.length > 1 ? index + 1 : undefined;
    compared.push(...(await compareRun(output, each, heldOut)).map((level) => ({ ...level, run })));
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
): Promise<readonly LevelPrediction[]> => {
  if (manifest.meta['load'] === 'open') return [];
  const levels = [...measured.keys()].filter(Number.isInteger).toSorted((a, b) => a - b);
  const predictions = await predict(twin, manifest, levels, SEEDS);
  return levels.flatMap((level, index) => {
    const summary = measured.get(level)?.finish();
    const found = predictions.map((each) => each[index]).filter((each) => each !== undefined);
    return summary && found.length > 0 ? [predictionOf(summary, found, heldOut.has(level))] : [];
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

const summaryText = (twin: Twin, output: string, compared: readonly RunPrediction[]): string => {
  const options = renderOptions(process.stdout, process.env);
  const style = styleOf(options);
  const { calibration } = twin;
  const say = (text: string) => wrap(style.plain(text), options.width, 2);
  const distances = Object.entries(calibration.distances).map(
    ([name, value]) => `${name} ${value.toFixed(3)}`,
  );
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
    ...(compared.length > 0 ? [predictionTable(compared, SEEDS.length, options)] : []),
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
