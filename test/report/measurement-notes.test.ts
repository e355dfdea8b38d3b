import { expect, it } from 'vitest';
import type { BurstSummary } from '../../src/measure/burst-summary.ts';
import { measurementNotes } from '../../src/report/measurement-notes.ts';
import { levelReport, sweepReport } from '../support/report-fixtures.ts';

/** What a report says of the limit that a level met. */
const bucketNote = (burst: Partial<BurstSummary>): string | undefined => {
  const level = levelReport({ level: 64 });
  const levels = [{ ...level, burst: { ...level.burst, first429AfterMs: 903, perSecond: 107, ...burst } }];
  return measurementNotes(sweepReport({ levels }))
    .map(({ text }) => text)
    .find((text) => text.includes('429'));
};

it('a level that emptied a bucket says what it let in before and after', () => {
  expect(bucketNote({ limitedPerSecond: 30, bucketAttempts: 29 })).toMatchInlineSnapshot(
    `"At 64 at once the first 429 came after 903 ms: until then 107 attempts/s were let in, later 30.0/s; the bucket held about 29.0."`,
  );
});

it('a level that used a window up once says that, since neither its length nor what others used of it is known', () => {
  const onlyWindow = { ms: 60_000, attempts: 1097, endsAfterMs: 37_000 };
  expect(bucketNote({ limitedPerSecond: 1.62, bucketAttempts: 1097, onlyWindow })).toMatchInlineSnapshot(
    `"At 64 at once the first 429 came after 903 ms: until then 107 attempts/s were let in. A window was used up once, and what was left of it held 1,097 attempts."`,
  );
});
