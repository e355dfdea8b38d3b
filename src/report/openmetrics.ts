import type { LevelReport, SweepReport } from '../analyze/report.ts';
import { COLUMNS, type Column } from './columns.ts';
import type { Reporter } from './reporter.ts';
import { printable } from './style.ts';

/** What OpenMetrics calls the unit, and the factor into it: base units, seconds and not milliseconds. */
const UNITS: Readonly<Record<string, readonly [unit: string, factor: number]>> = {
  ms: ['seconds', 1 / 1000],
  'ok/s': ['requests_per_second', 1],
  share: ['ratio', 1],
};

const unitOf = ({ unit }: Column): readonly [unit: string, factor: number] =>
  UNITS[unit] ?? [unit.toLowerCase().replace('/s', '_per_second'), 1];

type Labels = Readonly<Record<string, string>>;

const labelText = (labels: Labels): string => {
  const parts = Object.entries(labels).map(
    ([name, value]) =>
      `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
  );
  return parts.length > 0 ? `{${parts.join(',')}}` : '';
};

interface Family {
  readonly name: string;
  readonly type: 'gauge' | 'info';
  readonly unit?: string;
  readonly help: string;
  readonly samples: readonly (readonly [labels: Labels, value: number])[];
}

const familyText = ({ name, type, unit, help, samples }: Family): string =>
  [
    `# TYPE ${name} ${type}`,
    ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
    `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')}`,
    ...samples.map(
      ([labels, value]) => `${name}${type === 'info' ? '_info' : ''}${labelText(labels)} ${value}`,
    ),
  ].join('\n');

/** What tells one run from another on a dashboard; the rest of the run's facts stand in its info. */
const IDENTITY = ['scenario', 'target', 'model', 'profile'] as const;

const identity = ({ meta }: SweepReport): Labels =>
  Object.fromEntries(
    IDENTITY.flatMap((name) => (meta[name] === undefined ? [] : [[name, printable(String(meta[name]))]])),
  );

const figures = (report: SweepReport): readonly Family[] =>
  COLUMNS.slice(1).flatMap((column): readonly Family[] => {
    const [unit, factor] = unitOf(column);
    const samples = report.levels.flatMap((level: LevelReport) => {
      const value = column.value(level);
      return value === null || !Number.isFinite(value)
        ? []
        : [[{ ...identity(report), level: String(level.level) }, value * factor] as const];
    });
    const stem = column.id.endsWith(`_${unit}`) ? column.id : `${column.id}_${unit}`;
    return samples.length === 0
      ? []
      : [{ name: `bench_${stem}`, type: 'gauge', unit, help: column.label, samples }];
  });

const thresholds = (report: SweepReport): readonly Family[] => {
  const { assertions = [] } = report;
  if (assertions.length === 0) return [];
  const samples = assertions.map(
    ({ assertion, level, passed }) =>
      [
        {
          ...identity(report),
          threshold: printable(assertion),
          ...(level === null ? {} : { level: String(level) }),
        },
        passed ? 1 : 0,
      ] as const,
  );
  return [{ name: 'bench_threshold_kept', type: 'gauge', help: '1 if the threshold was kept', samples }];
};

/** For Prometheus and its kin: every figure of every level as a gauge, in base units, and the run's facts as an info. */
export const openmetrics: Reporter = {
  format: 'openmetrics',
  file: 'metrics.txt',
  render(report) {
    const facts = Object.fromEntries(
      Object.entries(report.meta).map(([name, value]) => [
        name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll(/[^a-z0-9_]/g, '_'),
        printable(String(value)),
      ]),
    );
    const spot = report.sweetSpot?.level;
    const families: readonly Family[] = [
      { name: 'bench_run', type: 'info', help: 'what was measured, and how', samples: [[facts, 1]] },
      ...(spot === undefined
        ? []
        : [
            {
              name: 'bench_sweet_spot_calls',
              type: 'gauge',
              unit: 'calls',
              help: 'calls at once to use',
              samples: [[identity(report), spot]],
            } as const,
          ]),
      ...thresholds(report),
      ...figures(report),
    ];
    return `${[...families.map(familyText), '# EOF'].join('\n')}\n`;
  },
};
