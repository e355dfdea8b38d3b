import { type App, createApp } from '../../mock-server/app.ts';
import { mockFetch } from '../../mock-server/carriers/fetch.ts';
import { Engine } from '../../mock-server/engine/engine.ts';
import { type ProfileInput, parseProfile } from '../../mock-server/engine/profile.ts';
import type { Clock } from '../../src/core/clock.ts';
import { VirtualClock } from '../../src/core/virtual-clock.ts';

/** A profile with exact times: 100 ms to the first token, then 10 ms a token, 10 tokens. */
export const EXACT: ProfileInput = {
  latency: { ttft: '100ms', tokensPerSecond: 100 },
  output: { tokens: 10 },
};

/** A mock in virtual time, reached through its `fetch` carrier. */
export interface Lab {
  readonly clock: VirtualClock;
  readonly engine: Engine;
  readonly app: App;
  readonly fetch: typeof fetch;
}

/** Builds a lab; the epoch is 2025-06-02T15:14:45Z. */
export const lab = (profile: ProfileInput, seed = 1): Lab => {
  const clock = new VirtualClock(1_748_877_285_000);
  const { engine, app } = mockOn(clock, profile, seed);
  return { clock, engine, app, fetch: mockFetch(app) };
};

/** Engine and app on any clock. */
export const mockOn = (
  clock: Clock,
  profile: ProfileInput,
  seed = 1,
): { readonly engine: Engine; readonly app: App } => {
  const engine = new Engine({ clock, profile: parseProfile(profile, 'of a test'), seed });
  return { engine, app: createApp(engine, seed) };
};

/** What one call of the lab may ask for. */
export interface CallOptions {
  readonly stream?: boolean;
  readonly label?: string;
  readonly override?: object;
  readonly key?: string;
  readonly model?: string;
  readonly maxTokens?: number;
  readonly prompt?: string;
  readonly body?: object;
}

const headersOf = ({ label, override, key = 'key' }: CallOptions): Record<string, string> => ({
  'content-type': 'application/json',
  'x-api-key': key,
  'anthropic-version': '2023-06-01',
  ...(label !== undefined && { 'x-bench-request': label }),
  ...(override && { 'x-bench-override': JSON.stringify(override) }),
});

/** Sends a chat completion through `fetch`. */
export const chat = (
  send: typeof fetch,
  options: CallOptions = {},
  signal?: AbortSignal,
): Promise<Response> => {
  const { stream = false, model = 'gpt-4o', maxTokens, prompt = 'hi', body } = options;
  const { 'anthropic-version': _, ...headers } = headersOf(options);
  return send('http://mock/v1/chat/completions', {
    method: 'POST',
    headers,
    body: JSON.stringify({
      model,
      stream,
      ...(maxTokens !== undefined && { max_tokens: maxTokens }),
      messages: [{ role: 'user', content: prompt }],
      ...body,
    }),
    ...(signal && { signal }),
  });
};

/** Sends a message through `fetch`. */
export const message = (send: typeof fetch, options: CallOptions = {}): Promise<Response> => {
  const { stream = false, model = 'claude-haiku-4-5', maxTokens = 100, prompt = 'hi', body } = options;
  return send('http://mock/v1/messages', {
    method: 'POST',
    headers: headersOf(options),
    body: JSON.stringify({
      model,
      stream,
      max_tokens: maxTokens,
      messages: [{ role: 'user', content: prompt }],
      ...body,
    }),
  });
};
