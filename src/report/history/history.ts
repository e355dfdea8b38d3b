import type { LevelReport, Meta, SweepReport } from '../../analyze/report.ts';
import { costUsd } from '../evidence.ts';
import { changesOf } from './history-changes.ts';
import type { History, HistoryGroup, HistoryRun } from './history-schema.ts';

/** Runs that differ in one of these are no two points of one line. */
const IDENTITY = [
  'scenario',
  'target',
  'profile',
  'model',
  'baseUrl',
  'measured',
  'arrival',
  'limiter',
  'policy',
  'retry',
  'client',
  'transport',
  'hop',
  'seed',
] as const;

const timeOf = ({ simulated, speed }: Meta): string => {
  if (simulated !== undefined) return `simulated (${simulated})`;
  return speed === undefined || speed === 1 ? 'real time' : `${speed} × real time`;
};

const aboutOf = (meta: Meta): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(
    // The embedded mock listens on another port each time.
    IDENTITY.filter((name) => !(name === 'baseUrl' && meta['target'] === 'mock')).flatMap((name) =>
      meta[name] === undefined ? [] : [[name, String(meta[name])]],
    ),
  ),
  time: timeOf(meta),
});

const finite = (value: number | null | undefined): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

const runOf = (dir: string, { meta, levels, sweetSpot }: SweepReport): HistoryRun => {
  const chosen = levels.find(({ level }) => level === sweetSpot?.level);
  const sum = (of: (level: LevelReport) => number) => levels.reduce((total, level) => total + of(level), 0);
  const priced = levels.some((level) => costUsd(level) !== undefined);
  return {
    dir,
    startedAt: String(meta['startedAt'] ?? ''),
    version: String(meta['version'] ?? ''),
    status: String(meta['status'] ?? 'complete'),
    sweetSpot: sweetSpot?.level ?? null,
    throughputPerSecond: finite(chosen?.rates.achievedPerSecond),
    speedUp: finite(chosen?.speedUp),
    p95Ms: finite(chosen?.metrics.serviceTime?.p95),
    wallClockMs: finite(chosen?.wallClockMs),
    failed: sum(({ counts }) => counts.failed),
    rateLimited: sum(({ counts }) => counts.rateLimited),
    costUsd: priced ? sum((level) => costUsd(level) ?? 0) : null,
  };
};

/** Groups runs by what they measured: same workload, endpoint, client, time and levels. The newest group comes first. */
export const historyOf = (runs: readonly (readonly [dir: string, report: SweepReport])[]): History => {
  const groups = new Map<string, HistoryGroup>();
  for (const [dir, report] of runs) {
    const about = { ...aboutOf(report.meta) };
    const levels = report.levels.map(({ level }) => level).sort((a, b) => a - b);
    const key = JSON.stringify([about, levels]);
    const group = groups.get(key) ?? { about, levels, runs: [], changes: [] };
    group.runs.push(runOf(dir, report));
    groups.set(key, group);
  }
  const byTime = (a: HistoryRun, b: HistoryRun) =>
    a.startedAt < b.startedAt ? -1 : Number(a.startedAt > b.startedAt);
  const sorted = [...groups.values()].map((group) => {
    const ordered = group.runs.toSorted(byTime);
    return { ...group, runs: ordered, changes: [...changesOf(ordered)] };
  });
  const newest = ({ runs: all }: HistoryGroup): string => all.at(-1)?.startedAt ?? '';
  return {
    schema: 'bench.history/1',
    groups: sorted.sort((a, b) => (newest(a) > newest(b) ? -1 : Number(newest(a) < newest(b)))),
  };
};

/** What a group measured, in one line. */
export const groupTitle = ({ about, levels }: HistoryGroup): string => {
  const profile = about['profile'] === undefined ? '' : ` (profile ${about['profile']})`;
  return `${about['scenario'] ?? 'a sweep'} on ${about['target'] ?? 'an endpoint'}${profile}, levels ${levels.join(',')}, ${about['time']}`;
};
