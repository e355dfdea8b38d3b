import type { Usage } from './call.ts';
import type { Failure } from './failure.ts';
import type { RateLimitReading } from './rate-limit.ts';

/** Process exit codes; the README lists the same table. */
export const EXIT = {
  ok: 0,
  internal: 1,
  usage: 2,
  target: 3,
  invalid: 4,
  cost: 5,
  regression: 98,
  threshold: 99,
  interrupted: 130,
  terminated: 143,
} as const;

/** One of the codes `bench` ends with. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An error that a user can act on: `message` says what failed and why, `hint` what to do next. */
export class BenchError extends Error {
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(
    exitCode: ExitCode,
    message: string,
    options: { readonly hint?: string | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.exitCode = exitCode;
    this.hint = options.hint;
  }
}

/** Input that was refused before any traffic; the message names the flag, or the file and line. */
export class UsageError extends BenchError {
  constructor(message: string, hint?: string) {
    super(EXIT.usage, message, { hint });
  }
}

/** What a client throws for an attempt that brought no complete answer. */
export class RequestError extends Error {
  readonly failure: Failure;
  readonly rateLimit: RateLimitReading | undefined;
  /** What the attempt has cost although it failed, as far as that can be told. */
  usage: Usage | undefined;

  constructor(
    failure: Failure,
    options: { readonly rateLimit?: RateLimitReading | undefined; readonly cause?: unknown } = {},
  ) {
    // An outcome, not a bug: a stack would cost more than the rest of a simulated attempt.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(failure.message, options.cause === undefined ? undefined : { cause: options.cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'RequestError';
    this.failure = failure;
    this.rateLimit = options.rateLimit;
  }

  /** The same failure with what its attempt has cost nevertheless. */
  with(usage: Usage): RequestError {
    const { failure, rateLimit, cause } = this;
    const told = new RequestError(failure, { rateLimit, cause });
    told.usage = usage;
    return told;
  }
}
