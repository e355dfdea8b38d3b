import type { HarnessOverhead, Meta, SweepReport } from '../analyze/report.ts';
import { formatDuration, formatNumber } from '../core/units.ts';

/** A named line about the run, unpainted. */
export interface Heading {
  readonly name: string;
  readonly text: string;
}

const known = (meta: Meta, key: string): string | undefined => {
  const value = meta[key];
  return value === undefined || value === '' ? undefined : String(value);
};

const joined = (parts: readonly (string | undefined)[], separator: string): string | undefined =>
  parts.filter((part) => part !== undefined).join(separator) || undefined;

const labelled = (meta: Meta, key: string, label = key): string | undefined => {
  const value = known(meta, key);
  return value === undefined ? undefined : `${label} ${value}`;
};

/** What was measured, against what, how, and in which time; lines about which nothing is known are left out. */
export const headings = ({ meta, overhead }: SweepReport): readonly Heading[] => {
  const profile = known(meta, 'profile');
  const timeout = meta['attemptTimeoutMs'];
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['Scenario', joined([known(meta, 'scenario'), labelled(meta, 'seed')], ', ')],
    [
      'Target',
      joined(
        [
          joined([known(meta, 'target'), profile && `(profile ${profile})`], ' '),
          joined([labelled(meta, 'model'), labelled(meta, 'baseUrl', 'at')], ' '),
        ],
        ', ',
      ),
    ],
    [
      'Load',
      joined(
        [
          known(meta, 'measured'),
          meta['load'] === 'open'
            ? joined(
                [
                  'open loop',
                  labelled(meta, 'arrival', 'arrivals:'),
                  meta['maxInFlight'] === undefined ? undefined : `at most ${meta['maxInFlight']} open`,
                ],
                ', ',
              )
            : labelled(meta, 'ramp', 'ramp'),
        ],
        '; ',
      ),
    ],
    [
      'Client',
      joined(
        [
          labelled(meta, 'limiter', 'limiter:'),
          typeof timeout === 'number' ? `timeout ${formatDuration(timeout)} per attempt` : undefined,
          labelled(meta, 'retry', 'retry:'),
        ],
        '; ',
      ),
    ],
    ['Predicted', predictionText(meta)],
    ['Time', joined([timeText(meta), overhead ? overheadText(overhead) : undefined], '; ')],
  ];
  return lines.flatMap(([name, text]) => (text === undefined ? [] : [{ name, text }]));
};

/** That no figure of the run was measured, and how far it can be trusted. */
const predictionText = (meta: Meta): string | undefined => {
  if (meta['predicted'] !== true) return undefined;
  const beyond = known(meta, 'beyondMeasured');
  return joined(
    [
      'every figure is predicted by a twin, none is measured',
      labelled(meta, 'predictedFrom', 'twin of'),
      beyond && `beyond what was measured: ${beyond}`,
    ],
    '; ',
  );
};

const isScaled = (speed: Meta[string] | undefined): speed is number =>
  typeof speed === 'number' && Number.isFinite(speed) && speed > 0 && speed !== 1;

const timeText = (meta: Meta): string | undefined => {
  if (meta['simulated'] !== undefined) return 'simulated: nothing was sent, and all times are virtual';
  const speed = meta['speed'];
  if (isScaled(speed)) return `all times are model time: ${trimmed(speed)} s pass in 1 s`;
  return speed === undefined ? undefined : 'real time';
};

/** `40`, not `40.0`. */
const trimmed = (value: number): string => (Number.isInteger(value) ? String(value) : formatNumber(value));

const overheadText = ({ perCallRealMs, perCallMs }: HarnessOverhead): string => {
  const real = formatDuration(perCallRealMs);
  return perCallRealMs === perCallMs
    ? `the harness adds ${real} to each call`
    : `the harness adds ${real} of real time to each call, which counts as ${formatDuration(perCallMs)}`;
};
