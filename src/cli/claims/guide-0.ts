import { gateway100, gateway1000 } from '../../../scenarios/gateway.ts';
import type { TestedClaim } from './claim.ts';

const MINUTE = 60_000;

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
];
