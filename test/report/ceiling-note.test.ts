import { expect, it } from 'vitest';
import { CRITERIA } from '../../src/analyze/criteria.ts';
import { verdictOf } from '../../src/analyze/verdict.ts';
import { evidenceNotes } from '../../src/report/verdict-evidence.ts';
import { judgedRun } from '../support/judged-run.ts';
import { REPORTS } from './canonical-reports.ts';

/** What a report says of Little's ceiling after a sweep of 18 and 35 at once. */
const ceilingNote = async (profile: string): Promise<string | undefined> => {
  const levels = await judgedRun({ profile, levels: [4, 18, 35], measure: { requests: 80 } });
  const report = REPORTS['empty']?.();
  if (!report) throw new Error('no such report');
  return evidenceNotes({ ...report, sweetSpot: verdictOf(levels, CRITERIA) }).find((note) =>
    /^Little/.test(note),
  );
};

it('a ceiling is an invitation to go higher where refused calls are free', async () => {
  expect(await ceilingNote('requests-limited')).toMatchInlineSnapshot(
    `"Little's law: 6.00/s × 3.71 s keep 22.3 calls busy. Try 21 at once."`,
  );
});

it('and none to go where a server collapses, if they count', async () => {
  expect(await ceilingNote('rejects-drain')).toMatchInlineSnapshot(
    `"Little's law: 6.00/s × 3.71 s keep 22.3 calls busy."`,
  );
});
