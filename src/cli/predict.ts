import { Command } from 'commander';
import { readConfigFile } from '../config/file.ts';
import { SWEEP_OPTIONS } from '../config/options.ts';
import { resolveSweep } from '../config/resolve.ts';
import { sweepOptions } from '../config/sweep-options.ts';
import { createRng } from '../core/rng.ts';
import { openTurnstile } from '../core/turnstile.ts';
import type { LevelSummary } from '../measure/level-summary.ts';
import { LevelAccumulator } from '../measure/summarize.ts';
import { createPolicy } from '../run/policy.ts';
import { RunStop } from '../run/run-stop.ts';
import { runSweep } from '../run/sweep.ts';
import type { Manifest } from '../store/manifest.ts';
import { addOptions } from './add-options.ts';
import { knownLimits } from './known-limits.ts';
import { planOf } from './sweep-plan.ts';
import { openTarget, profileOf } from './target.ts';

/** What belongs to a real endpoint, to real time or to the screen, and not to the load that it was put under. */
const NOT_THE_LOAD: ReadonlySet<string> = new Set([
  ...[
    'target',
    'baseUrl',
    'apiKeyEnv',
    'header',
    'model',
    'profile',
    'speed',
    'simulate',
    'client',
    'transport',
  ],
  ...[
    'format',
    'html',
    'json',
    'quiet',
    'out',
    'price',
    'maxCost',
    'dryRun',
    'yes',
    'preflight',
    'records',
    'levels',
  ],
]);

/**
 * The hop's mean is in the fitted times already, its noise is not: without any, calls that were refused together come back at the
 * same instant for ever, and near a limit the slowest take longer than on any endpoint.
 */
const HOP = '0ms,0.2ms';

/** The options that a stored run was started with, as far as they say what load it put on its endpoint. */
const loadFlags = ({ argv }: Manifest): Record<string, string | boolean | string[]> => {
  const command = addOptions(
    new Command('sweep').allowUnknownOption().option('--config <file>'),
    SWEEP_OPTIONS,
  );
  command.parseOptions([...argv]);
  const given: Record<string, string | boolean | string[]> = command.opts();
  return Object.fromEntries(Object.entries(given).filter(([key]) => !NOT_THE_LOAD.has(key)));
};

/** Runs the levels that `manifest` describes against a twin in virtual time, once for each seed. */
export const predict = async (
  profile: string,
  manifest: Manifest,
  levels: readonly number[],
  seeds: readonly number[],
): Promise<readonly (readonly LevelSummary[])[]> => {
  const { config, ...flags } = loadFlags(manifest);
  const file = await readConfigFile(typeof config === 'string' ? config : undefined);
  const options = sweepOptions({
    flags: { ...flags, profile, simulate: 'direct', levels: levels.join(','), hop: HOP },
    env: {},
    file,
  });
  const settings = await resolveSweep(options, {});
  const policy = createPolicy(settings.policy, knownLimits(settings, await profileOf(settings.target)));
  const runs: (readonly LevelSummary[])[] = [];
  for (const seed of seeds) {
    const target = await openTarget({ ...settings, seed }, () => {});
    const { virtual, pending } = target;
    if (!virtual || !pending) throw new Error('a simulation has a clock of its own');
    const figures = new Map(levels.map((level) => [level, new LevelAccumulator(level)]));
    const runtime = {
      clock: virtual,
      rng: createRng(seed),
      stop: new RunStop(),
      turnstile: openTurnstile,
      recorders: [
        pending,
        {
          record: (record: Parameters<LevelAccumulator['add']>[0]) => {
            if (record.phase === 'measure') figures.get(record.level)?.add(record);
          },
        },
      ],
    };
    const silent = { onCooldown() {}, onStretch() {}, onMeasured() {} };
    const sweep = runSweep(
      planOf(settings, { target, policy, runtime, session: undefined }),
      runtime,
      silent,
    );
    const drain = async () => {
      for (let next = await sweep.next(); !next.done; ) next = await sweep.next();
    };
    await virtual.run(drain, () => pending.describe());
    await target.close();
    runs.push([...figures.values()].map((each) => each.finish()));
  }
  return runs;
};
