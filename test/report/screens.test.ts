import { expect, test } from 'vitest';
import { terminal } from '../../src/report/terminal.ts';
import { allFailed, fiftyLevels, fiveLevels, oneLevel } from './canonical-reports.ts';

const OPTIONS = { color: false, width: 80, unicode: true };
const render = (report: Parameters<typeof terminal.render>[0]) => `\n${terminal.render(report, OPTIONS)}`;

test('the realistic sweep', () => {
  expect(render(fiveLevels())).toMatchInlineSnapshot(`
    "
    Scenario  classify-500, seed 1
    Target    mock (profile hosted-tier), model mock-small at
              http://127.0.0.1:41234/v1
    Client    limiter: semaphore; timeout 60.0 s per attempt; retry: SDK-like:
              Retry-After, else 0.5 s doubling to 8 s with jitter; at most 2
              retries, slot held while waiting
    Time      all times are model time: 40 s pass in 1 s; the harness adds 1.2 ms of
              real time to each call, which counts as 48 ms

    at once                         1       5      10    20 ★    30 ✗
    ─────────────────────────────────────────────────────────────────
    wall-clock                32m 05s  6m 26s  3m 14s  1m 40s  88.0 s
    throughput ok/s              0.26    1.30    2.58    5.00    5.66
    steady ok/s                  0.26    1.30    2.58    5.00    5.66
    steady error (95 %)           2 %     2 %     2 %     2 %     2 %
    drain tail                 77.0 s  15.4 s  7.76 s  4.00 s  3.52 s
    speed-up                     1.00    4.99    9.92    19.3    21.8
    efficiency                  100 %   100 %    99 %    96 %    73 %
    request latency p50        3.84 s  3.84 s  3.84 s  3.84 s  4.02 s
    request latency p95        4.61 s  4.61 s  4.61 s  4.61 s  9.10 s
    request latency p99        5.07 s  5.07 s  5.07 s  5.07 s  14.2 s
    attempt latency p50        3.84 s  3.84 s  3.84 s  3.84 s  3.85 s
    attempt latency p95        4.61 s  4.61 s  4.61 s  4.61 s  4.62 s
    attempt latency p99        5.07 s  5.07 s  5.07 s  5.07 s  5.08 s
    request p95 error (95 %)    3.5 %   3.5 %   3.5 %   3.5 %   3.5 %
    attempts per success         1.00    1.00    1.00    1.00    1.23
    429s                            0       0       0       0     113
    failed requests                 0       0       0       0       2
    retry overhead                0 %     0 %     0 %     0 %    11 %
    output tokens/s              7.79    38.9    77.3     150     170
    times the bound                 –       –       –       –       –
    mean in flight               0.98    4.90    9.80    19.6    29.4
    max in flight                   1       5      10      20      30
    ★ sweet spot   ✗ not recommended

    Throughput (ok/s) by calls at once
    6 ┤
      │                                                            ╭──────────────✗
      │                                                ╭─★─────────╯
      │                                          ╭─────╯
    4 ┤                                     ╭────╯
      │                                ╭────╯
      │                          ╭─────╯
      │                     ╭──●─╯
    2 ┤                 ╭───╯
      │            ●────╯
      │       ╭────╯
      │  ●────╯
    0 └──┬─────────┬───────────┬─────────────────────────┬────────────────────────┬─
         1         5           10                        20                       30
                                                         ▲ sweet spot: 20

    Failed
      At 30, 2 of 500 requests: 1 × rate limit (429), 1 × connection lost; 114 of
      612 attempts: 113 × rate limit (429), 1 × connection lost
    - Cool-down before 5, 10, 20 and 30: 9.60 s, until the mock said that its
      buckets are full again.
    - Wall-clock and throughput are of the whole batch; steady is calls in flight ÷
      mean cycle, without the warm-up (5.78 s to 7.95 s at the start) and the drain;
      its error is half the 95 % interval. Formulas: docs/metrics.md

    ! At 30 at once 12 % of the slots’ time was idle, mostly while the last of 500
      requests ran out: a longer batch would show more throughput.
      Use --requests 1000.

    ★ Sweet spot: 20 at once. 30 is 13 % faster in throughput but spends 11 % of its
      slot time on retries (1.23 attempts per success, 113 answers with 429).
      Nothing between 20 and 30 was tested. To narrow it down: --levels 20,23,27,30
    "
  `);
});

test('one level', () => {
  expect(render(oneLevel())).toMatchInlineSnapshot(`
    "
    Scenario  classify-500, seed 1
    Target    mock (profile hosted-tier), model mock-small at
              http://127.0.0.1:41234/v1
    Client    limiter: semaphore; timeout 60.0 s per attempt; retry: SDK-like:
              Retry-After, else 0.5 s doubling to 8 s with jitter; at most 2
              retries, slot held while waiting
    Time      all times are model time: 40 s pass in 1 s; the harness adds 1.2 ms of
              real time to each call, which counts as 48 ms

    at once                     20 ★
    ────────────────────────────────
    wall-clock                1m 40s
    throughput ok/s             5.00
    steady ok/s                 5.00
    steady error (95 %)          2 %
    drain tail                4.00 s
    speed-up                    19.3
    efficiency                  96 %
    request latency p50       3.84 s
    request latency p95       4.61 s
    request latency p99       5.07 s
    attempt latency p50       3.84 s
    attempt latency p95       4.61 s
    attempt latency p99       5.07 s
    request p95 error (95 %)   3.5 %
    attempts per success        1.00
    429s                           0
    failed requests                0
    retry overhead               0 %
    output tokens/s              150
    times the bound                –
    mean in flight              19.6
    max in flight                 20
    ★ sweet spot

    No chart: one level makes no curve. To see where it bends: --levels 1,5,10,20,30

    - Speed-up and efficiency are relative to 1 at once: 20 calls in sequence,
      measured before the levels (level 1 was not among them).
    - Wall-clock and throughput are of the whole batch; steady is calls in flight ÷
      mean cycle, without the warm-up (6.00 s at the start) and the drain; its error
      is half the 95 % interval. Formulas: docs/metrics.md

    ★ Sweet spot: 20 at once. It is the only level tested. Next: --levels 20,30,40
    "
  `);
});

test('leads with the failures if most requests fail, and says why there is no sweet spot', () => {
  expect(render(allFailed())).toMatchInlineSnapshot(`
    "
    ! Most requests failed at 1 and 5 at once: 100 % at 1, 480 × not authorized
      (401), 20 × server error (5xx). Check the key: is it set, complete, of this
      provider, and allowed to use this model?

    Scenario  classify-500, seed 1
    Target    mock (profile hosted-tier), model mock-small at
              http://127.0.0.1:41234/v1
    Client    limiter: semaphore; timeout 60.0 s per attempt; retry: SDK-like:
              Retry-After, else 0.5 s doubling to 8 s with jitter; at most 2
              retries, slot held while waiting
    Time      all times are model time: 40 s pass in 1 s; the harness adds 1.2 ms of
              real time to each call, which counts as 48 ms

    at once                      1 ✗     5 ✗
    ────────────────────────────────────────
    wall-clock                900 ms  900 ms
    throughput ok/s                0       0
    steady ok/s                    –       –
    steady error (95 %)            –       –
    drain tail                 36 ms   36 ms
    speed-up                       –       –
    efficiency                     –       –
    request latency p50            –       –
    request latency p95            –       –
    request latency p99            –       –
    attempt latency p50            –       –
    attempt latency p95            –       –
    attempt latency p99            –       –
    request p95 error (95 %)       –       –
    attempts per success           –       –
    429s                           0       0
    failed requests              500     500
    retry overhead             100 %   100 %
    output tokens/s                0       0
    times the bound                –       –
    mean in flight              0.98    4.90
    max in flight                  1       5
    ✗ not recommended

    No chart: no request succeeded.

    ✗ At 1 and 5 at once, no request succeeded.
    Failed
      At 1, 500 of 500 requests: 480 × not authorized (401), 20 × server error (5xx)
      At 5, 500 of 500 requests: 480 × not authorized (401), 20 × server error (5xx)

    ✗ No sweet spot. No level can be recommended: already at 1 at once no request
      succeeded.
      Look at the failures and at the endpoint first.
    "
  `);
});

test('fifty levels stand below each other, and what is left out is named', () => {
  const text = render(fiftyLevels());
  expect(text.slice(text.indexOf('\nat '), text.indexOf('\n3 '))).toMatchInlineSnapshot(`
    "
    at      wall-        steady  steady  request  request                   retry
    once    clock  ok/s    ok/s   error      p50      p95  429s  failed  overhead
    ─────────────────────────────────────────────────────────────────────────────
    1     32m 03s  0.26    0.26     2 %   3.84 s   4.61 s     0       0       0 %
    2     16m 02s  0.52    0.52     2 %   3.84 s   4.61 s     0       0       0 %"
  `);
  expect(text.slice(text.indexOf('\n50 '))).toMatchInlineSnapshot(`
    "
    50 ✗   87.7 s  5.70    5.70     2 %   3.84 s   4.61 s     0       0       0 %
    Left out at this width: drain tail, speed-up, efficiency, request latency p99,
    attempt latency p50, attempt latency p95, attempt latency p99, request p95 error
    (95 %), attempts per success, output tokens/s, times the bound, mean in flight,
    max in flight. All figures: --format csv
    ★ sweet spot   ✗ not recommended

    Throughput (ok/s) by calls at once
    6 ┤
      │                              ╭●★─●●─●─✗✗─✗✗─✗✗─✗✗─✗✗─✗✗─✗✗─✗✗─✗✗─✗✗─✗✗─✗✗─✗
      │                           ╭●●╯
      │                        ╭●●╯
    4 ┤                     ╭●●╯
      │                  ╭●●╯
      │                ●●╯
      │             ●●─╯
    2 ┤          ●●─╯
      │       ●●─╯
      │    ●●─╯
      │ ●●─╯
    0 └─┬┬─┬┬─┬┬─┬┬─┬┬─┬┬─┬┬─┬┬─┬┬─┬┬─┬┬─┬┬─┬─┬┬─┬┬─┬┬─┬┬─┬┬─┬┬─┬┬─┬┬─┬┬─┬┬─┬┬─┬┬─┬─
        1  3  5  7  9  11  14   17     22   25   28  31   34  37   40  43   46    50
                                       ▲ sweet spot: 22

    ✗ At 26 at once, 6 % of its slot time goes into retries.
    ✗ At 27 at once, 7 % of its slot time goes into retries.
    ✗ At 28 at once, 8 % of its slot time goes into retries.
    ✗ At 29 at once, 9 % of its slot time goes into retries.
      21 more of these: --format markdown
    Failed
      At 26, 104 of 500 attempts: 104 × rate limit (429); each request succeeded in
      the end
      At 27, 108 of 500 attempts: 108 × rate limit (429); each request succeeded in
      the end
      At 28, 112 of 500 attempts: 112 × rate limit (429); each request succeeded in
      the end
      At 29, 116 of 500 attempts: 116 × rate limit (429); each request succeeded in
      the end
      21 more of these: --format markdown
    - Wall-clock and throughput are of the whole batch; steady is calls in flight ÷
      mean cycle, without the warm-up (5.77 s to 13.2 s at the start) and the drain;
      its error is half the 95 % interval. Formulas: docs/metrics.md

    ! At 50 at once 12 % of the slots' time was idle. (Also at 26, 27, 28, 29, 30,
      31, 32 and 17 more.)
      Use --requests 900.

    ★ Sweet spot: 22 at once. Throughput levels off: 23 is no faster in throughput.
    "
  `);
});

/** The headings of fifty levels, which stand below each other, as one line. */
const headingsAt = (width: number, levels = fiftyLevels().levels): string => {
  const rows = terminal.render({ ...fiftyLevels(), levels }, { ...OPTIONS, width }).split('\n');
  const at = rows.findIndex((row) => row.startsWith('at '));
  return rows
    .slice(at, at + 2)
    .join(' ')
    .replaceAll(/ +/g, ' ');
};

test('what the verdict goes by stays where the width is short, and of the batch what has nothing in its place', () => {
  expect(headingsAt(54)).toContain('steady');
  expect(headingsAt(54)).not.toContain(' ok/s ok/s ');
  expect(headingsAt(80)).toContain('steady steady');
  const bare = fiftyLevels().levels.map((level) => ({ ...level, steady: null }));
  expect(headingsAt(40, bare)).toContain(' ok/s');
  expect(headingsAt(80, bare)).not.toContain('steady');
  expect(headingsAt(54, [...fiftyLevels().levels.slice(1), ...bare.slice(0, 1)])).toContain(' ok/s ok/s');
});
