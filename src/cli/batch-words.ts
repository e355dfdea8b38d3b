import { type BatchSettings, STANDARD } from '../config/resolve-batch.ts';
import type { Usd } from '../core/price.ts';
import { formatDuration, formatNumber, formatPercent, formatUsd } from '../core/units.ts';
import type { LevelSummary } from '../measure/level-summary.ts';
import { grid } from '../report/grid.ts';
import { ASSUMED } from '../run/forecast.ts';
import type { BatchConcurrency } from './batch-concurrency.ts';
import type { AnsweredBefore } from './batch-files.ts';
import type { BatchSurvey } from './batch-survey.ts';

const count = (value: number) => Math.round(value).toLocaleString('en-US');

/** What the items that are left can cost, with answers of full length and no retries; `undefined` if that cannot be told. */
export const costOfRest = (survey: BatchSurvey | undefined, left: number): Usd | undefined =>
  survey?.costUsd === undefined ? undefined : (survey.costUsd * left) / survey.items;

/** What `--dry-run` prints. */
export const batchPlanText = (
  { input, maxTokens, run: { target, money, policy } }: BatchSettings,
  survey: BatchSurvey,
  { level, because }: BatchConcurrency,
  before: AnsweredBefore,
): string => {
  const left = survey.items - before.items;
  const share = left / survey.items;
  const latency = ASSUMED.firstToken + (maxTokens / ASSUMED.tokensPerSecond) * 1000;
  const cost = costOfRest(survey, left);
  const row = [
    count(left),
    count(survey.inputTokens * share),
    count(maxTokens * left),
    cost === undefined ? '–' : formatUsd(cost),
    formatDuration(Math.ceil(left / level) * latency),
  ];
  const where = target.kind === 'mock' ? `on the mock (profile ${target.profile})` : `at ${target.baseUrl}`;
  return [
    `${input.path}, ${where}, model ${target.model}, ${level} at once: ${because}`,
    '',
    grid(['items', 'tokens in', 'tokens out\nup to', 'cost\nup to', 'time\nabout'], [row], '-'),
    '',
    ...(before.items > 0
      ? [
          `${count(before.items)} items are answered already and not sent again${before.costUsd > 0 ? `; they have cost ${formatUsd(before.costUsd)}, which counts under the cap` : ''}.`,
        ]
      : []),
    ...survey.unfilled.map(
      (name) => `{${name}} in the prompt is no column of the input: it is sent as it stands.`,
    ),
    `Price: ${money.source ?? 'not known (--price in,out)'}. Cap: ${Number.isFinite(money.cap) ? `${formatUsd(money.cap)} for the whole batch` : 'none'}.`,
    `Counted for answers of full length and without retries (each may be sent up to ${policy.maxRetries + 1} times);`,
    `prompts at 4 characters per token. Time assumes a first token after ${formatDuration(ASSUMED.firstToken)}, then ${ASSUMED.tokensPerSecond} tokens/s, no limits.`,
    'Nothing was sent.',
    '',
  ].join('\n');
};

/** What the concurrency was worth. */
const worth = ({
  wallClockMs,
  slotTime,
  counts,
  attemptsPerSuccess,
  retryOverhead,
}: LevelSummary): string => {
  if (counts.ok === 0 || wallClockMs === 0) return '';
  const saved = slotTime.serviceMs - wallClockMs;
  const times = formatNumber(slotTime.serviceMs / wallClockMs);
  const answers = `The ${count(counts.ok)} answers of this run took ${formatDuration(wallClockMs)}; one after another and without a refusal they take ${formatDuration(slotTime.serviceMs)}`;
  const verdict =
    saved >= 0
      ? `concurrency saved ${formatDuration(saved)} (${times} ×)`
      : `retries cost ${formatDuration(-saved)} more than that`;
  const retries = `${formatNumber(attemptsPerSuccess ?? 1)} attempts per answer, ${formatPercent(retryOverhead ?? 0)} of the slots' time went into retries`;
  return `${answers}: ${verdict}. ${retries}.\n`;
};

/** What this run has cost, and with those before it the whole batch. */
const paid = ({ costUsd }: LevelSummary, inAll: Usd): string => {
  if (!costUsd) return '';
  const { total, perSuccess, waste } = costUsd;
  const each = perSuccess === null ? '' : `, ${formatUsd(perSuccess)} an answer`;
  const lost = waste > 0 ? `; ${formatUsd(waste)} of it for attempts without an answer` : '';
  const before = inAll > total * 1.000001 ? `. With the runs before: ${formatUsd(inAll)}` : '';
  return `Cost: ${formatUsd(total)}${each}${lost}${before}.\n`;
};

/** How a batch stands at the end of a run. */
export interface BatchStanding {
  readonly ok: number;
  readonly failed: number;
  /** `undefined` where nobody knows how many there are. */
  readonly items: number | undefined;
  /** What all runs of it have cost so far. */
  readonly costUsd: Usd;
  readonly isWhole: boolean;
}

/** What a batch prints at its end. */
export const batchSummary = (
  { ok, failed, items, costUsd, isWhole }: BatchStanding,
  { output }: BatchSettings,
  figures: LevelSummary,
): string => {
  const missing = items === undefined ? 0 : items - ok - failed;
  const where =
    output.path === STANDARD ? '' : `, in ${output.path}${isWhole ? '' : `; go on with --resume`}`;
  const done = `${count(ok)} succeeded, ${count(failed)} failed${missing > 0 ? `, ${count(missing)} not done` : ''}${where}.`;
  return `\n${done}\n${worth(figures)}${paid(figures, costUsd)}`;
};
