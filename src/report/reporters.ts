import type { ReportFormat, RequestFormat } from './formats.ts';
import type { Reporter, RequestReporter } from './reporter.ts';

/**
 * The reporter of every format that shows a report, loaded when it is asked for: nobody waits for an XML library who wants a
 * table. A new one is one file, one line here and one name in `formats.ts`.
 */
export const REPORTERS: Readonly<Record<ReportFormat, () => Promise<Reporter>>> = {
  terminal: async () => (await import('./terminal.ts')).terminal,
  json: async () => (await import('./json.ts')).json,
  markdown: async () => (await import('./markdown.ts')).markdown,
  csv: async () => (await import('./csv.ts')).csv,
  html: async () => (await import('./html/html.ts')).htmlPage,
  junit: async () => (await import('./junit.ts')).junit,
  github: async () => (await import('./github.ts')).github,
  openmetrics: async () => (await import('./openmetrics.ts')).openmetrics,
};

/** The reporter of every format that lists requests. */
export const REQUEST_REPORTERS: Readonly<Record<RequestFormat, () => Promise<RequestReporter>>> = {
  'csv-requests': async () => (await import('./csv-requests.ts')).csvRequests,
};
