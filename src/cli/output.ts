import type { SweepReport } from '../analyze/report.ts';
import type { Format } from '../report/formats.ts';
import type { RenderOptions } from '../report/reporter.ts';
import { REPORTERS } from '../report/reporters.ts';

/** Narrowest and widest text that is laid out; a pipe gets the usual 80 columns. */
const WIDTH = { min: 60, max: 140, pipe: 80 };

/** What the stream at the other end can show. NO_COLOR and FORCE_COLOR as at no-color.org. */
export const renderOptions = (stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): RenderOptions => {
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
  const forbidden = Boolean(env['NO_COLOR']) || env['TERM'] === 'dumb';
  const columns = stream.columns ?? (Number(env['COLUMNS']) || WIDTH.pipe);
  return {
    color: !forbidden && (forced || stream.isTTY === true),
    width: Math.min(WIDTH.max, Math.max(WIDTH.min, columns)),
    unicode: env['TERM'] !== 'linux' && env['TERM'] !== 'dumb',
  };
};

/** Prints a report to stdout in one of the known formats. */
export const printReport = (report: SweepReport, format: Format): void => {
  process.stdout.write(REPORTERS[format].render(report, renderOptions(process.stdout, process.env)));
};
