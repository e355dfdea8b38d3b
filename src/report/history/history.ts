import { z } from 'zod';
import type { LevelReport, Meta, SweepReport } from '../../analyze/report.ts';
import { costUsd } from '../evidence.ts';
import { changesOf } from './history-changes.ts';

const figure = z.number().nullable();

const run = z.object({
  dir: z.string().describe('folder of the run'),
  startedAt: z.string().describe('RFC 3339; empty where the run does not say'),
  version: z.string().describe('of bench'),
  status: z.string(),
  sweetSpot: z.int().positive().nullable().describe('calls at once; null: none could be recommended'),
  throughputPerSecond: figure.describe('at the sweet spot, successes per second'),
  speedUp: figure.describe('at the sweet spot, over one call at a time'),
  p95Ms: figure.describe('request latency at the sweet spot, model milliseconds'),
  wallClockMs: figure.describe('of the sweet spot, model milliseconds'),
  failed: z.int().nonnegative().describe('requests that failed in the end, all levels'),
  rateLimited: z.int().nonnegative().describe('attempts answered with 429, all levels'),
  costUsd: figure.describe('all levels; null where no price is known'),
});

const change = z.object({
  metric: z.enum(['throughputPerSecond', 'p95Ms', 'sweetSpot']),
  at: z.int().positive().describe('index in runs of the first run after the change'),
  before: z.number().describe('mean of the runs before, up to the change before that'),
  after: z.number().describe('mean of the runs since, up to the next change'),
  p: z.number().describe('two-sided t test between the two'),
});

/** The published form of a history, as a checker and as JSON Schema: docs/schema/history-1.schema.json. */
export const HistorySchema = z.object({
  schema: z.literal('bench.history/1'),
  groups: z.array(
    z.object({
      about: z.record(z.string(), z.string()).describe('what the runs have in common'),
      levels: z.array(z.int().positive()),
      runs: z.array(run).describe('oldest first'),
      changes: z.array(change).describe('where a figure took another level for good; advice, never a gate'),
    }),
  ),
});

/** Stored runs that measured the same thing, group by group, each in order of time. */
export type History = z.infer<typeof HistorySchema>;

/** One group of a history. */
export type HistoryGroup = History['groups'][number];

/** One run of a history. */
export type HistoryRun = HistoryGroup['runs'][number];

/** A figure of a group took another level. */
export type HistoryChange = HistoryGroup['changes'][number];

/** The history's JSON Schema (draft 2020-12), as published. */
export const historyJsonSchema = (): object => ({
  ...z.toJSONSchema(HistorySchema, { target: 'draft-2020-12' }),
  title: 'bench history, version 1',
});

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
