#!/usr/bin/env node
import { SystemClock } from '../src/core/clock.ts';
import { BenchError, EXIT } from '../src/core/errors.ts';
import { HELP, type MockArguments, parseArguments } from './arguments.ts';
import { banner, liveLine } from './banner.ts';
import { type MockServer, startMockServer } from './carriers/tcp.ts';
import { PROFILES } from './profiles/index.ts';
import { loadProfile } from './profiles/load.ts';

/** How a running mock is told to stop: by its parent over IPC, or by a signal when it stands alone. */
const untilStopped = (): Promise<void> =>
  new Promise((resolve) => {
    process.on('SIGTERM', () => resolve());
    if (process.send) {
      process.on('SIGINT', () => {}); // Ctrl-C reaches the whole terminal: the parent decides
      process.on('disconnect', () => resolve());
      process.on('message', (message: { readonly type?: unknown } | null) => {
        if (message?.type === 'stop') resolve();
      });
    } else process.on('SIGINT', () => resolve());
  });

const tell = (message: object): Promise<void> =>
  new Promise((resolve) => {
    if (process.send) process.send(message, undefined, undefined, () => resolve());
    else resolve();
  });

const start = async (options: MockArguments): Promise<MockServer> => {
  const profile = await loadProfile(options.profile, options.set);
  const { host, port, speed, seed, maxBodyBytes } = options;
  try {
    return await startMockServer({
      profile,
      host,
      port,
      speed,
      seed,
      ...(maxBodyBytes !== undefined && { maxBodyBytes }),
    });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE')
      throw new BenchError(
        EXIT.usage,
        `port ${port} on ${host} is already in use: choose another, or --port 0 for a free one`,
      );
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new BenchError(EXIT.usage, `cannot listen on ${host}:${port}: ${code}`);
    throw error;
  }
};

const showLive = (server: MockServer): (() => void) => {
  if (!process.stdout.isTTY) return () => {};
  const clock = new SystemClock();
  let stop = () => {};
  const show = () => {
    process.stdout.write(`\r\u001B[K${liveLine(server.engine.state(), server.engine.ledger.totals())}`);
    stop = clock.schedule(clock.now() + 500, show);
  };
  show();
  return () => {
    stop();
    process.stdout.write('\n');
  };
};

const run = async (): Promise<number> => {
  const options = parseArguments(process.argv.slice(2));
  if (options.help) console.log(HELP);
  if (options.list)
    for (const { name, description } of PROFILES.values()) console.log(`${name.padEnd(20)} ${description}`);
  if (options.help || options.list) return EXIT.ok;
  const server = await start(options);
  const stopped = untilStopped();
  if (process.send) await tell({ type: 'ready', url: server.url, port: server.port, pid: process.pid });
  else console.log(banner(server.url, server.engine.profile.name, options.speed));
  const endLive = process.send ? () => {} : showLive(server);
  await stopped;
  endLive();
  await server.close();
  return EXIT.ok;
};

try {
  process.exitCode = await run();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  await tell({ type: 'error', message });
  if (!process.send) console.error(error instanceof BenchError ? message : error);
  if (error instanceof BenchError && error.hint && !process.send) console.error(error.hint);
  process.exitCode = error instanceof BenchError ? error.exitCode : EXIT.internal;
}
if (process.connected) process.disconnect();
