import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BatchSettings } from '../config/resolve-batch.ts';
import type { Driver } from '../load/driver.ts';
import { LIMITERS } from '../load/limiters.ts';
import { SweepReportSchema } from '../report/schema.ts';
import { RUN_FILES } from '../store/run-dir.ts';

/** How many calls a batch makes at once, and why. */
export interface BatchConcurrency {
  /** The most it may make. */
  readonly level: number;
  readonly because: string;
  driver(): Driver;
}

/** Highest concurrency that adapting may reach. */
const MOST_ADAPTED = 256;

/** The sweet spot of the newest sweep, if it was measured on this target and model. */
const measured = async ({ run: { out, target } }: BatchSettings): Promise<number | undefined> => {
  const path = join(out, 'latest', RUN_FILES.report);
  const text = await readFile(path, 'utf8').catch(() => 'null');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const report = SweepReportSchema.safeParse(value);
  if (!report.success) return undefined;
  const { meta, sweetSpot } = report.data;
  const isSame =
    meta['target'] === target.kind &&
    meta['model'] === target.model &&
    (target.kind === 'mock' ? meta['profile'] === target.profile : meta['baseUrl'] === target.baseUrl);
  return isSame ? sweetSpot?.level : undefined;
};

/** Decides how many calls at once: what the user says, else what was measured, else what refusals allow. */
export const concurrencyOf = async (settings: BatchSettings): Promise<BatchConcurrency> => {
  const fixed = (level: number, because: string): BatchConcurrency => ({
    level,
    because,
    driver: () => LIMITERS.pool.create(level),
  });
  if (settings.concurrency !== 'auto') return fixed(settings.concurrency, 'as asked for');
  const level = await measured(settings);
  if (level !== undefined)
    return fixed(level, `the sweet spot that ${join(settings.run.out, 'latest')} measured`);
  return {
    level: MOST_ADAPTED,
    because: `as refusals allow, at most ${MOST_ADAPTED} (AIMD): nothing has been measured here yet`,
    driver: () => LIMITERS.aimd.create(MOST_ADAPTED),
  };
};
