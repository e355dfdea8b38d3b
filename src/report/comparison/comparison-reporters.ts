import type { ComparisonFormat, ComparisonReporter } from './comparison-reporter.ts';

/** The reporter of every format of a comparison, loaded when it is asked for. */
export const COMPARISON_REPORTERS: Readonly<Record<ComparisonFormat, () => Promise<ComparisonReporter>>> = {
  terminal: async () => (await import('./comparison-terminal.ts')).comparisonTerminal,
  markdown: async () => (await import('./comparison-markdown.ts')).comparisonMarkdown,
  json: async () => (await import('./comparison-json.ts')).comparisonJson,
  junit: async () => (await import('./comparison-junit.ts')).comparisonJunit,
  github: async () => (await import('./comparison-github.ts')).comparisonGithub,
};
