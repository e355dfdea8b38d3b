import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SweepReport } from '../analyze/report.ts';
import type { BenchError } from '../core/errors.ts';
import type { Recorder } from '../core/record.ts';
import { renderJson } from '../report/json.ts';
import type { RunDetail } from '../report/reporter.ts';
import { RunViewAccumulator } from '../report/run-view/run-view.ts';
import { type Manifest, writeManifest } from '../store/manifest.ts';
import { RecordWriter } from '../store/records.ts';
import { createRunDir, linkLatest, RUN_FILES, runName, writeWhole } from '../store/run-dir.ts';
import { RunAccumulator } from './build-report.ts';
import { environmentOf } from './stored-run.ts';

/** How a session keeps what it is given. */
export interface SessionOptions {
  readonly onFullDisk: (error: BenchError) => void;
  readonly keepRecords: boolean;
  /** The run can be repeated exactly, so a crash may lose the last few records. */
  readonly repeatable: boolean;
  /** Some report will show pictures of the requests. */
  readonly keepView: boolean;
}

const SIMULATION_BUFFER = 1 << 18;

/** A run's folder while the run is going on: records as they complete, manifest and report whenever something is known. */
export class RunSession {
  readonly dir: string;
  readonly #writer: RecordWriter | undefined;
  readonly #accumulator: RunAccumulator;
  readonly #view: RunViewAccumulator | undefined;
  #manifest: Manifest;
  #latest:
    | { readonly manifest: Manifest; readonly requests: number; readonly report: SweepReport }
    | undefined;

  private constructor(
    dir: string,
    manifest: Manifest,
    { onFullDisk, keepRecords, repeatable, keepView }: SessionOptions,
  ) {
    this.dir = dir;
    this.#manifest = manifest;
    this.#accumulator = new RunAccumulator(manifest);
    this.#view = keepView ? new RunViewAccumulator() : undefined;
    const buffer = repeatable ? SIMULATION_BUFFER : 0;
    this.#writer = keepRecords
      ? new RecordWriter(join(dir, RUN_FILES.records), onFullDisk, buffer)
      : undefined;
  }

  /** Makes the folder and writes the first manifest into it. Throws `UsageError` if `out` cannot be written. */
  static async open(out: string, manifest: Manifest, options: SessionOptions): Promise<RunSession> {
    const name = runName(manifest.startedAt, String(manifest.meta['scenario']));
    const session = new RunSession(await createRunDir(out, name), manifest, options);
    await session.save({});
    return session;
  }

  /** Where requests go: to disk and into the figures. */
  get recorders(): readonly Recorder[] {
    return [this.#writer, this.#accumulator, this.#view].filter((recorder) => recorder !== undefined);
  }

  /** Requests recorded, on disk unless they are dropped by choice. */
  get requests(): number {
    return this.#writer?.lines ?? this.#accumulator.requests;
  }

  /** Requests that have ended, whether or not they are on disk yet. */
  get recorded(): number {
    return this.#accumulator.requests;
  }

  get manifest(): Manifest {
    return this.#manifest;
  }

  /** The report of what is known now; reckoned anew only if that is more than before. */
  report(): SweepReport {
    const [manifest, requests] = [this.#manifest, this.recorded];
    if (this.#latest?.manifest !== manifest || this.#latest.requests !== requests)
      this.#latest = { manifest, requests, report: this.#accumulator.report(manifest) };
    return this.#latest.report;
  }

  /** What reports show besides the report. */
  detail(): RunDetail {
    const environment = environmentOf(this.#manifest);
    return this.#view ? { environment, view: this.#view.view() } : { environment };
  }

  /** What the levels show so far. */
  look(): ReturnType<RunAccumulator['look']> {
    return this.#accumulator.look();
  }

  /** Takes a level into the plan while the run is under way; ascending, as a sweep would have it. */
  plan(level: number): void {
    const plannedLevels = [...new Set([...this.#manifest.plannedLevels, level])].sort((a, b) => a - b);
    this.#manifest = { ...this.#manifest, plannedLevels };
  }

  /** Notes what has become known, and rewrites manifest and report. */
  async save(change: Partial<Manifest>): Promise<void> {
    this.#manifest = { ...this.#manifest, ...change };
    await writeManifest(this.dir, this.#manifest);
    await writeWhole(join(this.dir, RUN_FILES.report), renderJson(this.report()));
  }

  /** Ends the run: no more records. A run that never sent anything and says why leaves no folder behind. */
  async close(change: Pick<Manifest, 'status' | 'endedAt'>): Promise<void> {
    this.#writer?.close();
    if (change.status === 'failed' && this.requests === 0) {
      this.#manifest = { ...this.#manifest, ...change };
      await rm(this.dir, { recursive: true });
      return;
    }
    await this.save({ ...change, ...(this.#writer ? { records: this.#writer.lines } : {}) });
    await linkLatest(this.dir);
  }
}
