import { printable } from './style.ts';

/** How an annotation is shown. */
export type Severity = 'notice' | 'warning' | 'error';

/** Text of a workflow command, in which per cent signs and line breaks have a meaning of their own. */
const message = (text: string): string => printable(text).replaceAll('%', '%25');

/** The same inside a property, where colons and commas have one too. */
const property = (text: string): string => message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** A workflow command of GitHub Actions that annotates the run. */
export const workflowCommand = (severity: Severity, title: string, text: string): string =>
  `::${severity} title=${property(title)}::${message(text)}`;
