import type { Usage } from '../../src/core/call.ts';
import type { Millis } from '../../src/core/clock.ts';
import type { Engine } from '../engine/engine.ts';
import type { Breakage, EngineListener, Opening, Rejection } from '../engine/listener.ts';
import { type FinishReason, textOf, tokensUntil } from '../engine/output.ts';
import type { EngineRequest } from '../engine/request.ts';

/** What happens to a request that goes straight to the engine: no bytes, no wire format. */
export type DirectEvent =
  | { readonly type: 'refused'; readonly rejection: Rejection; readonly retryAfter?: Millis }
  | { readonly type: 'opened' }
  | { readonly type: 'tokens'; readonly text: string; readonly tokens: number }
  | { readonly type: 'finished'; readonly usage: Usage; readonly reason: FinishReason }
  | { readonly type: 'broken'; readonly how: Breakage };

/** Receives events as they happen. */
export type DirectListener = (event: DirectEvent) => void;

/** Puts one request to the engine; `listen` may be called before this returns. The result is to be called if the client leaves. */
export const askEngine = (engine: Engine, request: EngineRequest, listen: DirectListener): (() => void) => {
  let opening: Opening | undefined;
  const tokens = (from: number, to: number) => {
    if (!opening || to <= from) return;
    const { output } = opening;
    listen({
      type: 'tokens',
      text: textOf(output, from, to),
      tokens: tokensUntil(output, to) - tokensUntil(output, from),
    });
  };
  const finish = ({ output, cachedTokens }: Opening) => {
    const usage: Usage = {
      inputTokens: request.reading.inputTokens,
      outputTokens: output.thinkingTokens + output.visibleTokens,
      cachedTokens,
      reasoningTokens: output.thinkingTokens,
    };
    listen({ type: 'finished', usage, reason: output.reason });
  };
  const listener: EngineListener = {
    refused({ rejection }) {
      listen({ type: 'refused', rejection, ...('wait' in rejection && { retryAfter: rejection.wait }) });
      return undefined;
    },
    opened(opened) {
      opening = opened;
      listen({ type: 'opened' });
    },
    chunks: tokens,
    finished(opened, from, ending) {
      opening = opened;
      tokens(from, opened.output.chunks);
      if (ending === 'prompt' || ending === 'close-early') finish(opened);
    },
    done: () => {
      if (opening) finish(opening);
    },
    broken: (how) => listen({ type: 'broken', how }),
  };
  return engine.serve(request, listener);
};
