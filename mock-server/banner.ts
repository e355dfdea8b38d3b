/** Lines to copy: how each client is pointed at the mock. */
export const banner = (url: string, profile: string, speed: number): string =>
  [
    `mock server on ${url} (profile ${profile}${speed === 1 ? '' : `, ${speed} times faster than real time`})`,
    '',
    `  OpenAI, TypeScript:     new OpenAI({ baseURL: '${url}/v1', apiKey: 'mock' })`,
    `  OpenAI, Python:         OpenAI(base_url="${url}/v1", api_key="mock")`,
    `  Anthropic, TypeScript:  new Anthropic({ baseURL: '${url}', apiKey: 'mock' })`,
    `  Anthropic, Python:      Anthropic(base_url="${url}", api_key="mock")`,
    `  curl:                   curl -sN ${url}/v1/chat/completions -H 'content-type: application/json' -d '{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"Hello"}]}'`,
    '',
    `  What it saw: ${url}/__bench/ledger/summary   State: ${url}/__bench/state   Stop: Ctrl-C`,
  ].join('\n');

/** The live line. */
export const liveLine = (
  state: {
    readonly active: number;
    readonly queued: number;
    readonly lateness: { readonly p99Ms: number };
  },
  totals: {
    readonly ok: number;
    readonly rateLimited: number;
    readonly failed: number;
    readonly faulted: number;
  },
): string =>
  `${state.active} in flight, ${state.queued} waiting · ${totals.ok} ok, ${totals.rateLimited} limited, ${totals.failed} failed, ${totals.faulted} faulted · late p99 ${state.lateness.p99Ms.toFixed(1)} ms`;
