import type { SweepReport } from '../../src/analyze/report.ts';
import { historyOf } from '../../src/report/history/history.ts';
import { historyPage } from '../../src/report/history/history-page.ts';
import { htmlPage } from '../../src/report/html/html.ts';
import { planHtml } from '../../src/report/plan/plan-html.ts';
import { type RunView, RunViewAccumulator } from '../../src/report/run-view/run-view.ts';
import { planOfShipped } from '../plan/plan-of.ts';
import { fiveLevels, REPORTS } from '../report/canonical-reports.ts';
import { attempt, request } from './record-fixtures.ts';
import { levelReport, metric, sweepReport } from './report-fixtures.ts';

const EVIL = `</script><script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">`;

/** Requests of about two seconds at each level; every seventh meets a 429 first, every fiftieth gives up. */
const viewOf = (levels: readonly number[], requests: number): RunView => {
  const accumulator = new RunViewAccumulator();
  let origin = 0;
  for (const level of levels) {
    for (let index = 0; index < requests; index++) {
      const from = origin + Math.floor(index / level) * 2000 + ((index * 37) % 500);
      const took = 1000 + ((index * 613) % 900);
      const rateLimit = { requests: { limit: 100, remaining: 100 - (index % 90) } };
      const last = {
        ...attempt(from + 400, from + 400 + took, index % 50 === 49 ? 'server' : undefined),
        rateLimit,
      };
      const attempts =
        index % 7 === 6
          ? [attempt(from, from + 20, 'rate-limited'), last]
          : [{ ...last, startedAt: from, firstTokenAt: from + 300 }];
      accumulator.record(request(attempts, { level, index }));
    }
    origin += Math.ceil(requests / level) * 2000 + 5000;
  }
  return accumulator.view();
};

const streamed = (): SweepReport => {
  const report = fiveLevels();
  return {
    ...report,
    levels: report.levels.map((level) => ({ ...level, metrics: { ...level.metrics, ttft: metric(400) } })),
  };
};

const hundredLevels = (): SweepReport =>
  sweepReport({
    levels: Array.from({ length: 100 }, (_, index) =>
      levelReport({ level: index + 1, wallClockMs: 500_000 / Math.min((index + 1) * 0.26, 5.7) }),
    ),
  });

const OPTIONS = { color: false, width: 100, unicode: true };

const page = (report: SweepReport, view?: RunView): string =>
  htmlPage.render(report, OPTIONS, { ...(view ? { view } : {}), environment: { node: '24.1.0', cores: 8 } });

const history = (): string =>
  historyPage(
    historyOf(
      Array.from({ length: 12 }, (_, index) => [
        `results/${index}`,
        fiveLevels({ meta: { scenario: EVIL, startedAt: `2026-05-${index + 10}T09:30:00.000Z` } }),
      ]),
    ),
  );

const planPage = (options: Readonly<Record<string, string>>): string => planHtml(planOfShipped(options));

const PLANS = {
  stream: { requests: '90k/day', price: '3,15,0.3', growth: '8%', days: '1', maxTokens: '500' },
  batch: { requests: '20k', deadline: '2h' },
  nothing: { requests: '900M/day' },
} as const;

/** Pages that a browser must show without a complaint, by what is special about them. */
export const PAGES: Readonly<Record<string, () => string>> = {
  'a sweep with its requests': () => page(streamed(), viewOf([1, 5, 10, 20, 30], 500)),
  'fifty thousand requests': () => page(streamed(), viewOf([1, 5, 10, 20, 30], 10_000)),
  'a hundred levels': () =>
    page(
      hundredLevels(),
      viewOf(
        Array.from({ length: 100 }, (_, index) => index + 1),
        60,
      ),
    ),
  'names that are markup': () => page(fiveLevels({ meta: { scenario: EVIL, target: EVIL, command: EVIL } })),
  history,
  'a capacity plan': () => planPage(PLANS.stream),
  'a plan for a batch': () => planPage(PLANS.batch),
  'a plan that nothing carries': () => planPage(PLANS.nothing),
  ...Object.fromEntries(
    ['empty', 'one level', 'all failed', 'huge numbers', 'nulls everywhere'].map((name) => [
      name,
      () => page(REPORTS[name]?.() ?? sweepReport()),
    ]),
  ),
};
