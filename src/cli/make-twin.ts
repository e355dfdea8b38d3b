import { writeFile } from 'node:fs/promises';
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
import { readManifest } from '../store/manifest.ts';
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
const SEEDS = [11, 12, 13, 14, 15] as const;

/** Predictions that differ by more from seed to seed are of a server that goes one way or the other. */
const UNSTEADY = 0.1;

/** Fits a twin to stored runs, writes it, and shows how its predictions compare with what was measured. */
export const runCalibrate = async ({ runs, output, holdout }: CalibrateSettings): Promise<void> => {
  const manifests = await Promise.all(runs.map(readManifest));
  const measured = new Map<number, LevelAccumulator>();
  const observed: ObservedRun[] = [];
  for (const [i, run] of runs.entries()) {
    const records = readRecords(join(run, RUN_FILES.records), manifests[i]?.records);
    observed.push(await observe(run, used(records, measured, new Set(holdout))));
  }
  for (const level of holdout) {
    if (measured.has(level)) continue;
    throw new UsageError(
      `--holdout: no run has measured ${level} at once`,
      `These were: ${[...measured.keys()].join(', ')}.`,
    );
  }
  const [date = ''] = formatInstant(new SystemClock().epoch).split('T');
  const twin = calibrate(observed, date);
  await writeFile(output, `${JSON.stringify(twin, null, 2)}\n`);
  const [manifest] = manifests;
  const levels = [...measured.keys()].filter(Number.isInteger).toSorted((a, b) => a - b);
  const isOpen = manifest?.meta['load'] === 'open';
  const predictions = manifest && !isOpen ? await predict(output, manifest, levels, SEEDS) : [];
  const rows = levels.flatMap((level, index) => {
    const summary = measured.get(level)?.finish();
    const found = predictions.map((each) => each[index]).filter((each) => each !== undefined);
    return summary && found.length > 0 ? [compare(summary, found, holdout.includes(level))] : [];
  });
  process.stdout.write(summaryText(twin, output, rows));
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

const compare = (
  real: LevelSummary,
  predicted: readonly LevelSummary[],
  heldOut: boolean,
): readonly string[] => {
  const measured = figuresOf(real);
  const all = predicted.map(figuresOf);
  const pace = all.map(({ perSecond }) => perSecond);
  const tails = all.map((each) => each.p95);
  const [perSecond, p95] = [median(pace), median(tails)];
  const unsteady = [pace, tails].some(
    (figures) => (Math.max(...figures) - Math.min(...figures)) / median(figures) > 2 * UNSTEADY,
  );
  return [
    String(real.level),
    `${formatNumber(measured.perSecond)}/s`,
    `${formatNumber(perSecond)}/s`,
    differenceText(perSecond, measured.perSecond),
    Number.isFinite(measured.p95) ? formatDuration(measured.p95) : '–',
    Number.isFinite(p95) ? formatDuration(p95) : '–',
    differenceText(p95, measured.p95),
    [heldOut ? 'held out' : 'fitted', ...(unsteady ? ['unsteady'] : [])].join(', '),
  ];
};

const summaryText = (twin: Twin, output: string, rows: readonly (readonly string[])[]): string => {
  const options = renderOptions(process.stdout, process.env);
  const style = styleOf(options);
  const { calibration } = twin;
  const say = (text: string) => wrap(style.plain(text), options.width, 2);
  const distances = Object.entries(calibration.distances).map(
    ([name, value]) => `${name} ${value.toFixed(3)}`,
  );
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
    ...(rows.length > 0
      ? [
          [
            style.strong(`Predicted against measured (median of ${SEEDS.length} virtual runs)`),
            grid(head.map(style.quiet), rows, style.symbols.rule),
            ...(rows.some((row) => row.at(-1)?.includes('unsteady'))
              ? say(
                  'unsteady: virtual runs of this level differ by more than 10 % either way in throughput or p95, and so would real ones: near a limit and in a heavy tail chance decides.',
                )
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
