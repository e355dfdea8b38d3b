import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BatchSettings } from '../config/resolve-batch.ts';
import type { Driver } from '../load/driver.ts';
import { LIMITERS, type LimiterName } from '../load/limiters.ts';
import { SweepReportSchema } from '../report/schema.ts';
import { RUN_FILES } from '../store/run-dir.ts';

/** How many calls a batch makes at once, and why. */
export interface BatchConcurrency {
  /** The most it may make. */
  readonly level: number;
  readonly because: string;
  readonly limiter: LimiterName;
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

/**
 * Decides how many calls at once: what the user says, else what was measured, else what refusals allow; of its own accord no
 * more than `affordable` under the spending cap.
 */
export const concurrencyOf = async (
  settings: BatchSettings,
  affordable = Number.POSITIVE_INFINITY,
): Promise<BatchConcurrency> => {
  const withLimiter = (limiter: LimiterName, wanted: number, because: string): BatchConcurrency => {
    const level = settings.concurrency === 'auto' ? Math.min(wanted, affordable) : wanted;
    return {
      level,
      because: level < wanted ? `${because}; no more fit under the spending cap` : because,
      limiter,
      driver: () => LIMITERS[limiter].create(level),
    };
  };
  if (settings.concurrency !== 'auto') return withLimiter('pool', settings.concurrency, 'as asked for');
  const level = await measured(settings);
  if (level !== undefined)
    return withLimiter('pool', level, `the sweet spot that ${join(settings.run.out, 'latest')} measured`);
  return withLimiter(
    'aimd',
    MOST_ADAPTED,
    `as refusals allow, at most ${MOST_ADAPTED} (AIMD): nothing has been measured here yet`,
  );
};
