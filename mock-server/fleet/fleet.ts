import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { ScaledClock } from '../../src/core/clock.ts';
import { benchAnswer } from '../bench-api.ts';
import type { MockServer, MockServerOptions } from '../carriers/tcp.ts';
import { Engine } from '../engine/engine.ts';
import type { LatenessReport } from '../engine/lateness.ts';
import { namedProfile } from '../profiles/index.ts';
import { WheelClock } from '../wheel-clock.ts';
import { Crew } from './crew.ts';
import type { Assignment, ToDesk } from './messages.ts';

/** How a server of several processes is started. */
export interface FleetOptions extends Omit<MockServerOptions, 'clock'> {
  readonly workers: number;
  /** The machine's time in milliseconds, which all processes share. */
  monotonic(): number;
  /** Told if a worker ends unasked: what it held is lost, so the server is. */
  onLoss(reason: string): void;
}

/**
 * A mock server whose HTTP work is spread over processes that share one port. This process keeps what must be one: numbers
 * of arrival, limits, slots, pace and the ledger. Workers ask it about every attempt, which costs one crossing each way
 * before the answer's first byte and one message after its end; answers are planned from their arrival, so that the
 * crossing disappears in any latency that is longer than itself.
 */
export const startFleet = async (options: FleetOptions): Promise<MockServer> => {
  const { host = '127.0.0.1', port = 0, speed = 1, seed = 1, maxBodyBytes, workers } = options;
  const profile = typeof options.profile === 'string' ? namedProfile(options.profile) : options.profile;
  const origin = options.monotonic();
  const wheel = new WheelClock({ origin, monotonic: options.monotonic });
  const crew = new Crew((task) => wheel.defer(task));
  const engine: Engine = new Engine({
    clock: new ScaledClock(wheel, speed),
    profile,
    seed,
    speed,
    paced: (slowdown) => crew.tell({ type: 'pace', slowdown }),
  });

  const include = (reports: readonly LatenessReport[]) => {
    engine.lateness.reset();
    for (const report of reports) engine.lateness.include(report);
  };
  /** Waits until everything the workers have seen is known here. */
  const gather = async () => include(await crew.errand({}));

  const own = async (member: number, { call, request, path }: ToDesk & { readonly type: 'own' }) => {
    await gather();
    const before = engine.profile;
    const answer = benchAnswer(engine, { ...request, headers: {}, oversized: false }, path);
    const reset = request.method === 'POST' && path === '/__bench/reset';
    if (reset || engine.profile !== before)
      include(await crew.errand({ reset, ...(engine.profile !== before && { profile: engine.profile }) }));
    crew.answer(member, call, answer);
  };

  const hear = (member: number, message: ToDesk) => {
    switch (message.type) {
      case 'ask':
        crew.seat(member, message, (caller) =>
          engine.open(message.arrival, message.arrivedAt, caller, engine.clock.now()),
        );
        break;
      case 'end':
        crew.dismiss(member, message);
        break;
      case 'note':
        engine.note(message.unread, message.at);
        break;
      case 'own':
        void own(member, message);
        break;
      case 'done':
        crew.done(message);
        break;
      case 'listening':
      case 'failed':
        break;
      default:
        message satisfies never;
    }
  };

  let closing = false;
  const hire = async (number: number): Promise<ToDesk & { readonly type: 'listening' }> => {
    const worker: Worker = cluster.fork();
    const started = Promise.withResolvers<ToDesk & { readonly type: 'listening' }>();
    const post = crew.add(worker);
    worker.on('message', (batch: readonly ToDesk[]) => {
      for (const message of batch) {
        if (message.type === 'listening') started.resolve(message);
        else if (message.type === 'failed')
          started.reject(Object.assign(new Error(message.message), { code: message.code }));
        else hear(number, message);
      }
    });
    worker.on('exit', (code, signal) => {
      const reason = `worker ${number + 1} of ${workers} ended (${signal ?? `exit code ${code}`})`;
      started.reject(new Error(reason));
      if (!closing) options.onLoss(reason);
    });
    const shared = { profile, host, port, speed, seed, maxBodyBytes, workers, number };
    const assignment: Assignment = { ...shared, epoch: wheel.epoch, origin };
    post.put({ type: 'serve', assignment });
    return started.promise;
  };

  const close = async () => {
    closing = true;
    await Promise.all(
      crew.workers.map(async (worker) => {
        if (worker.isDead()) return;
        const ended = once(worker, 'exit');
        worker.process.kill('SIGKILL');
        await ended;
      }),
    );
  };

  try {
    const [first] = await Promise.all(Array.from({ length: workers }, (_, number) => hire(number)));
    if (!first) throw new RangeError('a fleet needs a worker');
    return { url: first.url, port: first.port, engine, gather, close };
  } catch (error) {
    await close();
    throw error;
  }
};
