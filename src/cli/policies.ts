import { join } from 'node:path';
import { comparePolicies, type PoliciesReport, type PolicyResult } from '../analyze/policies.ts';
import { SWEEP_OPTIONS, type SweepOptions } from '../config/options.ts';
import type { PoliciesOptions } from '../config/policies-options.ts';
import { refuseUnknownLimits } from '../config/policy.ts';
import { resolveSweep, type SweepSettings } from '../config/resolve.ts';
import { SystemClock } from '../core/clock.ts';
import { EXIT, type ExitCode } from '../core/errors.ts';
import { formatInstant } from '../core/instant.ts';
import type { KnownLimit } from '../core/known-limit.ts';
import { renderPolicies } from '../report/policies.ts';
import { POLICIES } from '../run/policies.ts';
import { limiterSentence, limiterWords, retryWords } from '../run/policy.ts';
import { RunStop } from '../run/run-stop.ts';
import { createRunDir, linkLatest, runName, writeWhole } from '../store/run-dir.ts';
import { batchSize } from '../workload/scenario.ts';
import { knownLimits } from './known-limits.ts';
import { renderOptions } from './output.ts';
import { runPolicy } from './policy-run.ts';
import { createProgress } from './progress.ts';
import { stopOnSignal } from './signals.ts';
import { profileOf } from './target.ts';

const defaults = Object.fromEntries(
  Object.entries(SWEEP_OPTIONS).map(([key, { fallback }]) => [key, fallback]),
) as unknown as SweepOptions;

/** A policy's run as a sweep of one level; without a limit the level is the batch. */
const settingsOf = (options: PoliciesOptions, policy: string): Promise<SweepSettings> => {
  const { set: _set, list: _list, level, json: _json, ...shared } = options;
  const levels = POLICIES.get(policy)?.limiter === 'unbounded' ? defaults.levels : [level];
  return resolveSweep({ ...defaults, ...shared, levels, policy }, process.env);
};

/** Factors by which the limit that the recommended policy is told is wrong. */
const MISJUDGED = [1.5, 0.5];

/** Retries where their number is not what a policy is about. */
const PATIENT = 50;

interface Planned {
  readonly settings: SweepSettings;
  readonly told: number;
}

/** All runs, checked before the first begins. */
const planned = async (
  options: PoliciesOptions,
): Promise<{ readonly runs: readonly Planned[]; readonly limits: readonly KnownLimit[] }> => {
  const runs: Planned[] = [];
  let limits: readonly KnownLimit[] = [];
  for (const name of options.set) {
    const spec = POLICIES.get(name);
    // How many retries a policy makes may be what it is about; the others should not fail for giving up early.
    const { maxRetries = PATIENT, ...others } = options;
    const fixed = spec?.level !== undefined || spec?.maxRetries !== POLICIES.get('plain')?.maxRetries;
    const settings = await settingsOf({ ...others, maxRetries: fixed ? undefined : maxRetries }, name);
    limits = knownLimits(settings, await profileOf(settings.target));
    refuseUnknownLimits(settings, limits);
    runs.push({ settings, told: 1 });
    if (name === 'recommended' && limits.length > 0)
      runs.push(...MISJUDGED.map((told) => ({ settings, told })));
  }
  return { runs, limits };
};

const metaOf = ({ scenario, measure, target, speed, seed, simulate }: SweepSettings) => ({
  scenario: scenario.name,
  requests: measure.requests ?? batchSize(scenario),
  target: target.kind,
  profile: target.kind === 'mock' ? target.profile : '',
  speed,
  seed,
  ...(simulate === 'off' ? {} : { simulated: simulate }),
});

/** Runs the policies one after the other, keeps what they did, and prints which to use. The result is the exit code. */
export const comparePoliciesCommand = async (options: PoliciesOptions): Promise<ExitCode> => {
  const { runs, limits } = await planned(options);
  const first = runs[0];
  if (!first) return EXIT.ok;
  const real = new SystemClock();
  const dir = await createRunDir(options.out, runName(formatInstant(real.epoch), 'policies'));
  const stop = new RunStop();
  const progress = createProgress(options.quiet);
  const release = stopOnSignal(stop, (text) => progress.note(text));
  const results: PolicyResult[] = [];
  const report = (): PoliciesReport =>
    comparePolicies(results, { level: options.level, limits, meta: metaOf(first.settings) });
  let failure: unknown;
  try {
    for (const { settings, told } of runs) {
      if (stop.signal.aborted) break;
      const words = told === 1 ? '' : ` told ${told} times the limit`;
      progress.note(
        `${settings.policy.name}${words}: ${limiterSentence(settings.policy, limits)}; ${retryWords(settings.policy)}`,
      );
      const result = await runPolicy(settings, { told, limits, stop, progress, dir });
      if (stop.signal.aborted) break;
      results.push(result);
      await writeWhole(join(dir, 'policies.json'), `${JSON.stringify(report(), null, 2)}\n`);
    }
  } catch (error) {
    failure = error;
  }
  progress.end();
  release();
  if (results.length > 0) {
    const text = options.json
      ? `${JSON.stringify(report(), null, 2)}\n`
      : renderPolicies(report(), renderOptions(process.stdout, process.env));
    process.stdout.write(text);
    await linkLatest(dir);
    if (!options.quiet) process.stderr.write(`\n${results.length} runs saved in ${dir}\n`);
  }
  if (stop.reason ?? failure) throw stop.reason ?? failure;
  return EXIT.ok;
};

/** Prints every policy that ships and what it is made of. */
export const listPolicies = (asJson: boolean): void => {
  const list = [...POLICIES.values()].map((spec) => ({
    name: spec.name,
    limiter: limiterWords(spec),
    retry: retryWords(spec),
    description: spec.description,
  }));
  if (asJson) {
    process.stdout.write(`${JSON.stringify(list, null, 2)}\n`);
    return;
  }
  for (const { name, limiter, retry, description } of list)
    process.stdout.write(`${name}\n  ${description}\n  ${limiter}; ${retry}\n`);
};
