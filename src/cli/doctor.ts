import { classify500 } from '../../scenarios/classify-500.ts';
import { createClient } from '../client/create-client.ts';
import { SystemClock } from '../core/clock.ts';
import { type DoctorFigures, diagnose, timerLateness } from '../run/doctor.ts';
import { measureOverhead } from '../run/overhead.ts';
import { RunStop } from '../run/run-stop.ts';
import { SelfWatch } from '../run/self.ts';
import { startMock } from './mock-process.ts';
import { stopOnSignal } from './signals.ts';

const TIMERS = 100;
const EVERY_MS = 10;
const SLOTS = 8;

/** Measures what the harness costs on this machine, against the embedded mock, and prints what follows from it. */
export const doctor = async (asJson: boolean): Promise<void> => {
  const stop = new RunStop();
  const release = stopOnSignal(stop, (text) => process.stderr.write(`${text}\n`));
  const clock = new SystemClock();
  const self = new SelfWatch();
  self.start();
  const timers = await timerLateness(clock, TIMERS, EVERY_MS);
  const { eventLoopDelayP99RealMs } = self.stop();
  const mock = await startMock({ profile: 'unlimited', speed: 1, seed: 1 }, (error) => stop.abort(error));
  try {
    const call = classify500.call(0);
    const costOf = async (kind: 'sdk' | 'http'): Promise<number> => {
      const client = await createClient({
        protocol: 'openai',
        kind,
        transport: 'default',
        baseUrl: `${mock.url}/v1`,
        model: 'gpt-4o-mini',
        apiKey: 'mock-key',
      });
      const calibration = { client, call, headers: mock.calibration, signal: stop.signal };
      return (await measureOverhead(calibration, SLOTS)).perCallRealMs;
    };
    const figures: DoctorFigures = {
      timers,
      eventLoopDelayP99: eventLoopDelayP99RealMs,
      // The SDK first: the raw client brings a connection pool that must not become the platform's.
      sdkCall: await costOf('sdk'),
      fetchCall: await costOf('http'),
    };
    print(figures, asJson);
  } catch (error) {
    throw stop.reason ?? error;
  } finally {
    await mock.stop();
    release();
  }
};

const millis = (value: number): string => `${value.toFixed(2)} ms`;

const print = (figures: DoctorFigures, asJson: boolean): void => {
  const diagnosis = diagnose(figures);
  if (asJson) {
    process.stdout.write(
      `${JSON.stringify({ schema: 'bench.doctor/1', ...figures, ...diagnosis }, null, 2)}\n`,
    );
    return;
  }
  const { timers, eventLoopDelayP99, sdkCall, fetchCall } = figures;
  const lines = [
    `timers late         p50 ${millis(timers.p50)}, p99 ${millis(timers.p99)}, worst ${millis(timers.max)}`,
    `event loop late     p99 ${millis(eventLoopDelayP99)}, with nothing to do`,
    `a call by fetch     ${millis(fetchCall)} (median, against a mock that answers at once)`,
    `a call by the SDK   ${millis(sdkCall)}: ${(sdkCall - fetchCall).toFixed(2)} ms or ${(sdkCall / fetchCall).toFixed(1)} times as long`,
    '',
    ...diagnosis.advice,
    diagnosis.sound
      ? 'This machine is fit to measure on.'
      : 'Figures taken now would be about this machine, not about the endpoint.',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
};
