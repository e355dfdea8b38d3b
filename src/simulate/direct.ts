import type { Engine } from '../../mock-server/engine/engine.ts';
import { NO_OVERRIDE } from '../../mock-server/engine/override.ts';
import { classify } from '../client/classify.ts';
import type { Client } from '../client/client.ts';
import { parseTag, TAG_HEADER } from './attempt-tag.ts';
import { Delivery } from './delivery.ts';
import type { Network } from './network.ts';
import { readingOf } from './reading.ts';
import { refusalError } from './refusal-error.ts';

/** What the direct client needs: an engine in this process, and a network between the two. */
export interface DirectOptions {
  readonly engine: Engine;
  readonly model: string;
  readonly network: Network;
}

const KEY = 'mock-key';

const nothing = () => {};

/**
 * A client straight onto the engine: no bytes, no wire format, the same records as through an SDK but for the words of a
 * failure, with the rate-limit readings that headers would give, every kind of token by its own name.
 */
export const directClient = ({ engine, model, network }: DirectOptions): Client => ({
  name: 'direct',
  send(call, { signal, headers }) {
    const { clock } = engine;
    const named = parseTag(headers?.[TAG_HEADER] ?? '');
    const reading = readingOf(call, model);
    let leave = nothing;
    const delivery = new Delivery({
      clock,
      reading,
      id: `call_${named.index}_${named.attempt}`,
      back: network.back(named),
      refusal: (refusal) => refusalError(refusal, engine, reading.model),
      closed() {
        signal.removeEventListener('abort', onAbort);
        cancel();
        leave();
      },
    });
    const cancel = clock.schedule(clock.now() + network.out(named), () => {
      leave = engine.serve(
        {
          ...named,
          reading,
          endpoint: call.endpoint ?? 'chat',
          key: KEY,
          override: NO_OVERRIDE,
          requestId: '',
        },
        delivery,
      );
    });
    const onAbort = () => {
      cancel();
      leave();
      delivery.give(classify(signal.reason, { status: delivery.status, signal, secrets: [KEY] }));
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    return delivery;
  },
});
