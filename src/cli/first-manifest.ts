import type { SweepSettings } from '../config/resolve.ts';
import { sdkRetry } from '../policy/sdk-retry.ts';
import type { Manifest } from '../store/manifest.ts';
import { gitState, host, shownArgv, versions } from './environment.ts';

/** What is known of a sweep before it starts. */
export const firstManifest = async (
  settings: SweepSettings,
  { startedAt, mockProfile }: Pick<Manifest, 'startedAt' | 'mockProfile'>,
): Promise<Manifest> => {
  const { scenario, target, speed, seed, limiter, maxRetries, attemptTimeout } = settings;
  const known = versions();
  const argv = shownArgv(process.argv.slice(2));
  return {
    schema: 'bench.manifest/1',
    status: 'running',
    meta: {
      tool: 'sweetspot',
      version: known.sweetspot,
      node: known.node,
      scenario: scenario.name,
      target: target.kind,
      model: target.model,
      ...(target.kind === 'mock' ? { profile: target.profile } : { baseUrl: target.baseUrl }),
      speed,
      ...(settings.simulate === 'off' ? {} : { simulated: settings.simulate }),
      timeUnit: settings.simulate === 'off' ? 'model ms' : 'simulated ms',
      seed,
      limiter,
      retry: sdkRetry(maxRetries).description,
      attemptTimeoutMs: attemptTimeout,
      startedAt,
      command: ['bench', ...argv].join(' '),
    },
    plannedLevels: [...settings.levels],
    speed,
    seed,
    argv: [...argv],
    versions: known,
    host: host(),
    git: await gitState(),
    startedAt,
    endedAt: null,
    overhead: null,
    levels: [],
    mockProfile,
  };
};
