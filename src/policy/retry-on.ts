import { UsageError } from '../core/errors.ts';
import { FAILURES, type Failure, type FailureKind } from '../core/failure.ts';
import { nameHint } from '../core/nearest.ts';

/** Which failures are retried, as data. */
export interface RetryOn {
  /** As the user writes it. */
  readonly text: string;
  matches(failure: Failure): boolean;
}

const SDK_TEXT = '408,409,429,5xx,reset,timeout,unreachable';

const KINDS = Object.keys(FAILURES) as readonly FailureKind[];
const CLASSES = ['4xx', '5xx'];

/** A connection lost in mid-answer is another thing than one that never brought an answer, and no SDK retries it. */
const BEFORE_AN_ANSWER: ReadonlySet<FailureKind> = new Set(['reset', 'timeout', 'unreachable']);

type Rule = (failure: Failure) => boolean;

const ruleOf = (part: string, name: string): Rule => {
  if (/^[45]\d\d$/.test(part)) return ({ status }) => status === Number(part);
  if (CLASSES.includes(part)) {
    const from = part === '4xx' ? 400 : 500;
    return ({ status }) => status !== undefined && status >= from && status < from + 100;
  }
  const kind = KINDS.find((known) => known === part);
  if (!kind) {
    throw new UsageError(
      `${name}: "${part}" is neither a status nor a kind of failure`,
      /^\d+$/.test(part)
        ? 'Statuses are 400 to 599, or 4xx and 5xx for all of them.'
        : nameHint(part, [...CLASSES, ...KINDS]),
    );
  }
  return ({ kind: own, status }) => own === kind && (status === undefined || !BEFORE_AN_ANSWER.has(kind));
};

/** Reads `429,5xx,timeout`. Throws `UsageError`. */
export const parseRetryOn = (text: string, name: string): RetryOn => {
  const parts = text
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter(Boolean);
  if (parts.length === 0)
    throw new UsageError(`${name} is empty`, `For example ${SDK_TEXT}; to retry nothing: --retry none.`);
  const rules = parts.map((part) => ruleOf(part, name));
  return {
    text: parts.join(','),
    matches: (failure) => rules.some((rule) => rule(failure)),
  };
};

const listed = parseRetryOn(SDK_TEXT, 'the default');

/** What both SDKs retry: `x-should-retry` if the endpoint gives it, else this list. Never a failure in mid-answer. */
export const SDK_RETRY_ON: RetryOn = {
  text: SDK_TEXT,
  matches: (failure) => failure.shouldRetry ?? listed.matches(failure),
};
