import type { Millis } from '../../src/core/clock.ts';
import type { Rng } from '../../src/core/rng.ts';
import type { Breakage, Ending } from './listener.ts';
import type { FaultKind, FaultRule, Profile } from './profile.ts';
import type { EngineRequest } from './request.ts';

const ON_REQUEST = {
  rate: 1,
  every: undefined,
  indices: undefined,
  from: undefined,
  until: undefined,
  lasting: undefined,
  factor: 10,
} as const;

const onSchedule = (rule: FaultRule, index: number, now: Millis): boolean =>
  (rule.every === undefined || index % rule.every === rule.every - 1) &&
  (rule.indices === undefined || rule.indices.includes(index)) &&
  now >= (rule.from ?? 0) &&
  now < (rule.until ?? Number.POSITIVE_INFINITY);

/** What goes wrong with an attempt, if anything: its own wish first, then the first rule of the profile that strikes. */
export const drawFault = (
  profile: Profile,
  request: EngineRequest,
  now: Millis,
  chance: Rng,
): FaultRule | undefined => {
  const { override, index, attempt } = request;
  if (override.status !== undefined) return { ...ON_REQUEST, kind: 'status', at: 0, status: override.status };
  if (override.fault !== undefined)
    return { ...ON_REQUEST, kind: override.fault, at: override.faultAt ?? 0.5, status: 500 };
  if (!(override.faults ?? override.limits ?? true)) return undefined;
  for (const [number, rule] of profile.faults.entries()) {
    if (!onSchedule(rule, index, now)) continue;
    if (rule.rate >= 1 || chance.fork(number).fork(index).fork(attempt).next() < rule.rate) return rule;
  }
  return undefined;
};

/** How an answer breaks by a fault. */
export const BREAKAGES: Partial<Record<FaultKind, Breakage>> = {
  reset: 'reset',
  truncate: 'truncate',
  garbage: 'garbage',
  error: 'error',
};

/** How an answer ends by a fault that leaves it whole. */
export const ENDINGS: Partial<Record<FaultKind, Ending>> = {
  'late-done': 'late-done',
  'late-end': 'late-end',
  'close-early': 'close-early',
};
