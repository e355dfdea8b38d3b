import { createClient } from '../../client/create-client.ts';
import type { Call } from '../../core/call.ts';
import { ScaledClock, SystemClock } from '../../core/clock.ts';
import { turnstile } from '../../core/turnstile.ts';
import { measureOverhead } from '../../run/overhead.ts';
import { startMock } from '../mock-process.ts';
import type { Experiment, Finding } from './claim.ts';
import { type LabOptions, runExperiment } from './run-experiment.ts';

/** What the client warms up with, where the mock answers at once and counts nothing: its first calls take far longer. */
const WARM_UP: Call = { messages: [{ role: 'user', content: 'warm up' }], maxTokens: 8, stream: false };

/** Runs an experiment through the OpenAI SDK, on a mock in a process of its own, so many times faster than real time. */
export const overSockets = async (
  experiment: Experiment,
  speed: number,
  options: LabOptions,
): Promise<Finding> => {
  const { profile, settings = [] } = experiment;
  const stop = new AbortController();
  const mock = await startMock({ profile, settings, speed, seed: options.seed }, (error) =>
    stop.abort(error),
  );
  try {
    const client = await createClient({
      protocol: 'openai',
      kind: 'sdk',
      transport: 'default',
      baseUrl: `${mock.url}/v1`,
      model: 'gpt-4o-mini',
      apiKey: 'mock-key',
    });
    await measureOverhead(
      { client, call: WARM_UP, headers: mock.calibration, signal: stop.signal },
      experiment.level,
    );
    await mock.reset();
    return await runExperiment(experiment, {
      ...options,
      signal: AbortSignal.any([options.signal, stop.signal]),
      endpoint: { ...mock.endpoint, client },
      clock: new ScaledClock(new SystemClock(), speed),
      turnstile: turnstile(),
    });
  } finally {
    await mock.stop();
  }
};
