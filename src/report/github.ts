import type { SweepReport } from '../analyze/report.ts';
import { resultText } from './assertion-words.ts';
import { warningNotes } from './notes.ts';
import type { Reporter } from './reporter.ts';
import { collapseNote, statusNote, verdict } from './verdict.ts';
import { workflowCommand } from './workflow-command.ts';

/** GitHub shows ten annotations of a kind per step and drops the rest without a word. */
const MOST = 10;

const annotations = (report: SweepReport): readonly string[] => {
  const { headline, because, next } = verdict(report);
  const alarms = [statusNote(report), collapseNote(report)].flatMap((text) => text ?? []);
  const caveats = warningNotes(report);
  const kept = caveats.length > MOST ? caveats.slice(0, MOST - 1) : caveats;
  return [
    workflowCommand(
      report.sweetSpot ? 'notice' : 'error',
      headline.replace(/\.$/, ''),
      [because, next].filter(Boolean).join(' '),
    ),
    ...alarms.map((text) => workflowCommand('error', 'bench sweep', text)),
    ...(report.assertions ?? [])
      .filter(({ passed }) => !passed)
      .slice(0, MOST)
      .map((result) =>
        workflowCommand(
          result.severity === 'warn' ? 'warning' : 'error',
          'threshold missed',
          `${resultText(result)}: ${result.assertion}`,
        ),
      ),
    ...kept.map(({ text, hint }) =>
      workflowCommand('warning', 'bench sweep', [text, hint].filter(Boolean).join(' ')),
    ),
    ...(kept.length < caveats.length
      ? [
          workflowCommand(
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
