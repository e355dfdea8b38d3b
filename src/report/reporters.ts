import { csv } from './csv.ts';
import type { Format } from './formats.ts';
import { json } from './json.ts';
import { markdown } from './markdown.ts';
import type { Reporter } from './reporter.ts';
import { terminal } from './terminal.ts';

/** The reporter of every format; a new one is one file, one line here and one name in `formats.ts`. */
export const REPORTERS: Readonly<Record<Format, Reporter>> = { terminal, json, markdown, csv };
