import { gateway100, gateway1000 } from '../../../scenarios/gateway.ts';
import type { TestedClaim } from './claim.ts';
import { mostStarts } from './figures.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** The guide's table: at once, 100 requests, 1,000 requests, in ms. */
const TABLE = [
  [1, 5 * MINUTE, 50 * MINUTE],
  [10, 30_000, 5 * MINUTE],
  [20, 15_000, 2.5 * MINUTE],
  [50, 6_000, MINUTE],
] as const;

/** What its table implies: 5 min for 100 calls in sequence. */
const IMPLIED = { profile: 'constant', settings: ['latency=3s'] } as const;
const given = '3 s a call, which the table implies';

/** Pattern 2: ten requests a second by a bucket of our own; a call is short enough that nothing else holds them back. */
const PACED = {
  scenario: gateway1000,
  level: 20,
  profile: 'constant',
  settings: ['latency=500ms'],
  pace: [{ name: 'requests', perSecond: 10, burst: 10, source: 'options' }],
  recorded: true,
} as const;
const paced = '0.5 s a call, 20 at once, a bucket of 10 that starts full';

/** G0: "Sequential is slow, concurrent is 50x faster". */
export const guide0: readonly TestedClaim[] = [
  ...[gateway100, gateway1000].flatMap((scenario, column) =>
    TABLE.map(
      ([level, ...times]): TestedClaim => ({
        guide: 'G0',
        about: `${scenario.requests.toLocaleString('en-US')} requests, ${level === 1 ? 'one by one' : `${level} at once`}`,
        claimed: times[column] ?? Number.NaN,
        unit: 'ms',
        given,
        measure: async (lab) => (await lab.run({ scenario, level, ...IMPLIED })).summary.wallClockMs,
      }),
    ),
  ),
  {
    guide: 'G0',
    about: 'headline: concurrent is 50 times faster (50 at once)',
    claimed: 50,
    unit: 'times',
    given,
    async measure(lab) {
      const [alone, together] = await Promise.all(
        [1, 50].map((level) => lab.run({ scenario: gateway1000, level, ...IMPLIED })),
      );
      return (alone?.summary.wallClockMs ?? 0) / (together?.summary.wallClockMs ?? 0);
    },
  },
  {
    guide: 'G0',
    about: 'footnote "500 ms per request": 100 requests one by one, by the same table',
    claimed: 5 * MINUTE,
    unit: 'ms',
    given: '0.5 s a call, as the footnote says',
    ownPremise: true,
    async measure(lab) {
      const half = { profile: 'constant', settings: ['latency=500ms'] };
      return (await lab.run({ scenario: gateway100, level: 1, ...half })).summary.wallClockMs;
    },
  },
  {
    guide: 'G0',
    about: 'semaphore of 20: most calls in flight',
    claimed: 20,
    unit: 'calls',
    given,
    measure: async (lab) =>
      (await lab.run({ scenario: gateway100, level: 20, ...IMPLIED })).summary.inFlight.max,
  },
  {
    guide: 'G0',
    about: 'token bucket of 10 requests/s: 1,000 requests',
    claimed: 100_000,
    unit: 'ms',
    given: paced,
    measure: async (lab) => (await lab.run(PACED)).summary.wallClockMs,
  },
  {
    guide: 'G0',
    about: 'token bucket of 10 requests/s: most that start within a second, later on',
    claimed: 10,
    unit: 'calls',
    given: paced,
    measure: async (lab) => mostStarts((await lab.run(PACED)).records, SECOND, 10 * SECOND),
  },
  {
    guide: 'G0',
    about: 'token bucket of 10 requests/s: most that start within a second, from the first on',
    claimed: 10,
    unit: 'calls',
    given: paced,
    measure: async (lab) => mostStarts((await lab.run(PACED)).records, SECOND),
  },
  {
    guide: 'G0',
    about: 'progress bar: requests that it has counted at the end',
    claimed: gateway100.requests,
    unit: 'calls',
    given,
    async measure(lab) {
      const { drawn } = await lab.run({ scenario: gateway100, level: 20, ...IMPLIED, watched: true });
      return Number(
        drawn
          .match(/(\d+)\/100\b/g)
          ?.at(-1)
          ?.split('/')[0] ?? Number.NaN,
      );
    },
  },
  {
    guide: 'G0',
    about: 'progress bar: time with it ÷ without',
    claimed: 1,
    unit: 'times',
    given,
    async measure(lab) {
      const plain = { scenario: gateway100, level: 20, ...IMPLIED };
      const watched = await lab.run({ ...plain, watched: true });
      return watched.summary.wallClockMs / (await lab.run(plain)).summary.wallClockMs;
    },
  },
];
