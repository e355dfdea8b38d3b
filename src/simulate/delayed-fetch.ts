import { type Clock, sleep } from '../core/clock.ts';
import type { Rng } from '../core/rng.ts';
import { parseTag, TAG_HEADER } from './attempt-tag.ts';
import { type Hop, hopTime } from './network.ts';

/** A `fetch` with a hop before and behind it, for SDKs in virtual time: the same draws as the direct client's. */
export const delayedFetch =
  (inner: typeof fetch, clock: Clock, hop: Hop, rng: Rng): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, init);
    const named = parseTag(request.headers.get(TAG_HEADER) ?? '');
    const back = hopTime(hop, rng, named, 'back');
    await sleep(clock, hopTime(hop, rng, named, 'out'), request.signal);
    const response = await inner(request);
    if (back === 0) return response;
    await sleep(clock, back, request.signal);
    return response;
  };
