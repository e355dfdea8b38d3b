import type { SweepReport } from '../../analyze/report.ts';
import { FAILURES, type FailureKind } from '../../core/failure.ts';
import type { AttemptRecord, RequestRecord } from '../../core/record.ts';
import type { RunView } from '../run-view/run-view.ts';
import { levelWords } from './level-words.ts';
import type { RequestModel, Tone, WaterfallModel } from './page-model.ts';
import { mostTelling } from './time-charts.ts';

const OUTCOMES = ['ok at the first attempt', 'ok after retries', 'failed', 'cancelled'] as const;

/** The outcome of a request as a reader may ask for it: an index into the waterfall's outcomes. */
const outcomeOf = ({ outcome, attempts }: RequestRecord): number => {
  if (outcome === 'ok') return attempts.length > 1 ? 1 : 0;
  return outcome === 'cancelled' ? 3 : 2;
};

const TONES: Readonly<Partial<Record<FailureKind, Tone>>> = {
  'rate-limited': 'limited',
  overloaded: 'third',
  cancelled: 'idle',
};

const KINDS = Object.keys(FAILURES) as readonly FailureKind[];

const ENDINGS = [
  { label: 'ok', tone: 'main' as Tone },
  ...KINDS.map((kind) => ({ label: FAILURES[kind].label, tone: TONES[kind] ?? ('failed' as Tone) })),
];

const endingOf = ({ failure }: AttemptRecord): number => (failure ? KINDS.indexOf(failure.kind) + 1 : 0);

const requestOf = (record: RequestRecord, origin: number): RequestModel => {
  const { startedAt, endedAt } = record;
  return [
    record.index,
    outcomeOf(record),
    Math.round(startedAt - origin),
    Math.round(endedAt - startedAt),
    record.attempts.map((attempt) => [
      Math.round(attempt.startedAt - startedAt),
      Math.round(attempt.endedAt - attempt.startedAt),
      attempt.firstTokenAt === undefined ? -1 : Math.round(attempt.firstTokenAt - attempt.startedAt),
      endingOf(attempt),
    ]),
  ];
};

/** The sampled requests of every level; `undefined` where there is none. */
export const waterfallModel = (report: SweepReport, { levels }: RunView): WaterfallModel | undefined => {
  const shown = levels.filter(({ sample }) => sample.length > 0);
  if (shown.length === 0) return undefined;
  return {
    at: levelWords(report).at,
    outcomes: OUTCOMES,
    endings: ENDINGS,
    levels: shown.map(({ level, sample }) => {
      const origin = Math.min(...sample.map(({ startedAt }) => startedAt));
      return { level, requests: sample.map((record) => requestOf(record, origin)) };
    }),
    first: mostTelling(
      report,
      shown.map(({ level }) => level),
    ),
  };
};

/** The endings that some attempt of the waterfall had, for a legend. */
export const endingsShown = ({ endings, levels }: WaterfallModel): WaterfallModel['endings'] => {
  const seen = new Set(
    levels.flatMap(({ requests }) =>
      requests.flatMap(([, , , , attempts]) => attempts.map((each) => each[3])),
    ),
  );
  return endings.filter((_, index) => seen.has(index));
};
