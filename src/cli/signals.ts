import { BenchError, EXIT } from '../core/errors.ts';
import type { RunStop } from '../run/run-stop.ts';

const CODES = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated, SIGHUP: EXIT.terminated } as const;

/**
 * First signal: stop starting, cancel what is in flight, save and report. Second: leave at once (every completed request is
 * already on disk). Returns a function that restores the default.
 */
export const stopOnSignal = (stop: RunStop, notice: (text: string) => void): (() => void) => {
  let seen = 0;
  const entries = Object.entries(CODES).map(([signal, code]) => {
    const handler = () => {
      if (++seen > 1) process.exit(code);
      notice('Stopping: saving what is there. Once more to leave at once.');
      stop.abort(new BenchError(code, 'interrupted'));
    };
    process.on(signal, handler);
    return [signal, handler] as const;
  });
  return () => {
    for (const [signal, handler] of entries) process.off(signal, handler);
  };
};
