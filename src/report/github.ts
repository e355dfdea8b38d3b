import type { SweepReport } from '../analyze/report.ts';
import { warningNotes } from './notes.ts';
import type { Reporter } from './reporter.ts';
import { printable } from './style.ts';
import { collapseNote, statusNote, verdict } from './verdict.ts';

type Severity = 'notice' | 'warning' | 'error';

/** Text of a workflow command, in which per cent signs and line breaks have a meaning of their own. */
const message = (text: string): string => printable(text).replaceAll('%', '%25');

/** The same inside a property, where colons and commas have one too. */
const property = (text: string): string => message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

const command = (severity: Severity, title: string, text: string): string =>
  `::${severity} title=${property(title)}::${message(text)}`;

/** GitHub shows ten annotations of a kind per step and drops the rest without a word. */
const MOST = 10;

const annotations = (report: SweepReport): readonly string[] => {
  const { headline, because, next } = verdict(report);
  const alarms = [statusNote(report), collapseNote(report)].flatMap((text) => text ?? []);
  const caveats = warningNotes(report);
  const kept = caveats.length > MOST ? caveats.slice(0, MOST - 1) : caveats;
  return [
    command(
      report.sweetSpot ? 'notice' : 'error',
      headline.replace(/\.$/, ''),
      [because, next].filter(Boolean).join(' '),
    ),
    ...alarms.map((text) => command('error', 'bench sweep', text)),
    ...kept.map(({ text, hint }) =>
      command('warning', 'bench sweep', [text, hint].filter(Boolean).join(' ')),
    ),
    ...(kept.length < caveats.length
      ? [
          command(
            'warning',
            'bench sweep',
            `${caveats.length - kept.length} more warnings: see the step summary.`,
          ),
        ]
      : []),
  ];
};

/** For GitHub Actions: annotations as workflow commands; the Markdown report goes to the step's summary as well. */
export const github: Reporter = {
  format: 'github',
  file: 'annotations.txt',
  home: 'console',
  appends: { variable: 'GITHUB_STEP_SUMMARY', format: 'markdown' },
  render: (report) => `${annotations(report).join('\n')}\n`,
};
