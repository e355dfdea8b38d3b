import { createApp } from '../../mock-server/app.ts';
import { mockFetch } from '../../mock-server/carriers/fetch.ts';
import type { Engine } from '../../mock-server/engine/engine.ts';
import type { Clock } from '../core/clock.ts';
import { delayedFetch } from './delayed-fetch.ts';
import type { Network } from './network.ts';

/** The `fetch` of an SDK whose server is an engine in this process, with a network between the two. */
export const engineFetch = (engine: Engine, clock: Clock, between: Network): typeof fetch =>
  delayedFetch(mockFetch(createApp(engine)), clock, between);
