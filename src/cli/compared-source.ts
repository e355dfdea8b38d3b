import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ComparedRun, comparedRun } from '../analyze/compare-run.ts';
import { UsageError } from '../core/errors.ts';
import { nameHint } from '../core/nearest.ts';
import { isBaseline, listBaselines, parseBaseline, readBaseline } from '../store/baseline.ts';
import { readJsonValue } from '../store/json-file.ts';
import { type Manifest, readManifest } from '../store/manifest.ts';
import { openRun } from './stored-run.ts';

/** A run to compare, and how to call it. */
export interface ComparedSource {
  readonly name: string;
  readonly run: ComparedRun;
}

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);

/** Conditions that only a run's folder knows: which machine, and what the mock's profile held. */
const moreConditions = ({ host, mockProfile, meta }: Manifest): Readonly<Record<string, string>> => ({
  ...(meta['simulated'] === undefined
    ? Object.fromEntries(
        ['cpu', 'cores', 'platform', 'arch'].map((name) => [`host ${name}`, String(host[name])]),
      )
    : {}),
  ...(mockProfile ? { 'profile digest': digest(mockProfile) } : {}),
});

const HINT = 'Name a run folder, a report.json, or a baseline (bench baseline list).';

/** A run folder, a report or a baseline by its path, or a baseline by its name. Throws `UsageError` if it is none of these. */
export const openCompared = async (named: string, baselineDir: string): Promise<ComparedSource> => {
  if (!existsSync(named)) {
    const names = await listBaselines(baselineDir);
    if (names.includes(named)) {
      return { name: `baseline ${named}`, run: await readBaseline(baselineDir, named) };
    }
    throw new UsageError(
      `${named}: there is no such run, report or baseline`,
      names.length > 0 && !/[\\/]/.test(named) ? nameHint(named, names) : HINT,
    );
  }
  if (statSync(named).isDirectory()) {
    const manifest = await readManifest(named);
    const { report } = await openRun(named, false);
    return { name: named, run: comparedRun(report, moreConditions(manifest)) };
  }
  const value = await readJsonValue(named, HINT);
  if (isBaseline(value)) return { name: named, run: parseBaseline(value, named) };
  const { report } = await openRun(named, false);
  const dir = dirname(named);
  const known = existsSync(`${dir}/manifest.json`) ? moreConditions(await readManifest(dir)) : {};
  return { name: named, run: comparedRun(report, known) };
};
