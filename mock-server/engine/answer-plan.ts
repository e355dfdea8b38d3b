import type { Clock, Millis } from '../../src/core/clock.ts';
import type { Start } from './desk.ts';
import { chunkTokensOf, planTimes } from './latency.ts';
import type { EngineListener, Opening } from './listener.ts';
import { drawOutput, tokensUntil } from './output.ts';
import type { Parts } from './parts.ts';
import { Playback, type PlaybackHost } from './playback.ts';
import type { Profile } from './profile.ts';
import type { EngineRequest } from './request.ts';

/** Prompt tokens that a cache holds. */
export const cachedTokensOf = (profile: Profile, { override, reading }: EngineRequest): number => {
  const { inputTokens } = reading;
  return Math.min(override.cachedTokens ?? Math.floor(inputTokens * profile.cachedShare), inputTokens);
};

/** What an attempt's service consists of, before it is played. */
export interface AnswerPlan {
  readonly opening: Opening;
  readonly playback: Playback;
  readonly startedAt: Millis;
}

/** How many base milliseconds a millisecond of this request's time takes now. */
export const stretchOf = (parts: Parts, request: Pick<EngineRequest, 'override'>): number =>
  isExact(request) ? 1 : (parts.work?.slowdown ?? 1);

/** Such a request's time does not depend on load. */
const isExact = ({ override }: Pick<EngineRequest, 'override'>): boolean =>
  override.latencyMs !== undefined || override.limits === false;

/** Draws an attempt's answer and its times: the same in every process that has the profile and the seed. */
export const planAnswer = (
  parts: Parts,
  request: EngineRequest,
  start: Start,
  listener: EngineListener,
  host: PlaybackHost,
): AnswerPlan => {
  const { profile, seed } = parts;
  const chance = (purpose: string) => parts.chance(purpose).fork(request.index);
  const output = drawOutput(profile, request, chunkTokensOf(profile.latency), chance, seed);
  const cachedTokens = cachedTokensOf(profile, request);
  const opening: Opening = { output, cachedTokens, standings: start.standings };
  const time: Clock = isExact(request) ? parts.clock : (parts.work ?? parts.clock);
  const startedAt = start.startedAt ?? parts.clock.now();
  const playback = new Playback({
    time,
    startedAt: time === parts.clock ? startedAt : time.now(),
    plan: planTimes(profile, request, output, cachedTokens, chance),
    opening,
    request,
    fault: start.fault,
    listener,
    host,
  });
  return { opening, playback, startedAt };
};

/** Output tokens that a service has produced by now. */
export const producedBy = ({ opening, playback }: AnswerPlan): number =>
  tokensUntil(opening.output, playback.chunksDue());
