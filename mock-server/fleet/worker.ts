import type { Worker } from 'node:cluster';
import { ScaledClock } from '../../src/core/clock.ts';
import { createApp } from '../app.ts';
import { listen } from '../carriers/tcp.ts';
import { Engine } from '../engine/engine.ts';
import { requestIds } from '../request-ids.ts';
import { WheelClock } from '../wheel-clock.ts';
import type { Outlet } from '../wire/wire.ts';
import { type Assignment, Post, type ToDesk, type ToWorker } from './messages.ts';
import { RemoteDesk } from './remote-desk.ts';

/** Answers of the mock's own API that are on their way from the desk. */
class OwnAnswers {
  readonly #outlets = new Map<number, { readonly outlet: Outlet; text: string }>();
  #calls = 0;

  expect(outlet: Outlet): number {
    this.#outlets.set(this.#calls, { outlet, text: '' });
    return this.#calls++;
  }

  receive(message: ToWorker & { readonly type: 'piece' | 'answer' }): void {
    const waiting = this.#outlets.get(message.call);
    if (!waiting) return;
    if (message.type === 'piece') waiting.text += message.text;
    else {
      this.#outlets.delete(message.call);
      const { status, headers, body } = message.answer;
      waiting.outlet.send(status, headers, waiting.text + body);
    }
  }
}

const serve = async (assignment: Assignment, post: Post<ToDesk>, wheel: WheelClock) => {
  const { profile, host, port, speed, seed, maxBodyBytes, number, workers } = assignment;
  const desk = new RemoteDesk(post);
  const engine = new Engine({ clock: new ScaledClock(wheel, speed), profile, seed, speed, desk });
  const own = new OwnAnswers();
  const app = createApp(engine, seed, {
    nextId: requestIds(seed, number, workers),
    own: ({ method, url, body }, path, outlet) =>
      post.put({ type: 'own', call: own.expect(outlet), request: { method, url, body }, path }),
  });
  const server = await listen(app, { host, port, maxBodyBytes });
  post.put({ type: 'listening', url: server.url, port: server.port });
  return (message: ToWorker): void => {
    switch (message.type) {
      case 'start':
      case 'refuse':
        desk.decided(message, engine.parts);
        break;
      case 'piece':
      case 'answer':
        own.receive(message);
        break;
      case 'pace':
        if (engine.parts.work) engine.parts.work.slowdown = message.slowdown;
        break;
      case 'errand':
        if (message.profile) engine.profile = message.profile;
        if (message.reset) engine.lateness.reset();
        post.put({ type: 'done', errand: message.errand, lateness: engine.lateness.report() });
        break;
      case 'serve':
        break;
      default:
        message satisfies never;
    }
  };
};

/** Serves in this process for a desk in the parent. `monotonic` is the machine's time, which all processes share. */
export const runWorker = (process: Worker, monotonic: () => number): void => {
  let act: ((message: ToWorker) => void) | undefined;
  const begin = async (assignment: Assignment) => {
    const { epoch, origin } = assignment;
    const wheel = new WheelClock({ epoch, origin, monotonic });
    const send = (batch: readonly ToDesk[]) => {
      if (process.isConnected()) process.send(batch as ToDesk[]);
    };
    const post = new Post<ToDesk>(send, (task) => wheel.defer(task));
    try {
      act = await serve(assignment, post, wheel);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      const message = error instanceof Error ? error.message : String(error);
      post.put({ type: 'failed', code, message });
    }
  };
  process.on('message', (batch: readonly ToWorker[]) => {
    for (const message of batch) {
      if (message.type === 'serve') void begin(message.assignment);
      else act?.(message);
    }
  });
};
