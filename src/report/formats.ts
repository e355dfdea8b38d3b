/** Every format that shows a report, by name. Names alone, so that the command line knows them without loading a renderer. */
const REPORT_FORMATS = [
  'terminal',
  'json',
  'markdown',
  'csv',
  'html',
  'junit',
  'github',
  'openmetrics',
] as const;

/** Every format that lists a run's requests, by name. */
const REQUEST_FORMATS = ['csv-requests'] as const;

/** Every output format by name. */
export const FORMATS = [...REPORT_FORMATS, ...REQUEST_FORMATS] as const;

/** Name of a format that shows a report. */
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Name of a format that lists requests, one by one. */
export type RequestFormat = (typeof REQUEST_FORMATS)[number];

/** Name of an output format. */
export type Format = ReportFormat | RequestFormat;

/** Whether a format lists requests, for which a run must have kept them. */
export const listsRequests = (format: Format): format is RequestFormat =>
  (REQUEST_FORMATS as readonly string[]).includes(format);

/** Shorter names that are understood as well. */
export const FORMAT_ALIASES = { md: 'markdown' } as const satisfies Readonly<Record<string, Format>>;

/** A format as a user may write it. */
export type FormatOrAlias = Format | keyof typeof FORMAT_ALIASES;

/** The formats as a user may write them, aliases last. */
export const FORMAT_NAMES: readonly FormatOrAlias[] = [
  ...FORMATS,
  ...(Object.keys(FORMAT_ALIASES) as (keyof typeof FORMAT_ALIASES)[]),
];

/** The format that a name or alias stands for. */
export const formatOf = (name: FormatOrAlias): Format =>
  name in FORMAT_ALIASES ? FORMAT_ALIASES[name as 'md'] : (name as Format);
