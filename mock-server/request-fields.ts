import type { WireRequest } from './wire/wire.ts';

/** One header field as text, or `undefined`. */
export const field = ({ headers }: WireRequest, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
};

const BEARER = /^Bearer +/i;

/** The caller's key, wherever its provider puts it; '' without one. */
export const keyOf = (request: WireRequest): string => {
  const authorization = field(request, 'authorization');
  if (authorization?.startsWith('Bearer ')) return authorization.slice(7).trimStart();
  if (authorization !== undefined) return authorization.replace(BEARER, '');
  return field(request, 'x-api-key') ?? field(request, 'api-key') ?? '';
};

/** What `x-bench-request: <tag>/<index>/<attempt>` says, by which a client joins its records with the ledger. */
export interface Label {
  readonly tag: string;
  readonly index: number | undefined;
  readonly attempt: number;
}

/** Reads the label; a request without one has no tag, and its place in the order of arrival as index. */
export const labelOf = (request: WireRequest): Label => {
  const attempt = retryCountOf(request) ?? 0;
  const text = field(request, 'x-bench-request');
  if (text === undefined) return { tag: '', index: undefined, attempt };
  const match = /^([^/]*)\/(\d+)\/(\d+)$/.exec(text);
  if (!match) return { tag: '', index: undefined, attempt };
  return { tag: match[1] ?? '', index: Number(match[2]), attempt: Number(match[3]) };
};

/** The SDKs' own count of attempts before this one. */
export const retryCountOf = (request: WireRequest): number | undefined => {
  const text = field(request, 'x-stainless-retry-count');
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
};
