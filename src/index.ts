export type { LevelReport, SweepReport, Warning } from './analyze/report.ts';
export type { SweetSpot } from './analyze/verdict.ts';
export { type BenchConfig, defineConfig } from './config/file.ts';
export type { Answer, Call, Message, ProviderBlock, Tool, ToolCall } from './core/call.ts';
export type { RequestRecord } from './core/record.ts';
export type { Rng } from './core/rng.ts';
export { SweepReportSchema } from './report/schema.ts';
export {
  type Ask,
  type CallScenario,
  defineScenario,
  type Reply,
  type Scenario,
  type Workflow,
} from './workload/scenario.ts';
