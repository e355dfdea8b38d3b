import { expect, it } from 'vitest';
import type { LimitFinding } from '../../src/analyze/limits.ts';
import { evidenceNotes } from '../../src/report/verdict-evidence.ts';
import { fiveLevels } from './canonical-reports.ts';

const swept = fiveLevels();
const interval = {
  low: 10,
  high: 20,
  confidence: 0.9,
  levels: [10, 20],
  share: 0.8,
  redraws: 400,
  noise: { source: 'cycles', relative: 0.02, blocks: 1 },
} as const;
const certain = { ...swept, sweetSpot: swept.sweetSpot && { ...swept.sweetSpot, interval } };

it('says how certain the answer is where it was chosen among several levels', () => {
  expect(evidenceNotes(certain).join('\n')).toContain('in 80 % of redraws');
});

it('says nothing of the kind of the only level', () => {
  expect(evidenceNotes({ ...certain, levels: certain.levels.slice(0, 1) }).join('\n')).not.toContain(
    'redraws',
  );
});

const limit = {
  dimension: 'requests',
  perMinute: 360,
  source: 'slope',
  perRequest: 1,
  requestsPerSecond: 6,
  bucketRequests: null,
  used: 0.86,
  binding: true,
} as const;

const limitNoteOf = (own: Partial<LimitFinding>) =>
  evidenceNotes({
    ...certain,
    sweetSpot: certain.sweetSpot && { ...certain.sweetSpot, limits: [{ ...limit, ...own }] },
  }).find((note) => note.startsWith('Limit:'));

it('says what a bucket holds, or a window of time', () => {
  expect(limitNoteOf({ bucketRequests: 24.3 })).toMatchInlineSnapshot(
    `"Limit: about 360 requests per minute, with a bucket of about 24 requests (seen by levels that ran into it); 86 % of it is used here."`,
  );
  expect(limitNoteOf({ perMinute: 901, bucketRequests: 150, windowMs: 9986 })).toMatchInlineSnapshot(
    `"Limit: about 901 requests per minute, counted by windows of time: about 150 in 10.0 s (seen by levels that ran into it); 86 % of it is used here."`,
  );
  expect(
    limitNoteOf({ perMinute: 900, source: 'headers', bucketRequests: 899, countsByWindows: true }),
  ).toMatchInlineSnapshot(
    `"Limit: 900 requests per minute, counted by windows that hold about 900 (told by the response headers); 86 % of it is used here."`,
  );
});

it.each([
  [0.86, '86 % of it is used here.'],
  [1.2, '120 % of it is used here, so it is known only roughly or a full bucket helped.'],
])('says how much of the limit is used, and what more than all of it means', (used, words) => {
  expect(limitNoteOf({ used })).toContain(words);
  expect(limitNoteOf({ used, windowMs: 60_000 })).toContain(
    words.replace('a full bucket helped', 'no window was used up'),
  );
});
