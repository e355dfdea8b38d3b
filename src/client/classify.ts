import { DeadlineError } from '../core/abort.ts';
import { RequestError } from '../core/errors.ts';
import type { Failure, FailureKind } from '../core/failure.ts';
import type { HeaderView } from './header-view.ts';
import { readRateLimit, readRetryAfter, readShouldRetry } from './rate-headers.ts';

/** What was already known of an attempt when it failed. */
export interface Progress {
  /** Set once status and headers had arrived: whatever fails then fails in mid-answer. */
  readonly status: number | undefined;
  readonly signal: AbortSignal;
  /** Length of the body in bytes, if its header told. */
  readonly bodyBytes?: number | undefined;
  /** Never to be repeated in a message. */
  readonly secrets: readonly string[];
}

/** Fields that both SDKs' errors have, read structurally so that one classifier serves both. */
interface ApiErrorLike {
  readonly status?: unknown;
  readonly headers?: unknown;
  readonly code?: unknown;
  readonly type?: unknown;
  readonly error?: unknown;
}

/** Accounts that are out of money or above a spend limit: waiting does not help, whatever the status says. */
const QUOTA_CODES = new Set([
  'insufficient_quota',
  'credit_balance_exhausted',
  'organization_spend_limit_exceeded',
  'project_spend_limit_exceeded',
  'organization_usage_limit_exceeded',
  'enforced_spend_limit_reached',
  'contract_spend_limit_reached',
  'linked_organization_spend_limit_reached',
  'billing_error',
]);

const TRANSPORT_KINDS: Readonly<Record<string, FailureKind>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'unreachable',
  ENETDOWN: 'unreachable',
  EHOSTDOWN: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  EPROTO: 'unreachable',
  EAFNOSUPPORT: 'unreachable',
  UND_ERR_CONNECT_TIMEOUT: 'unreachable',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'stalled',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'truncated',
  EMFILE: 'local',
  ENFILE: 'local',
  EADDRNOTAVAIL: 'local',
  ENOBUFS: 'local',
};

const transportKind = (code: string): FailureKind | undefined => {
  if (code.startsWith('CERT_') || code.startsWith('ERR_TLS') || code.includes('SELF_SIGNED'))
    return 'unreachable';
  if (code.startsWith('HPE_')) return 'protocol';
  // Any other error of the operating system (ECONNRESET, EPIPE, ECONNABORTED …) ends a connection that was there.
  return TRANSPORT_KINDS[code] ?? (/^E[A-Z]+$/.test(code) ? 'reset' : undefined);
};

/** Errors carry their cause in `cause`, or several of them in `errors` (one per address tried). */
function* causes(error: unknown, depth = 0): Generator<Error> {
  if (!(error instanceof Error) || depth > 6) return;
  yield error;
  yield* causes(error.cause, depth + 1);
  if (error instanceof AggregateError) for (const part of error.errors) yield* causes(part, depth + 1);
}

const isHeaderView = (value: unknown): value is HeaderView =>
  typeof value === 'object' && value !== null && 'get' in value && 'has' in value;

const codeOf = (error: Error): string | undefined => {
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
};

/** Codes of an error and of whatever caused it, outermost first. */
export const errorCodes = (error: unknown): readonly string[] =>
  [...causes(error)].flatMap((cause) => codeOf(cause) ?? []);

/** The kind of an HTTP error, by its status and the codes in its body. */
export const statusKind = (status: number, codes: readonly unknown[]): FailureKind => {
  if (codes.some((code) => typeof code === 'string' && QUOTA_CODES.has(code)) || status === 402)
    return 'quota';
  if (status === 429) return 'rate-limited';
  if (status === 401) return 'unauthorized';
  if (status === 408) return 'timeout';
  if (status === 503 || status === 529) return 'overloaded';
  return status >= 500 ? 'server' : 'rejected';
};

/** An error event in mid-stream comes under HTTP 200, so only its type tells what it is. */
const eventKind = (type: unknown): FailureKind => {
  if (type === 'overloaded_error' || type === 'service_unavailable_error') return 'overloaded';
  if (QUOTA_CODES.has(String(type))) return 'quota';
  return type === 'rate_limit_error' || type === 'rate_limit_exceeded' ? 'rate-limited' : 'server';
};

const detailCode = (body: unknown): unknown => {
  if (typeof body !== 'object' || body === null) return undefined;
  const inner = 'error' in body && typeof body.error === 'object' && body.error !== null ? body.error : body;
  if (
    'details' in inner &&
    typeof inner.details === 'object' &&
    inner.details !== null &&
    'error_code' in inner.details
  ) {
    return inner.details.error_code;
  }
  return 'code' in inner ? inner.code : 'type' in inner ? inner.type : undefined;
};

/** Messages are kept short, on one line and free of keys, whole or as a provider quotes them back. */
export const redact = (message: string, secrets: readonly string[]): string => {
  let withoutKey = message;
  for (const secret of secrets) if (secret.length >= 4) withoutKey = withoutKey.replaceAll(secret, '[key]');
  const masked = withoutKey
    .replaceAll(/\/\/[^/@\s]+@/g, '//[secret]@')
    .replaceAll(/\b(sk|pk|rk)-[\w*-]{4,}/g, '[key]')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return masked.length > 300 ? `${masked.slice(0, 299)}…` : masked;
};

/** Turns whatever an SDK, its transport or a parser threw into one typed failure. */
export const classify = (error: unknown, progress: Progress): RequestError => {
  const fail = (kind: FailureKind, message: string, more: Partial<Failure> = {}, headers?: HeaderView) =>
    new RequestError(
      {
        kind,
        message: redact(message, progress.secrets),
        ...(progress.status === undefined ? {} : { status: progress.status }),
        ...more,
      },
      { cause: error, rateLimit: headers && readRateLimit(headers) },
    );
  const { signal } = progress;
  if (signal.aborted) {
    if (!(signal.reason instanceof DeadlineError))
      return fail('cancelled', 'stopped before the answer was complete');
    return fail(progress.status === undefined ? 'timeout' : 'stalled', signal.reason.message);
  }
  if (error instanceof RequestError) return error;
  const chain = [...causes(error)];
  const api: ApiErrorLike = typeof error === 'object' && error !== null ? error : {};
  const message = chain.at(-1)?.message ?? String(error);
  if (typeof api.status === 'number') {
    const headers = isHeaderView(api.headers) ? api.headers : new Headers();
    const retryAfter = readRetryAfter(headers);
    const shouldRetry = readShouldRetry(headers);
    const more: Partial<Failure> = {
      status: api.status,
      ...(retryAfter === undefined ? {} : { retryAfter }),
      ...(shouldRetry === undefined ? {} : { shouldRetry }),
    };
    return fail(statusKind(api.status, [api.code, api.type, detailCode(api.error)]), message, more, headers);
  }
  for (const cause of chain) {
    const code = codeOf(cause);
    if (code === 'UND_ERR_SOCKET')
      return fail(progress.status === undefined ? 'reset' : 'truncated', message);
    const kind = code === undefined ? undefined : transportKind(code);
    if (kind) return fail(kind, message);
    if (cause instanceof SyntaxError)
      return fail(isCutShort(cause, progress.bodyBytes) ? 'truncated' : 'protocol', message);
  }
  if (chain.some(({ name }) => name === 'APIConnectionTimeoutError')) return fail('timeout', message);
  if (progress.status !== undefined && 'error' in api && api.error)
    return fail(eventKind(api.type ?? detailCode(api.error)), message);
  if (progress.status !== undefined)
    return fail(message === 'terminated' ? 'truncated' : 'protocol', message);
  // Nothing was sent that has a name: an address that cannot be used at all (a forbidden port, a header that is none).
  return fail('unreachable', message);
};

/**
 * Whether a parser ran out of input, so that the body was cut and not garbled. V8 says so in some cases; in the others it
 * names the position where it expected more, which is the end of the body if it was cut.
 */
const isCutShort = ({ message }: SyntaxError, bodyBytes: number | undefined): boolean => {
  if (/end of JSON input|unterminated/i.test(message)) return true;
  const position = /^Expected .* at position (\d+)/.exec(message)?.[1];
  return bodyBytes !== undefined && position !== undefined && Number(position) === bodyBytes;
};

/** The failure of an answer that ended without its terminal event. */
export const truncated = (progress: Progress): RequestError =>
  classify(
    new RequestError({
      kind: 'truncated',
      message: 'the answer ended without its terminal event',
      ...(progress.status === undefined ? {} : { status: progress.status }),
    }),
    progress,
  );
