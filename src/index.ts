export type { LevelReport, SweepReport, Warning } from './analyze/report.ts';
export type { SweetSpot } from './analyze/sweet-spot.ts';
export { type BenchConfig, defineConfig } from './config/file.ts';
export type { Call, Message } from './core/call.ts';
export type { RequestRecord } from './core/record.ts';
export type { Rng } from './core/rng.ts';
export { SweepReportSchema } from './report/schema.ts';
export { defineScenario, type Scenario } from './workload/scenario.ts';
