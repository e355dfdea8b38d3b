import type { Millis } from '../../src/core/clock.ts';
import type { Standing } from './bucket.ts';
import { type Estimate, Limiter, type Rates, type Reservation } from './limiter.ts';
import type { Refusal } from './listener.ts';
import type { LimitsSpec } from './profile.ts';
import { Ramp } from './ramp.ts';
import type { EngineRequest } from './request.ts';

/** Limits of a whole server: one limiter and one ramp per key and model class. */
export interface Admission {
  admit(request: EngineRequest, estimate: Estimate, now: Millis): Reservation | Refusal;
  /** Counts a request that fails for another reason against the limits, where failed requests count. */
  fail(request: EngineRequest, now: Millis): void;
  /** Levels that hold for a request, without charging it. */
  standings(request: EngineRequest, now: Millis): readonly Standing[];
  /** Time until every bucket is full again. */
  fullIn(now: Millis): Millis;
  /** Fills every bucket. */
  reset(): void;
}

const UNCHARGED: Reservation = { standings: [], settle: () => {}, release: () => {} };

/** Admits everything. */
export const openAdmission: Admission = {
  admit: () => UNCHARGED,
  fail: () => {},
  standings: () => [],
  fullIn: () => 0,
  reset: () => {},
};

/** A dated snapshot shares the limits of its model. */
const familyOf = (model: string): string => model.replace(/-(\d{8}|\d{4}-\d{2}-\d{2}|latest)$/, '');

const ratesOf = (spec: LimitsSpec, family: string): { readonly name: string; readonly rates: Rates } => {
  const prefixes = Object.keys(spec.models).filter((prefix) => family.startsWith(prefix));
  const longest = prefixes.sort((a, b) => b.length - a.length)[0];
  if (longest === undefined) return { name: family, rates: spec };
  return { name: longest, rates: { ...spec, ...spec.models[longest] } };
};

/** What one key and model class is held to. */
interface Class {
  readonly limiter: Limiter;
  readonly ramp: Ramp | undefined;
}

/** The limits of a profile. */
export const limitedAdmission = (spec: LimitsSpec): Admission => {
  const classes = new Map<string, Class>();
  /** Whom the last request belonged to: in a run nearly always the next one's too. */
  let last: { readonly key: string; readonly model: string; readonly found: Class } | undefined;
  const classOf = ({ key, reading }: EngineRequest, now: Millis): Class => {
    if (last?.key === key && last.model === reading.model) return last.found;
    const { name, rates } = ratesOf(spec, familyOf(reading.model));
    const id = `${key}\n${name}`;
    let found = classes.get(id);
    if (!found) {
      found = { limiter: new Limiter(spec, rates, now), ramp: spec.ramp && new Ramp(spec.ramp) };
      classes.set(id, found);
    }
    last = { key, model: reading.model, found };
    return found;
  };
  return {
    admit(request, estimate, now) {
      const { limiter, ramp } = classOf(request, now);
      const tooSteep = ramp?.admit(now) ?? 0;
      if (tooSteep > 0)
        return { rejection: { kind: 'ramp', wait: tooSteep }, standings: limiter.standings(now) };
      const answer = limiter.admit(estimate, now);
      return 'kind' in answer ? { rejection: answer, standings: limiter.standings(now) } : answer;
    },
    fail: (request, now) => classOf(request, now).limiter.fail(now),
    standings: (request, now) => classOf(request, now).limiter.standings(now),
    fullIn(now) {
      let longest = 0;
      for (const { limiter } of classes.values())
        for (const standing of limiter.standings(now)) longest = Math.max(longest, standing.fullIn);
      return longest;
    },
    reset: () => {
      classes.clear();
      last = undefined;
    },
  };
};
