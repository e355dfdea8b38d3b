import type { LevelFacts } from '../analyze/report.ts';
import type { LevelOutcome } from '../run/sweep.ts';

/** What one run of a level adds to what is known of it. */
const factsOf = (
  { level, cooldown, count, complete }: LevelOutcome,
  health: LevelFacts['health'],
): LevelFacts => ({
  level,
  complete,
  cooldown,
  ...(health ? { health } : {}),
  ...(count
    ? {
        ledger: { attempts: count.attempts, ok: count.ok, rateLimited: count.rateLimited },
        ...(count.latenessP99RealMs === undefined ? {} : { mockLatenessP99RealMs: count.latenessP99RealMs }),
      }
    : {}),
});

const clockStep = (
  a: NonNullable<LevelFacts['health']>,
  b: NonNullable<LevelFacts['health']>,
): Pick<NonNullable<LevelFacts['health']>, 'clockStepRealMs'> => {
  const steps = [a, b].flatMap(({ clockStepRealMs }) => clockStepRealMs ?? []);
  const [largest] = steps.toSorted((x, y) => Math.abs(y) - Math.abs(x));
  return largest === undefined ? {} : { clockStepRealMs: largest };
};

const worst = (a: LevelFacts['health'], b: LevelFacts['health']): LevelFacts['health'] =>
  a && b
    ? {
        cpuCores: Math.max(a.cpuCores, b.cpuCores),
        eventLoopUtilization: Math.max(a.eventLoopUtilization, b.eventLoopUtilization),
        eventLoopDelayP99RealMs: Math.max(a.eventLoopDelayP99RealMs, b.eventLoopDelayP99RealMs),
        ...clockStep(a, b),
      }
    : (a ?? b);

/**
 * The facts of all levels after one more run of one: of a level that is repeated, the longest cool-down, the worst health, and
 * the ledger's latest count, which is of all its runs.
 */
export const withFacts = <F extends LevelFacts>(
  known: readonly F[],
  outcome: LevelOutcome,
  health: LevelFacts['health'],
): LevelFacts[] => {
  const now = factsOf(outcome, health);
  const before = known.find(({ level }) => level === outcome.level);
  if (!before) return [...known, now];
  const both = worst(before.health, now.health);
  const longest =
    (before.cooldown?.waitedMs ?? 0) > (now.cooldown?.waitedMs ?? 0) ? before.cooldown : now.cooldown;
  const merged: LevelFacts = {
    ...now,
    complete: before.complete && now.complete,
    ...(longest ? { cooldown: longest } : {}),
    ...(both ? { health: both } : {}),
  };
  return known.map((facts): LevelFacts => (facts.level === outcome.level ? merged : facts));
};
