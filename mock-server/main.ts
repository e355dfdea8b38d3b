#!/usr/bin/env node
import cluster from 'node:cluster';
import { BenchError, EXIT, UsageError } from '../src/core/errors.ts';
import { type MockArguments, parseArguments } from './arguments.ts';
import { banner, closingLine, liveLine } from './banner.ts';
import { type MockServer, startMockServer } from './carriers/tcp.ts';
import { startFleet } from './fleet/fleet.ts';
import { runWorker } from './fleet/worker.ts';
import { HELP, profileList } from './help.ts';
import { PROFILES } from './profiles/index.ts';
import { loadProfile } from './profiles/load.ts';
import { WheelClock } from './wheel-clock.ts';

/** The machine's time, the same for all its processes. */
const monotonic = (): number => Number(process.hrtime.bigint()) / 1e6;

/**
 * How a running mock is told to stop: by its parent over IPC, or by a signal when it stands alone. A signal to the whole group
 * (Ctrl-C, a terminal that is closed, `timeout`) is the parent's to answer: it has calls to end and books to close first.
 */
const untilStopped = (): Promise<void> =>
  new Promise((resolve) => {
    const hasParent = process.send !== undefined;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        if (!hasParent) resolve();
      });
    if (!hasParent) return;
    process.on('disconnect', () => resolve());
    process.on('message', (message: { readonly type?: unknown } | null) => {
      if (message?.type === 'stop') resolve();
    });
  });

const tell = (message: object): Promise<void> =>
  new Promise((resolve) => {
    if (process.send) process.send(message, undefined, undefined, () => resolve());
    else resolve();
  });

const start = async (options: MockArguments, onLoss: (reason: string) => void): Promise<MockServer> => {
  const profile = await loadProfile(options.profile, options.set, options.profileIsFile);
  const { host, port, speed, seed, workers, maxBodyBytes } = options;
  const shared = { profile, host, port, speed, seed, ...(maxBodyBytes !== undefined && { maxBodyBytes }) };
  try {
    if (workers === 1) return await startMockServer(shared);
    return await startFleet({ ...shared, workers, monotonic, onLoss });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE')
      throw new UsageError(
        `port ${port} on ${host} is already in use`,
        'Choose another, or --port 0 for a free one.',
      );
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new UsageError(`cannot listen on ${host}:${port}: ${code}`);
    throw error;
  }
};

const showLive = (server: MockServer): (() => void) => {
  if (!process.stdout.isTTY) return () => {};
  const clock = new WheelClock();
  let stop = () => {};
  const show = async () => {
    await server.gather();
    const line = liveLine(server.engine.state(), server.engine.ledger.totals());
    process.stdout.write(`\r\u001B[K${line.slice(0, Math.max((process.stdout.columns ?? 80) - 1, 20))}`);
    stop = clock.schedule(clock.now() + 500, () => void show());
  };
  void show();
  return () => {
    stop();
    process.stdout.write('\r\u001B[K');
  };
};

const serve = async (options: MockArguments): Promise<number> => {
  const lost = Promise.withResolvers<void>();
  const stopped = untilStopped();
  const server = await start(options, (reason) => lost.reject(new BenchError(EXIT.internal, reason)));
  if (process.send) await tell({ type: 'ready', url: server.url, port: server.port, pid: process.pid });
  else console.log(banner(server.url, server.engine.profile, options));
  const endLive = process.send ? () => {} : showLive(server);
  let last = '';
  try {
    await Promise.race([stopped, lost.promise]);
    await server.gather();
    const { active, queued, lateness } = server.engine.state();
    last = closingLine(server.engine.ledger.totals(), lateness, active + queued);
  } finally {
    endLive();
    await server.close();
  }
  if (!process.send) console.log(last);
  return EXIT.ok;
};

const run = async (): Promise<number> => {
  const options = parseArguments(process.argv.slice(2));
  if (!options.help && !options.list) return serve(options);
  console.log(options.help ? HELP : profileList(PROFILES.values(), process.stdout.columns));
  return EXIT.ok;
};

if (cluster.worker) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {}); // the desk decides
  runWorker(cluster.worker, monotonic);
} else {
  // Whoever reads only the first lines of the banner has seen enough.
  process.stdout.on('error', () => {});
  try {
    process.exitCode = await run();
  } catch (error) {
    const known = error instanceof BenchError;
    const message = error instanceof Error ? error.message : String(error);
    const hint = known ? error.hint : undefined;
    await tell({ type: 'error', message: hint === undefined ? message : `${message}. ${hint}` });
    if (!process.send) console.error(known ? message : error);
    if (hint !== undefined && !process.send) console.error(hint);
    process.exitCode = known ? error.exitCode : EXIT.internal;
  }
  if (process.connected) process.disconnect();
}
