import type { Profile } from '../../../mock-server/engine/profile.ts';
import { loadProfile } from '../../../mock-server/profiles/load.ts';
import { openTurnstile } from '../../core/turnstile.ts';
import { simulate } from '../../simulate/simulate.ts';
import type { ClaimLab, Experiment, Finding } from './claim.ts';
import { type LabOptions, runExperiment, TEN_RETRIES } from './run-experiment.ts';

const inVirtualTime = async (
  experiment: Experiment,
  profile: Profile,
  options: LabOptions,
): Promise<Finding> => {
  const { clock, endpoint } = await simulate({
    profile,
    seed: options.seed,
    model: 'gpt-4o-mini',
    hop: { delay: 0.3, jitter: 0.2 },
    client: 'direct',
  });
  return clock.run(() =>
    runExperiment(experiment, { ...options, endpoint, clock, turnstile: openTurnstile }),
  );
};

/** Loaded when asked for: claims in virtual time need neither SDK nor mock process. */
const overSockets = async (experiment: Experiment, speed: number, options: LabOptions): Promise<Finding> =>
  (await import('./over-sockets.ts')).overSockets(experiment, speed, options);

/** What makes two experiments the same. */
const keyOf = ({ scenario, retry = TEN_RETRIES, ...rest }: Experiment): string =>
  JSON.stringify([scenario.name, retry.name, retry.description, Object.entries(rest).toSorted()]);

/** A lab that runs each experiment once, one after another. */
export const claimLab = (options: LabOptions): ClaimLab => {
  const findings = new Map<string, Promise<Finding>>();
  /** Read once: the levels of a sweep differ in nothing that a profile says. */
  const profiles = new Map<string, Promise<Profile>>();
  const profileOf = ({ profile, settings = [] }: Experiment): Promise<Profile> => {
    const name = JSON.stringify([profile, settings]);
    const read = profiles.get(name) ?? loadProfile(profile, settings);
    profiles.set(name, read);
    return read;
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(experiment) {
      const key = keyOf(experiment);
      const known = findings.get(key);
      if (known !== undefined) return known;
      const { speed } = options;
      const start = async () =>
        speed === undefined
          ? inVirtualTime(experiment, await profileOf(experiment), options)
          : overSockets(experiment, speed, options);
      const finding = last.then(start);
      last = finding.catch(() => {});
      findings.set(key, finding);
      return finding;
    },
  };
};
