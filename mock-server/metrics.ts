import type { Engine } from './engine/engine.ts';

/** Buckets of the lateness histogram, in real seconds. */
const LATENESS_BOUNDS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5];

const quoted = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

const family = (name: string, type: string, help: string, samples: readonly string[]): string =>
  `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples.join('\n')}\n`;

/** The server's condition in Prometheus' text format, version 0.0.4. */
export const metricsText = (engine: Engine): string => {
  const { active, queued, fullInMs } = engine.state();
  const { lateness, ledger } = engine;
  const attempts = [...ledger.counts()].flatMap(([tag, { attempts: _, ...outcomes }]) =>
    Object.entries(outcomes).map(
      ([outcome, count]) =>
        `bench_mock_attempts_total{tag=${quoted(tag)},outcome=${quoted(outcome)}} ${count}`,
    ),
  );
  const late = LATENESS_BOUNDS.map(
    (bound) => `bench_mock_lateness_seconds_bucket{le="${bound}"} ${lateness.countUpTo(bound * 1000)}`,
  );
  const { count } = lateness.summary();
  return [
    family('bench_mock_active_requests', 'gauge', 'Requests in service.', [
      `bench_mock_active_requests ${active}`,
    ]),
    family('bench_mock_queued_requests', 'gauge', 'Requests waiting for a slot.', [
      `bench_mock_queued_requests ${queued}`,
    ]),
    family('bench_mock_buckets_full_seconds', 'gauge', 'Model time until every rate limit is full again.', [
      `bench_mock_buckets_full_seconds ${fullInMs / 1000}`,
    ]),
    family('bench_mock_attempts_total', 'counter', 'Attempts by tag and outcome.', attempts),
    family('bench_mock_lateness_seconds', 'histogram', 'Real time by which sends were later than planned.', [
      ...late,
      `bench_mock_lateness_seconds_bucket{le="+Inf"} ${count}`,
      `bench_mock_lateness_seconds_sum ${lateness.sum / 1000}`,
      `bench_mock_lateness_seconds_count ${count}`,
    ]),
  ].join('');
};
