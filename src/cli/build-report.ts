import { analyze } from '../analyze/analyze.ts';
import { parseAssertion } from '../analyze/assertion.ts';
import { withAssertions } from '../analyze/assertion-check.ts';
import { CRITERIA, type Criteria } from '../analyze/criteria.ts';
import { findingsOf } from '../analyze/finding.ts';
import type { SweepReport } from '../analyze/report.ts';
import type { Recorder, RequestRecord } from '../core/record.ts';
import type { LevelFinding } from '../measure/level-finding.ts';
import type { LevelSummary } from '../measure/level-summary.ts';
import type { LoadModel } from '../measure/load-model.ts';
import { LevelAccumulator } from '../measure/summarize.ts';
import { withWholeCommands } from '../report/search-hints.ts';
import type { Manifest } from '../store/manifest.ts';

/** Folds a run's requests, live or from disk, into the figures its report needs. */
export class RunAccumulator implements Recorder {
  readonly #levels = new Map<number, LevelAccumulator>();
  /** Of levels to which nothing was added since. */
  readonly #summaries = new Map<number, LevelSummary>();
  readonly #reference = new LevelAccumulator(1, { phase: 'reference' });

  readonly #load: LoadModel;
  readonly #criteria: Criteria;
  #requests = 0;

  constructor(manifest: Manifest) {
    this.#load = loadOf(manifest);
    this.#criteria = manifest.criteria ?? CRITERIA;
  }

  /** Requests recorded so far, of every phase. */
  get requests(): number {
    return this.#requests;
  }

  record(record: RequestRecord): void {
    this.#requests++;
    if (record.phase === 'reference') this.#reference.add(record);
    if (record.phase !== 'measure') return;
    let level = this.#levels.get(record.level);
    if (!level) {
      level = new LevelAccumulator(record.level, { load: this.#load, slo: this.#criteria.slo });
      this.#levels.set(record.level, level);
    }
    level.add(record);
    this.#summaries.delete(record.level);
  }

  /** The report of what has been recorded so far; levels in the order in which they were asked for. */
  report(manifest: Manifest): SweepReport {
    const summaries = manifest.plannedLevels.flatMap((level) => this.#summary(level) ?? []);
    const report = analyze(summaries, {
      meta: { ...manifest.meta, status: manifest.status },
      levels: manifest.levels,
      overhead: manifest.overhead,
      speed: manifest.speed,
      limits: manifest.limits ?? [],
      referenceRun: this.#reference.requests > 0 ? this.#reference.finish() : undefined,
      criteria: this.#criteria,
    });
    const assertions = manifest.assertions?.map((text) => parseAssertion(text, 'manifest.json')) ?? [];
    return withAssertions(withWholeCommands(report), assertions);
  }

  #summary(level: number): LevelSummary | undefined {
    const known = this.#summaries.get(level) ?? this.#levels.get(level)?.finish();
    if (known) this.#summaries.set(level, known);
    return known;
  }

  /** What the levels show so far, for a search that decides where to go next. */
  look(): readonly LevelFinding[] {
    return findingsOf(
      [...this.#levels.keys()].flatMap((level) => this.#summary(level) ?? []),
      this.#criteria,
    );
  }
}

/** The load model of a run, from its manifest. */
const loadOf = ({ meta }: Manifest): LoadModel => (meta['load'] === 'open' ? 'open' : 'closed');
