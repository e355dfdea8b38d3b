import { isLoopback } from '../client/loopback.ts';
import { UsageError } from '../core/errors.ts';
import { resolveHeaders } from './header-values.ts';
import type { SweepOptions } from './options.ts';
import { url } from './values.ts';

/** The endpoint to measure, with everything needed to reach it. */
export type TargetSettings =
  | { readonly kind: 'mock'; readonly profile: string; readonly model: string }
  | {
      readonly kind: 'openai' | 'anthropic';
      readonly baseUrl: string;
      readonly model: string;
      readonly apiKey: string;
      /** Sent with every request. */
      readonly headers: Readonly<Record<string, string>>;
    };

const PROVIDERS = {
  openai: {
    baseUrl: 'https://api.openai.com/v1',
    baseUrlEnv: 'OPENAI_BASE_URL',
    keyEnv: 'OPENAI_API_KEY',
    model: 'gpt-5-mini',
  },
  anthropic: {
    baseUrl: 'https://api.anthropic.com',
    baseUrlEnv: 'ANTHROPIC_BASE_URL',
    keyEnv: 'ANTHROPIC_API_KEY',
    model: 'claude-haiku-4-5',
  },
} as const;

/** Sent where a server on this machine wants none: the SDKs refuse to start without a key. */
const NO_KEY = 'no-key-needed';

/** The endpoint that options name, its key from the environment. Throws `UsageError` for what is missing or contradicts itself. */
export const targetOf = (options: SweepOptions, env: NodeJS.ProcessEnv): TargetSettings => {
  const { target, baseUrl, apiKeyEnv, header, model, profile } = options;
  if (target === 'mock') {
    for (const [name, value] of [
      ['--base-url', baseUrl],
      ['--api-key-env', apiKeyEnv],
      ['--header', header],
    ] as const) {
      if (value !== undefined)
        throw new UsageError(
          `${name} does not go with the embedded mock`,
          'Add --target openai or --target anthropic.',
        );
    }
    return { kind: 'mock', profile, model: model ?? 'gpt-4o-mini' };
  }
  const provider = PROVIDERS[target];
  if (model === undefined) {
    throw new UsageError(
      `--model is missing: --target ${target} does not say which model`,
      `For example --model ${provider.model}.`,
    );
  }
  const fromEnv = env[provider.baseUrlEnv];
  const root = baseUrl ?? (fromEnv ? url(fromEnv, provider.baseUrlEnv) : provider.baseUrl);
  const keyEnv = apiKeyEnv ?? provider.keyEnv;
  const key = env[keyEnv]?.trim();
  if (!key && (apiKeyEnv !== undefined || !isLoopback(root))) {
    throw new UsageError(
      `--target ${target} needs a key: the environment variable ${keyEnv} is not set`,
      `Set it (export ${keyEnv}=…), or name another one with --api-key-env. Keys are read from the environment only.`,
    );
  }
  return {
    kind: target,
    baseUrl: root,
    model,
    apiKey: key || NO_KEY,
    headers: header ? resolveHeaders(header, env) : {},
  };
};
