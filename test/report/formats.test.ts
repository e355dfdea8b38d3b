import { expect, test } from 'vitest';
import { csv } from '../../src/report/csv.ts';
import { json } from '../../src/report/json.ts';
import { markdown } from '../../src/report/markdown.ts';
import { levelReport, sweepReport } from '../support/report-fixtures.ts';
import { fiveLevels, nullsEverywhere, oneLevel } from './canonical-reports.ts';

const OPTIONS = { color: false, width: 80, unicode: true };

test('JSON is the report', () => {
  const report = fiveLevels();
  expect(JSON.parse(json.render(report, OPTIONS))).toEqual(report);
  expect(json.render(report, OPTIONS)).toMatch(/^\{\n {2}"schema": "bench\.sweep\/1",\n/);
});

const table = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));

test('CSV has a row per level, and a name with a unit for every number', () => {
  const [names = [], ...rows] = table(csv.render(oneLevel(), OPTIONS));
  expect(rows).toHaveLength(1);
  expect(Object.fromEntries(names.map((name, index) => [name, rows[0]?.[index]]))).toMatchInlineSnapshot(`
    {
      "added_latency_p50_high_ms": "",
      "added_latency_p50_low_ms": "",
      "added_latency_p50_ms": "",
      "added_latency_p90_high_ms": "",
      "added_latency_p90_low_ms": "",
      "added_latency_p95_high_ms": "",
      "added_latency_p95_low_ms": "",
      "added_latency_p95_ms": "",
      "added_latency_p99_high_ms": "",
      "added_latency_p99_low_ms": "",
      "added_latency_p99_ms": "",
      "admissible": "true",
      "attempt_time_p50_high_ms": "3955.2000000000003",
      "attempt_time_p50_low_ms": "3724.7999999999997",
      "attempt_time_p50_ms": "3840",
      "attempt_time_p90_high_ms": "4561.92",
      "attempt_time_p90_low_ms": "4193.28",
      "attempt_time_p95_high_ms": "4792.32",
      "attempt_time_p95_low_ms": "4469.76",
      "attempt_time_p95_ms": "4608",
      "attempt_time_p99_high_ms": "5474.304000000001",
      "attempt_time_p99_low_ms": "4815.36",
      "attempt_time_p99_ms": "5068.8",
      "attempts_per_success_ratio": "1",
      "backoff_per_success_ms": "0",
      "beyond_measured": "false",
      "blocks": "1",
      "bound_ratio": "",
      "bucket_attempts": "",
      "burst_attempts_per_second": "5",
      "cancelled_failed_attempts": "0",
      "cancelled_failed_requests": "0",
      "cancelled_requests": "0",
      "complete": "true",
      "cooldown_ms": "",
      "cost_of_waste_usd": "",
      "cost_per_success_usd": "",
      "cost_usd": "",
      "cycle_cv": "0.3",
      "drain_ms": "4000",
      "dropped_requests": "0",
      "effective_concurrency_calls": "19.6",
      "efficiency_share": "0.9625000000000001",
      "failed_requests": "0",
      "header_limit_requests_per_second": "10",
      "in_flight_max_requests": "20",
      "in_flight_mean_requests": "19.6",
      "inadmissible_because": "",
      "itl_p50_high_ms": "",
      "itl_p50_low_ms": "",
      "itl_p50_ms": "",
      "itl_p90_high_ms": "",
      "itl_p90_low_ms": "",
      "itl_p95_high_ms": "",
      "itl_p95_low_ms": "",
      "itl_p95_ms": "",
      "itl_p99_high_ms": "",
      "itl_p99_low_ms": "",
      "itl_p99_ms": "",
      "late_starts": "",
      "level_calls": "20",
      "limited_attempts_per_second": "",
      "load": "closed",
      "local_failed_attempts": "0",
      "local_failed_requests": "0",
      "longest_gap_p50_high_ms": "",
      "longest_gap_p50_low_ms": "",
      "longest_gap_p50_ms": "",
      "longest_gap_p90_high_ms": "",
      "longest_gap_p90_low_ms": "",
      "longest_gap_p95_high_ms": "",
      "longest_gap_p95_low_ms": "",
      "longest_gap_p95_ms": "",
      "longest_gap_p99_high_ms": "",
      "longest_gap_p99_low_ms": "",
      "longest_gap_p99_ms": "",
      "mean_cycle_ms": "4000",
      "ok_requests": "500",
      "output_rate_p50_high_tokens_per_second": "",
      "output_rate_p50_low_tokens_per_second": "",
      "output_rate_p50_tokens_per_second": "",
      "output_rate_p90_high_tokens_per_second": "",
      "output_rate_p90_low_tokens_per_second": "",
      "output_rate_p95_high_tokens_per_second": "",
      "output_rate_p95_low_tokens_per_second": "",
      "output_rate_p95_tokens_per_second": "",
      "output_rate_p99_high_tokens_per_second": "",
      "output_rate_p99_low_tokens_per_second": "",
      "output_rate_p99_tokens_per_second": "",
      "output_tokens_p50_high_tokens": "",
      "output_tokens_p50_low_tokens": "",
      "output_tokens_p50_tokens": "",
      "output_tokens_p90_high_tokens": "",
      "output_tokens_p90_low_tokens": "",
      "output_tokens_p95_high_tokens": "",
      "output_tokens_p95_low_tokens": "",
      "output_tokens_p95_tokens": "",
      "output_tokens_p99_high_tokens": "",
      "output_tokens_p99_low_tokens": "",
      "output_tokens_p99_tokens": "",
      "output_tokens_per_second": "150",
      "overloaded_failed_attempts": "0",
      "overloaded_failed_requests": "0",
      "predicted": "false",
      "protocol_failed_attempts": "0",
      "protocol_failed_requests": "0",
      "quota_failed_attempts": "0",
      "quota_failed_requests": "0",
      "ramp_ms": "0",
      "rate_limited_attempts": "0",
      "rate_limited_failed_attempts": "0",
      "rate_limited_failed_requests": "0",
      "refused_failed_attempts": "0",
      "refused_failed_requests": "0",
      "rejected_failed_attempts": "0",
      "rejected_failed_requests": "0",
      "request_p95_error_share": "0.03499999999999995",
      "reset_failed_attempts": "0",
      "reset_failed_requests": "0",
      "response_time_p50_high_ms": "3955.2000000000003",
      "response_time_p50_low_ms": "3724.7999999999997",
      "response_time_p50_ms": "3840",
      "response_time_p90_high_ms": "4561.92",
      "response_time_p90_low_ms": "4193.28",
      "response_time_p95_high_ms": "4792.32",
      "response_time_p95_low_ms": "4469.76",
      "response_time_p95_ms": "4608",
      "response_time_p99_high_ms": "5474.304000000001",
      "response_time_p99_low_ms": "4815.36",
      "response_time_p99_ms": "5068.8",
      "retry_overhead_share": "0",
      "sent_attempts": "500",
      "sent_requests": "500",
      "server_failed_attempts": "0",
      "server_failed_requests": "0",
      "service_time_p50_high_ms": "3955.2000000000003",
      "service_time_p50_low_ms": "3724.7999999999997",
      "service_time_p50_ms": "3840",
      "service_time_p90_high_ms": "4561.92",
      "service_time_p90_low_ms": "4193.28",
      "service_time_p95_high_ms": "4792.32",
      "service_time_p95_low_ms": "4469.76",
      "service_time_p95_ms": "4608",
      "service_time_p99_high_ms": "5474.304000000001",
      "service_time_p99_low_ms": "4815.36",
      "service_time_p99_ms": "5068.8",
      "slot_backoff_ms": "0",
      "slot_cancelled_ms": "0",
      "slot_failed_attempts_ms": "0",
      "slot_idle_ms": "40000",
      "slot_limiter_ms": "0",
      "slot_rejected_ms": "0",
      "slot_service_ms": "1960000",
      "speed_up_ratio": "19.250000000000004",
      "stalled_failed_attempts": "0",
      "stalled_failed_requests": "0",
      "steady_error_share": "0.019999999999999928",
      "steady_high_ok_per_second": "5.1",
      "steady_low_ok_per_second": "4.9",
      "steady_ok_per_second": "5",
      "steady_requests": "460",
      "sustained": "true",
      "sustained_because": "below-the-limit",
      "sweet_spot": "true",
      "throughput_ok_per_second": "5",
      "time_unit": "model ms",
      "timeout_failed_attempts": "0",
      "timeout_failed_requests": "0",
      "tpot_p50_high_ms": "",
      "tpot_p50_low_ms": "",
      "tpot_p50_ms": "",
      "tpot_p90_high_ms": "",
      "tpot_p90_low_ms": "",
      "tpot_p95_high_ms": "",
      "tpot_p95_low_ms": "",
      "tpot_p95_ms": "",
      "tpot_p99_high_ms": "",
      "tpot_p99_low_ms": "",
      "tpot_p99_ms": "",
      "truncated_failed_attempts": "0",
      "truncated_failed_requests": "0",
      "ttfr_p50_high_ms": "",
      "ttfr_p50_low_ms": "",
      "ttfr_p50_ms": "",
      "ttfr_p90_high_ms": "",
      "ttfr_p90_low_ms": "",
      "ttfr_p95_high_ms": "",
      "ttfr_p95_low_ms": "",
      "ttfr_p95_ms": "",
      "ttfr_p99_high_ms": "",
      "ttfr_p99_low_ms": "",
      "ttfr_p99_ms": "",
      "ttft_p50_high_ms": "",
      "ttft_p50_low_ms": "",
      "ttft_p50_ms": "",
      "ttft_p90_high_ms": "",
      "ttft_p90_low_ms": "",
      "ttft_p95_high_ms": "",
      "ttft_p95_low_ms": "",
      "ttft_p95_ms": "",
      "ttft_p99_high_ms": "",
      "ttft_p99_low_ms": "",
      "ttft_p99_ms": "",
      "unauthorized_failed_attempts": "0",
      "unauthorized_failed_requests": "0",
      "unreachable_failed_attempts": "0",
      "unreachable_failed_requests": "0",
      "wall_clock_ms": "100000",
      "warmup_ms": "6000",
      "wasted_attempts": "0",
      "wasted_input_tokens": "0",
      "wasted_output_tokens": "0",
      "wasted_tokens_tokens": "0",
    }
  `);
  expect(new Set(names).size).toBe(names.length);
});

test('an unknown figure is an empty field, and text with a comma or a quote is quoted', () => {
  const [names = [], first = []] = table(csv.render(nullsEverywhere(), OPTIONS));
  expect(first[names.indexOf('speed_up_ratio')]).toBe('');
  expect(first[names.indexOf('service_time_p99_ms')]).toBe('');
  const report = sweepReport({
    levels: [levelReport({ admissible: false, inadmissibleBecause: 'p95 is "5 s", too long' })],
  });
  expect(csv.render(report, OPTIONS)).toContain('"p95 is ""5 s"", too long"');
});

test('Markdown: verdict first, then the table, the rest folded away', () => {
  expect(`\n${markdown.render(fiveLevels(), OPTIONS)}`).toMatchInlineSnapshot(`
    "
    **Sweet spot: 20 at once.** 30 is 13 % faster in throughput but spends 11 % of its slot time on retries (1.23 attempts per success, 113 answers with 429).

    Nothing between 20 and 30 was tested. To narrow it down: --levels 20,23,27,30

    | at once | 1 | 5 | 10 | **20 ★** | 30 ✗ |
    | :-- | --: | --: | --: | --: | --: |
    | wall-clock | 32m 05s | 6m 26s | 3m 14s | 1m 40s | 88.0 s |
    | throughput ok/s | 0.26 | 1.30 | 2.58 | 5.00 | 5.66 |
    | steady ok/s | 0.26 | 1.30 | 2.58 | 5.00 | 5.66 |
    | steady error (95 %) | 2 % | 2 % | 2 % | 2 % | 2 % |
    | drain tail | 77.0 s | 15.4 s | 7.76 s | 4.00 s | 3.52 s |
    | speed-up | 1.00 | 4.99 | 9.92 | 19.3 | 21.8 |
    | efficiency | 100 % | 100 % | 99 % | 96 % | 73 % |
    | request latency p50 | 3.84 s | 3.84 s | 3.84 s | 3.84 s | 4.02 s |
    | request latency p95 | 4.61 s | 4.61 s | 4.61 s | 4.61 s | 9.10 s |
    | request latency p99 | 5.07 s | 5.07 s | 5.07 s | 5.07 s | 14.2 s |
    | attempt latency p50 | 3.84 s | 3.84 s | 3.84 s | 3.84 s | 3.85 s |
    | attempt latency p95 | 4.61 s | 4.61 s | 4.61 s | 4.61 s | 4.62 s |
    | attempt latency p99 | 5.07 s | 5.07 s | 5.07 s | 5.07 s | 5.08 s |
    | request p95 error (95 %) | 3.5 % | 3.5 % | 3.5 % | 3.5 % | 3.5 % |
    | attempts per success | 1.00 | 1.00 | 1.00 | 1.00 | 1.23 |
    | 429s | 0 | 0 | 0 | 0 | 113 |
    | failed requests | 0 | 0 | 0 | 0 | 2 |
    | retry overhead | 0 % | 0 % | 0 % | 0 % | 11 % |
    | output tokens/s | 7.79 | 38.9 | 77.3 | 150 | 170 |
    | times the bound | – | – | – | – | – |
    | mean in flight | 0.98 | 4.90 | 9.80 | 19.6 | 29.4 |
    | max in flight | 1 | 5 | 10 | 20 | 30 |

    Scenario: classify-500, seed 1<br>
    Target: mock (profile hosted-tier), model mock-small at http://127.0.0.1:41234/v1<br>
    Time: all times are model time: 40 s pass in 1 s; the harness adds 1.2 ms of real time to each call, which counts as 48 ms

    <details><summary>Failures by kind (1)</summary>

    - At 30, 2 of 500 requests: 1 × rate limit (429), 1 × connection lost; 114 of 612 attempts: 113 × rate limit (429), 1 × connection lost

    </details>

    <details><summary>Warnings (1)</summary>

    - At 30 at once 12 % of the slots’ time was idle, mostly while the last of 500 requests ran out: a longer batch would show more throughput. Use --requests 1000.

    </details>

    <details><summary>About this run (6)</summary>

    - Scenario: classify-500, seed 1
    - Target: mock (profile hosted-tier), model mock-small at http://127.0.0.1:41234/v1
    - Client: limiter: semaphore; timeout 60.0 s per attempt; retry: SDK-like: Retry-After, else 0.5 s doubling to 8 s with jitter; at most 2 retries, slot held while waiting
    - Time: all times are model time: 40 s pass in 1 s; the harness adds 1.2 ms of real time to each call, which counts as 48 ms
    - Cool-down before 5, 10, 20 and 30: 9.60 s, until the mock said that its buckets are full again.
    - Wall-clock and throughput are of the whole batch; steady is calls in flight ÷ mean cycle, without the warm-up (5.78 s to 7.95 s at the start) and the drain; its error is half the 95 % interval. Formulas: docs/metrics.md

    </details>

    <details><summary>Meta (17)</summary>

    - tool: sweetspot
    - version: 0.1.0
    - node: v24.21.0
    - scenario: classify-500
    - target: mock
    - model: mock-small
    - baseUrl: http://127.0.0.1:41234/v1
    - profile: hosted-tier
    - speed: 40
    - timeUnit: model ms
    - seed: 1
    - limiter: semaphore
    - retry: SDK-like: Retry-After, else 0.5 s doubling to 8 s with jitter; at most 2 retries, slot held while waiting
    - attemptTimeoutMs: 60000
    - startedAt: 2026-05-04T09:30:00.000Z
    - status: complete
    - command: bench sweep --levels 1,5,10,20,30

    </details>
    "
  `);
});

test('Markdown: foreign text stays text', () => {
  const text = markdown.render(
    fiveLevels({ warnings: [{ code: 'x', message: '<img src=x> | [a](b)\n# c `d`', hint: '</details>' }] }),
    OPTIONS,
  );
  expect(text).toContain('&lt;img src=x&gt; \\| \\[a\\](b) \\# c \\`d\\`. &lt;/details&gt;.');
});
