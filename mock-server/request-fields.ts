import type { WireRequest } from './wire/wire.ts';

/** What a request's header fields say of its sender and its place among others. */
export interface Caller {
  readonly anthropicVersion: string | undefined;
  /** The sender's key, wherever its provider puts it; '' without one. */
  readonly key: string;
  /** `x-bench-override`, as it was sent. */
  readonly override: string | undefined;
  /** What `x-bench-request: <tag>/<index>/<attempt>` says, by which a client joins its records with the ledger. */
  readonly tag: string;
  /** `undefined`: its place in the order of arrival. */
  readonly index: number | undefined;
  /** The label's, or else the SDK's own count. */
  readonly attempt: number;
  /** The SDK's own count of attempts before this one, `x-stainless-retry-count`. */
  readonly retryCount: number | undefined;
}

type Field = WireRequest['headers'][string];

/** A field as text. */
const one = (value: Field): string | undefined => (typeof value === 'string' ? value : value?.[0]);

const BEARER = /^Bearer +/i;

const keyOf = (authorization: string | undefined, apiKey: Field, azureKey: Field): string => {
  if (authorization?.startsWith('Bearer ')) return authorization.slice(7).trimStart();
  if (authorization !== undefined) return authorization.replace(BEARER, '');
  return one(apiKey) ?? one(azureKey) ?? '';
};

const LABEL = /^([^/]*)\/(\d+)\/(\d+)$/;

/** Reads everything at once, each field by a name that is written here: V8 finds those faster than names that vary, of which a request asked for seven. */
export const callerOf = ({ headers }: WireRequest): Caller => {
  const retries = one(headers['x-stainless-retry-count']);
  const retryCount = retries !== undefined && /^\d+$/.test(retries) ? Number(retries) : undefined;
  const label = one(headers['x-bench-request']);
  const match = label === undefined ? null : LABEL.exec(label);
  return {
    anthropicVersion: one(headers['anthropic-version']),
    key: keyOf(one(headers['authorization']), headers['x-api-key'], headers['api-key']),
    override: one(headers['x-bench-override']),
    tag: match?.[1] ?? '',
    index: match ? Number(match[2]) : undefined,
    attempt: match ? Number(match[3]) : (retryCount ?? 0),
    retryCount,
  };
};
