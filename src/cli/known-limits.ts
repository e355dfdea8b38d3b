import { limitedAdmission } from '../../mock-server/engine/admission.ts';
import { NO_OVERRIDE } from '../../mock-server/engine/override.ts';
import type { Profile } from '../../mock-server/engine/profile.ts';
import type { SweepSettings } from '../config/resolve.ts';
import { momentsOf } from '../core/distribution.ts';
import type { KnownLimit } from '../core/known-limit.ts';

const MINUTE = 60_000;

/** The limits per minute that a profile of the mock sets for a model; what holds for a day is no pace to keep. */
const limitsOfProfile = ({ limits }: Profile, model: string): readonly KnownLimit[] => {
  if (!limits) return [];
  const { charge, reconcile } = limits;
  const reading = { model, stream: false, inputTokens: 0, maxTokens: undefined, thinkingShown: false };
  const asked = {
    reading,
    tag: '',
    index: 0,
    attempt: 0,
    endpoint: 'chat',
    key: '',
    override: NO_OVERRIDE,
    requestId: '',
  };
  const standings = limitedAdmission(limits).standings(asked, 0);
  return standings.flatMap(({ name, limit, period, level: burst }): KnownLimit[] => {
    if (name === 'requests-per-day' || period > MINUTE) return [];
    const perSecond = (limit / period) * 1000;
    const known = { name, perSecond, burst, source: 'profile' } as const;
    if (name !== 'tokens') return [known];
    if (typeof charge !== 'string') return [{ ...known, perCall: momentsOf(charge).mean }];
    return [{ ...known, counts: reconcile === 'on-complete' ? 'used' : 'reserved' }];
  });
};

/** What is known of an endpoint's limits before the run: what the user named, else what the mock's profile sets. */
export const knownLimits = (
  { limits, target }: Pick<SweepSettings, 'limits' | 'target'>,
  profile: Profile | null,
): readonly KnownLimit[] => {
  const own = profile ? limitsOfProfile(profile, target.model) : [];
  return [...limits, ...own.filter(({ name }) => limits.every((named) => named.name !== name))];
};
