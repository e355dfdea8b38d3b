import type { HistoryRun } from './history-schema.ts';

const MINUTE = '2026-05-04 09:30'.length;
const SECOND = '2026-05-04 09:30:00'.length;

/** When each of these runs began (UTC): `2026-05-04 09:30`, with seconds where two share a minute. */
export const runTimes = (runs: readonly HistoryRun[]): readonly string[] => {
  const at = (length: number) =>
    runs.map(({ startedAt }) => startedAt.slice(0, length).replace('T', ' ') || '–');
  const minutes = at(MINUTE);
  return new Set(minutes).size === runs.length ? minutes : at(SECOND);
};

/** `runTimes` without the day or the year that all of them share, for where there is little room. */
export const shortRunTimes = (runs: readonly HistoryRun[]): readonly string[] => {
  const times = runTimes(runs);
  const shared = ['2026-05-04 '.length, '2026-'.length].find(
    (length) => times.length > 1 && new Set(times.map((time) => time.slice(0, length))).size === 1,
  );
  return times.map((time) => time.slice(shared ?? 0));
};
