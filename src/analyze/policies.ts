import type { Millis } from '../core/clock.ts';
import type { KnownLimit } from '../core/known-limit.ts';
import { formatDuration, formatNumber, formatPercent } from '../core/units.ts';
import { type Bound, boundOf } from '../measure/bound.ts';
import type { LevelSummary } from '../measure/level-summary.ts';
import { failureShare } from './level-point.ts';
import type { LedgerCount, Meta } from './report.ts';

/** What one policy made of the load. */
export interface PolicyResult {
  readonly policy: string;
  /** By which factor the limit that it was told differs from the true one; 1 but for the variants. */
  readonly told: number;
  readonly summary: LevelSummary;
  /** The endpoint's own count. */
  readonly ledger: LedgerCount | null;
  /** Attempts that left in each tenth of a second of model time, from the start. */
  readonly starts: readonly number[];
}

/** A result beside the others. */
export interface PolicyRow extends PolicyResult {
  /** The result of the policy and what it was told, in words. */
  readonly name: string;
  readonly bound: Bound | null;
  readonly failureShare: number;
  /** From a slot's being free to the end of its request. */
  readonly p99Ms: Millis | null;
}

/** A comparison of policies on the same load. */
export interface PoliciesReport {
  readonly schema: 'bench.policies/1';
  readonly meta: Meta;
  readonly level: number;
  readonly limits: readonly KnownLimit[];
  readonly rows: readonly PolicyRow[];
  /** The policy to use; `null` if none did the whole work. */
  readonly use: string | null;
  /** What to know first: policies that did not do the work, counts that do not agree. */
  readonly alarms: readonly string[];
  /** Which to use, by how much it wins, what a wrong limit costs it. */
  readonly sentences: readonly string[];
}

/** Failures above this share disqualify: a policy that drops work is not fast. */
const MOST_FAILURES = 0.01;
/** Nobody notices less; among equals the one named first wins. */
const ALIKE = 1.05;
/** Extra attempts that are bearable. */
const MOST_ATTEMPTS = 1.1;

const toldWords = (told: number): string =>
  told === 1 ? '' : `, limit ${told > 1 ? '+' : '−'}${formatPercent(Math.abs(told - 1))}`;

/** Compares results of the same load at the same level. Pure. */
export const comparePolicies = (
  results: readonly PolicyResult[],
  {
    level,
    limits,
    meta,
  }: { readonly level: number; readonly limits: readonly KnownLimit[]; readonly meta: Meta },
): PoliciesReport => {
  const rows = results.map((result): PolicyRow => {
    const { summary } = result;
    return {
      ...result,
      name: result.policy + toldWords(result.told),
      bound: boundOf(summary, limits),
      failureShare: failureShare(summary),
      p99Ms: summary.metrics.responseTime?.p99 ?? summary.metrics.responseTime?.max ?? null,
    };
  });
  const best = winner(rows);
  return {
    schema: 'bench.policies/1',
    meta,
    level,
    limits,
    rows,
    use: best?.policy ?? null,
    alarms: rows.flatMap(alarmsOf),
    sentences: best ? sentencesAbout(best, rows) : ['No policy did the whole work: look at the failures.'],
  };
};

const winner = (rows: readonly PolicyRow[]): PolicyRow | undefined => {
  const whole = rows.filter(
    ({ told, failureShare: share, summary }) => told === 1 && share <= MOST_FAILURES && summary.counts.ok > 0,
  );
  const sparing = whole.filter(({ summary }) => (summary.attemptsPerSuccess ?? 1) <= MOST_ATTEMPTS);
  const candidates = sparing.length > 0 ? sparing : whole;
  const fastest = Math.min(...candidates.map(({ summary }) => summary.wallClockMs));
  return candidates.find(({ summary }) => summary.wallClockMs <= fastest * ALIKE);
};

const alarmsOf = ({ name, failureShare: share, summary, ledger }: PolicyRow): readonly string[] => {
  const { counts } = summary;
  const agrees =
    !ledger ||
    (ledger.attempts === counts.attempts &&
      ledger.ok === counts.ok &&
      ledger.rateLimited === counts.rateLimited);
  return [
    ...(share > MOST_FAILURES
      ? [
          `${name} fails ${counts.failed.toLocaleString('en-US')} of ${counts.requests.toLocaleString('en-US')} requests (${formatPercent(share)}): its time is no measure of anything.`,
        ]
      : []),
    ...(agrees ? [] : [`${name}: the mock counted otherwise than we did; do not use this row.`]),
  ];
};

const attemptsOf = ({ summary }: PolicyRow): string => formatNumber(summary.attemptsPerSuccess ?? 1);

const costOf = (row: PolicyRow): string =>
  `${row.bound ? `${formatNumber(row.bound.times)} × the bound` : formatDuration(row.summary.wallClockMs)}, ${attemptsOf(row)} attempts per request`;

const sentencesAbout = (best: PolicyRow, rows: readonly PolicyRow[]): readonly string[] => {
  const plain = rows.find(({ policy }) => policy === 'plain' && policy !== best.policy);
  const variants = rows.filter(({ policy, told }) => policy === best.policy && told !== 1);
  const p99 = best.p99Ms === null ? '' : `, p99 ${formatDuration(best.p99Ms)}`;
  return [
    `Use ${best.policy}: ${costOf(best)}${p99}.`,
    ...(plain ? [againstPlain(best, plain)] : []),
    ...(variants.length > 0
      ? [
          `Told a wrong limit, it costs: ${variants.map((row) => `${row.name.split(', ')[1]} – ${costOf(row)}`).join('; ')}.`,
        ]
      : []),
  ];
};

const againstPlain = (best: PolicyRow, plain: PolicyRow): string => {
  if (plain.failureShare > MOST_FAILURES)
    return `Plain concurrency with SDK-like retries fails ${formatPercent(plain.failureShare)} of the requests.`;
  const faster = plain.summary.wallClockMs / best.summary.wallClockMs;
  const pace =
    faster > ALIKE
      ? `takes ${formatNumber(faster)} times as long`
      : faster < 1 / ALIKE
        ? `takes ${formatPercent(1 - faster)} less time`
        : 'takes about as long';
  const tail = plain.p99Ms === null ? '' : ` and has a p99 of ${formatDuration(plain.p99Ms)}`;
  return `Plain concurrency with SDK-like retries ${pace}, makes ${attemptsOf(plain)} attempts per request${tail}.`;
};
