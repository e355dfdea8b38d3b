import { z } from 'zod';
import type { SweepSettings } from '../config/resolve.ts';
import { hopText } from '../config/values.ts';
import type { KnownLimit } from '../core/known-limit.ts';
import { formatDuration } from '../core/units.ts';
import { LIMITERS, type Limiter, type LimiterName } from '../load/limiters.ts';
import { shellLine } from '../report/shell-words.ts';
import { limiterWords, retryWords } from '../run/policy.ts';
import type { Manifest } from '../store/manifest.ts';
import { batchUnit } from '../workload/scenario.ts';
import { gitState, host, shownArgv, versions } from './environment.ts';
import { loadText, searchText } from './load-text.ts';

const rampText = (ramp: SweepSettings['ramp']): string =>
  ramp === 'auto' ? 'over one latency' : ramp > 0 ? formatDuration(ramp) : 'off';

/** That a run against a twin predicts, from which levels, and which of its own lie beyond them. */
const predictionOf = (
  mockProfile: unknown,
  { levels, simulate }: SweepSettings,
): { readonly predicted?: true; readonly predictedFrom?: string; readonly beyondMeasured?: string } => {
  const twin = TwinProfile.safeParse(mockProfile);
  if (!twin.success || simulate === 'off') return {};
  const { runs, levels: measured } = twin.data.calibration;
  const beyond = levels.filter((level) => level > Math.max(...measured));
  return {
    predicted: true,
    predictedFrom: `${runs.join(', ')}, measured at ${measured.join(', ')}`,
    ...(beyond.length > 0 ? { beyondMeasured: beyond.join(', ') } : {}),
  };
};

const TwinProfile = z.object({
  calibration: z.object({ runs: z.array(z.string()), levels: z.array(z.number()).min(1) }),
});

/** That a limiter sets a limit of its own below the level. */
const adaptiveOf = (name: LimiterName): { readonly adaptive?: LimiterName } => {
  const { adapts }: Limiter = LIMITERS[name];
  return adapts ? { adaptive: name } : {};
};

/** What is known of a sweep before it starts. */
export const firstManifest = async (
  settings: SweepSettings,
  {
    startedAt,
    mockProfile,
    limits,
  }: Pick<Manifest, 'startedAt' | 'mockProfile'> & { readonly limits: readonly KnownLimit[] },
): Promise<Manifest> => {
  const { scenario, target, speed, seed, policy, attemptTimeout } = settings;
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
      ...(settings.simulate === 'off' ? {} : { simulated: settings.simulate, hop: hopText(settings.hop) }),
      ...(settings.search ? { search: searchText(settings.search) } : {}),
      ...predictionOf(mockProfile, settings),
      timeUnit: settings.simulate === 'off' ? 'model ms' : 'simulated ms',
      seed,
      ...(settings.arrival
        ? { load: 'open', arrival: settings.arrival.name, maxInFlight: settings.arrival.maxInFlight }
        : {
            load: 'closed',
            limiter: limiterWords(policy),
            ...adaptiveOf(policy.limiter),
            ramp: rampText(settings.ramp),
          }),
      measured: loadText(settings, batchUnit(scenario)),
      repeat: settings.repeat,
      policy: policy.name,
      retry: retryWords(policy),
      attemptTimeoutMs: attemptTimeout,
      client: settings.client,
      ...(settings.client === 'sdk' ? { transport: settings.transport } : {}),
      ...(settings.money.source === undefined ? {} : { price: settings.money.source }),
      ...(Number.isFinite(settings.money.cap) ? { maxCostUsd: settings.money.cap } : {}),
      startedAt,
      command: shellLine(['bench', ...argv]),
    },
    plannedLevels: [...settings.levels],
    criteria: { ...settings.criteria, slo: [...settings.criteria.slo] },
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
    limits: [...limits],
    ...(settings.assertions.length > 0 ? { assertions: settings.assertions.map(({ text }) => text) } : {}),
  };
};
