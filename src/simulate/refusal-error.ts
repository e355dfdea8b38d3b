import type { Engine } from '../../mock-server/engine/engine.ts';
import type { Refusal } from '../../mock-server/engine/listener.ts';
import { openaiRefusal } from '../../mock-server/wire/openai-dialect.ts';
import { wholeMillis, wholeSeconds } from '../../mock-server/wire/reset-format.ts';
import { statusKind } from '../client/classify.ts';
import { RequestError } from '../core/errors.ts';
import { readingOf } from './shown-limits.ts';

/** The failure that an SDK would have made of this refusal, by way of the same status, code and wait. */
export const refusalError = (refusal: Refusal, engine: Engine, model: string): RequestError => {
  const { limits } = engine.profile;
  const { status, error } = openaiRefusal(refusal, {
    requestId: '',
    method: 'POST',
    path: '/v1/chat/completions',
    key: '',
    model,
    now: engine.clock.now(),
    epoch: engine.clock.epoch,
    taken: 0,
    retryAfter: limits?.retryAfter ?? true,
    retryAfterMs: limits?.retryAfterMs ?? false,
  });
  const { rejection } = refusal;
  const tooLarge = rejection.kind === 'too-large';
  const wait = 'wait' in rejection && !tooLarge && (limits?.retryAfter ?? true) ? rejection.wait : undefined;
  const toldWait =
    wait === undefined ? undefined : limits?.retryAfterMs ? wholeMillis(wait) : wholeSeconds(wait) * 1000;
  return new RequestError(
    {
      kind: statusKind(status, [error.code, error.type]),
      message: `${status} ${error.message}`,
      status,
      ...(toldWait === undefined ? {} : { retryAfter: toldWait }),
      ...(tooLarge ? { shouldRetry: false } : {}),
    },
    { rateLimit: status === 429 ? readingOf(refusal.standings) : undefined },
  );
};
