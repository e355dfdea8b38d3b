import type { SweepReport } from '../analyze/report.ts';
import type { Reporter } from './reporter.ts';

/** The bytes of `report.json`: the published schema, keys in the producer's order. */
export const renderJson = (report: SweepReport): string => `${JSON.stringify(report, null, 2)}\n`;

/** The report itself, for programs. */
export const json: Reporter = { format: 'json', file: 'report.json', render: renderJson };
