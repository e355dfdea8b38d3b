import type { Millis } from '../../src/core/clock.ts';
import { type AnswerPlan, planAnswer, producedBy } from '../engine/answer-plan.ts';
import type { Start, Visitor } from '../engine/desk.ts';
import type { EngineListener, Refusal } from '../engine/listener.ts';
import type { Parts } from '../engine/parts.ts';
import type { PlaybackHost } from '../engine/playback.ts';
import type { LimitsSpec } from '../engine/profile.ts';
import { type Arrival, numbered } from '../engine/request.ts';
import type { Post, ToWorker } from './messages.ts';

const nothing = () => {};

const DEAF: EngineListener = {
  refused: () => undefined,
  opened: nothing,
  chunks: nothing,
  finished: nothing,
  done: nothing,
  broken: nothing,
};

const UNHEARD: PlaybackHost = { late: nothing, over: nothing };

const countsOutputLive = (limits: LimitsSpec | undefined): boolean =>
  limits?.outputTokens === 'realtime' &&
  [limits, ...Object.values(limits.models)].some(({ outputTokensPerMinute }) => outputTokensPerMinute);

/**
 * A visitor in another process. Where output tokens count against a limit while they are produced, the desk prepares the same
 * service without ever playing it: profile, seed and index say all about it, so that nobody has to report tokens.
 */
export class Caller implements Visitor {
  readonly #post: Post<ToWorker>;
  readonly #call: number;
  readonly #arrival: Arrival;
  #shadow: AnswerPlan | undefined;

  constructor(post: Post<ToWorker>, call: number, arrival: Arrival) {
    this.#post = post;
    this.#call = call;
    this.#arrival = arrival;
  }

  refused(refusal: Refusal, answerAt: Millis): void {
    this.#post.put({ type: 'refuse', call: this.#call, refusal, answerAt });
  }

  started(start: Start, parts: Parts): void {
    if (countsOutputLive(parts.profile.limits)) {
      const request = numbered(this.#arrival, start.index);
      this.#shadow = planAnswer(parts, request, start, DEAF, UNHEARD);
    }
    this.#post.put({ type: 'start', call: this.#call, start });
  }

  produced(): number {
    return this.#shadow ? producedBy(this.#shadow) : 0;
  }
}
