import { Bench } from 'tinybench';
import type { Client } from '../client/client.ts';
import type { Call } from '../core/call.ts';

/** What the harness itself adds to a call, in real milliseconds. */
export interface OverheadReading {
  readonly perCallRealMs: number;
  readonly calls: number;
}

/** How an endpoint can be asked to answer at once, outside its limits and its books. */
export interface Calibration {
  readonly client: Client;
  readonly call: Call;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** The optimizing compiler is through with an SDK after about so many calls; measured in latency at 20 at once. */
const WARMUP_CALLS = 800;
const MEASURED_CALLS = 200;
/** Enough slots to warm what is shared; a warm-up with thousands would only take longer. */
const MOST_SLOTS = 64;

/**
 * Warms the client up (JIT, sockets: the first second costs three to four times the steady state), then measures with
 * `tinybench` the median time of a call that is answered at once: SDK, sockets and loopback, one call at a time.
 */
export const measureOverhead = async (
  { client, call, headers, signal }: Calibration,
  inFlight: number,
): Promise<OverheadReading> => {
  const once = async () => {
    for await (const _event of client.send(call, { signal, headers }));
  };
  let left = WARMUP_CALLS;
  const worker = async () => {
    while (left-- > 0) await once();
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, MOST_SLOTS) }, worker));
  const bench = new Bench({
    iterations: MEASURED_CALLS,
    time: 0,
    warmupIterations: MEASURED_CALLS,
    warmupTime: 0,
    throws: true,
  });
  bench.add('one call at once', once);
  const [task] = await bench.run();
  const result = task?.result;
  if (result?.state !== 'completed') throw new Error('the overhead of a call could not be measured');
  return { perCallRealMs: result.latency.p50, calls: result.latency.samplesCount };
};
