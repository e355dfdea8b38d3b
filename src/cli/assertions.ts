import type { Assertion } from '../analyze/assertion.ts';
import { brokenAssertions, lostAssertions } from '../analyze/assertion-check.ts';
import { AssertionWatch } from '../analyze/assertion-watch.ts';
import type { SweepReport } from '../analyze/report.ts';
import { BenchError, EXIT } from '../core/errors.ts';
import type { Recorder } from '../core/record.ts';
import { resultText } from '../report/assertion-words.ts';
import type { RunStop } from '../run/run-stop.ts';

const lost = (why: string): BenchError =>
  new BenchError(EXIT.threshold, `stopped early, since ${why}`, {
    hint: 'What was measured until then is in the report. To measure on, write fail: instead of abort:.',
  });

/** Ends the run as soon as a request makes an `abort:` assertion impossible to keep. */
export const watchAssertions = (assertions: readonly Assertion[], stop: RunStop): Recorder => {
  const watch = new AssertionWatch(assertions);
  return {
    record(record) {
      const broken = watch.look(record);
      if (broken) stop.abort(lost(`"${broken.text}" can no longer hold`));
    },
  };
};

/** Ends the run if a level that is complete does not keep an `abort:` assertion. */
export const endIfLost = (report: SweepReport, assertions: readonly Assertion[], stop: RunStop): void => {
  const [first] = lostAssertions(report, assertions);
  if (first) stop.abort(lost(`"${first.assertion}" does not hold: ${resultText(first)}`));
};

/** Throws if an assertion that is more than a warning did not hold. */
export const failOnAssertions = (report: SweepReport): void => {
  const broken = brokenAssertions(report);
  const [first] = broken;
  if (!first) return;
  const more = broken.length > 1 ? `, and ${broken.length - 1} more` : '';
  throw new BenchError(EXIT.threshold, `threshold missed: ${resultText(first)}${more}`, {
    hint: 'All thresholds are in the report above.',
  });
};
