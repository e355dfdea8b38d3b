import { type HttpHandler, http } from 'msw';
import type { App } from '../app.ts';
import { respond } from './fetch.ts';

/**
 * Request handlers for `setupServer` of msw 3, which let the app answer for `origin`. For functional tests, not for
 * figures: msw costs several times what a real socket costs, and a reset arrives as a network error.
 */
export const mswHandlers = (app: App, origin: string): readonly HttpHandler[] => [
  http.all(`${origin}/*`, ({ request }) => respond(app, request)),
];
