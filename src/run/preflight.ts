import { errorCodes } from '../client/classify.ts';
import type { Client } from '../client/client.ts';
import { deadline } from '../core/abort.ts';
import type { Call } from '../core/call.ts';
import type { Clock, Millis } from '../core/clock.ts';
import { BenchError, EXIT, RequestError } from '../core/errors.ts';
import { FAILURES, type Failure } from '../core/failure.ts';
import type { Spending } from './spending.ts';

/** What the one call needs. */
export interface PreflightOptions {
  readonly client: Client;
  /** A call of the scenario, whose model and API are asked. */
  readonly like: Call;
  readonly clock: Clock;
  readonly timeout: Millis;
  readonly signal: AbortSignal;
  readonly spending?: Spending | undefined;
  /** Variable of the environment that names the proxy through which calls go; `undefined` if they go through none. */
  readonly proxy?: string | undefined;
}

/** Few tokens, but enough for every API: fewer than 16 are refused by some. */
const MAX_TOKENS = 16;

const cheap = ({ endpoint, model }: Call): Call => ({
  messages: [{ role: 'user', content: 'Say yes.' }],
  maxTokens: MAX_TOKENS,
  stream: false,
  ...(endpoint ? { endpoint } : {}),
  ...(model ? { model } : {}),
});

interface Hint {
  when(failure: Failure, codes: readonly string[]): boolean;
  readonly hint: string;
}

const NO_ANSWER = ['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'];

const oneOf =
  (...known: readonly string[]) =>
  (_failure: Failure, codes: readonly string[]) =>
    codes.some((code) => known.includes(code));

/** No connection came about: where there is a proxy, to the proxy. */
const UNREACHED = oneOf('ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', ...NO_ANSWER);

/** What to do next, the most particular first; where none fits, the failure's own hint stands. */
const HINTS: readonly Hint[] = [
  {
    when: ({ message }, codes) => /prox(y|ies)|tunnel/i.test(message) || codes.includes('UND_ERR_PRX_TLS'),
    hint: 'The proxy of HTTPS_PROXY or HTTP_PROXY refuses or fails: check it, or name the host in NO_PROXY.',
  },
  {
    when: oneOf('ENOTFOUND', 'EAI_AGAIN'),
    hint: 'The host name cannot be looked up (DNS): is --base-url spelled right, and is the network there?',
  },
  {
    when: oneOf('ERR_TLS_CERT_ALTNAME_INVALID'),
    hint: 'The certificate is for another host name (TLS): use the name it was made for in --base-url.',
  },
  {
    when: oneOf('CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'),
    hint: 'The certificate is not valid today (TLS): renew it, or set the clock of this machine.',
  },
  {
    when: (_failure, codes) =>
      codes.some((code) => /SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|^CERT_/.test(code)),
    hint: 'Nobody that Node trusts vouches for the certificate (TLS): name its authority in NODE_EXTRA_CA_CERTS=<file.pem>.',
  },
  {
    when: (_failure, codes) => codes.some((code) => code === 'EPROTO' || code.startsWith('ERR_SSL')),
    hint: 'The server does not speak TLS there: should --base-url start with http:// or name another port?',
  },
  {
    when: oneOf(...NO_ANSWER),
    hint: 'The host does not answer: a firewall, a VPN that is off, or a proxy that is needed (HTTPS_PROXY with --transport lean)?',
  },
  {
    when: ({ status }) => status === 403,
    hint: 'The key is known but not allowed this: check its project, its region and its access to the model.',
  },
  {
    when: ({ status, message }) => status === 404 && /model/i.test(message),
    hint: 'The endpoint does not know the model: check --model.',
  },
  {
    when: ({ status }) => status === 404 || status === 405,
    hint: 'Nothing is served under that path: should --base-url end in /v1 (OpenAI) or without it (Anthropic)?',
  },
  {
    when: ({ status = 0 }) => status >= 300 && status < 400,
    hint: 'The endpoint is elsewhere: put the address that it points to into --base-url.',
  },
];

/** Failures after which a run may well succeed: the endpoint is there and lets us in. */
const passes = ({ kind }: Failure): boolean =>
  FAILURES[kind].endsRun === 'never' && kind !== 'timeout' && kind !== 'reset' && kind !== 'truncated';

/**
 * One cheap call before a run, so that what is wrong with address, key or model shows at once and by its name. Throws
 * `BenchError` with a hint; returns a remark where the endpoint answered, but not as hoped.
 */
export const preflight = async (options: PreflightOptions): Promise<string | undefined> => {
  const { client, like, clock, timeout, signal, spending, proxy } = options;
  const call = cheap(like);
  const hold = spending?.hold(call);
  const limit = deadline(clock, timeout, signal);
  try {
    for await (const event of client.send(call, { signal: limit.signal })) {
      if (event.type === 'usage') hold?.settle(event.usage, undefined);
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    hold?.settle(error.usage, error.failure);
    const { failure } = error;
    if (failure.kind === 'cancelled') return undefined;
    const { label, hint } = FAILURES[failure.kind];
    const status = failure.status === undefined ? '' : ` (HTTP ${failure.status})`;
    if (passes(failure)) return `the first call met: ${label}${status}: ${failure.message}`;
    const codes = errorCodes(error);
    throw new BenchError(
      EXIT.target,
      `the endpoint cannot be measured: ${label}${status}: ${failure.message}`,
      {
        hint:
          proxy !== undefined && UNREACHED(failure, codes)
            ? `Calls go through the proxy of ${proxy}, which cannot be reached: check it, or name the host in NO_PROXY.`
            : (HINTS.find(({ when }) => when(failure, codes))?.hint ?? hint ?? SLOW),
      },
    );
  } finally {
    limit.cancel();
  }
};

const SLOW =
  'Does the endpoint answer at all? Try it with curl, raise --timeout, or leave this call out with --no-preflight.';
