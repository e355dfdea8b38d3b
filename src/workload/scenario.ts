import type { Answer, Call, Usage } from '../core/call.ts';
import type { Millis } from '../core/clock.ts';
import type { Failure } from '../core/failure.ts';
import type { Rng } from '../core/rng.ts';

interface Named {
  readonly name: string;
  /** One line for lists: what it is and where it comes from. */
  readonly description: string;
  /** Latency that must be kept, as `--slo` takes it: `p95<4s, ttft.p95<800ms`. The flag goes before it. */
  readonly slo?: string;
}

/** A workload of single calls: what to send, and how much of it makes one batch. */
export interface CallScenario extends Named {
  /** Requests of one batch at one level, unless the user says otherwise. */
  readonly requests: number;
  /** Pure in `(index, rng)`: the same index sends the same call at every level and on every machine. */
  call(index: number, rng: Rng): Call;
  /**
   * When a request arrives, counted from the start of the level; never before the one before it. Without it a request is
   * there as soon as a slot is free.
   */
  arrivesAt?(index: number): Millis;
}

/** What became of a call that a workflow asked for: an answer, or a failure as a value. */
export type Reply =
  | ({ readonly ok: true; readonly usage?: Usage } & Answer)
  | { readonly ok: false; readonly failure: Failure };

/**
 * Makes one call of an item and resolves when it is over; never rejects. `step` names the call within its item, so that its
 * chance does not depend on what else is in flight: name steps wherever chains of calls run side by side.
 */
export type Ask = (call: Call, options?: { readonly step?: string }) => Promise<Reply>;

/** A workload of items that take several calls each, in sequence or side by side. A level bounds calls, not items. */
export interface Workflow extends Named {
  /** Items of one batch at one level, unless the user says otherwise. */
  readonly items: number;
  /**
   * One item, from its first call to its last. Waits for nothing but `ask`, and draws chance from `rng` alone. May throw once
   * a call has failed; what it returns is not looked at.
   */
  run(item: number, ask: Ask, rng: Rng): Promise<unknown>;
}

/** A named workload: single calls, or items of several. */
export type Scenario = CallScenario | Workflow;

/** Whether a scenario's items take several calls each. */
export const isWorkflow = (scenario: Scenario): scenario is Workflow => 'run' in scenario;

/** Requests of one batch; items, for a workflow. */
export const batchSize = (scenario: Scenario): number =>
  isWorkflow(scenario) ? scenario.items : scenario.requests;

/** What one batch is counted in. */
export const batchUnit = (scenario: Scenario): 'requests' | 'items' =>
  isWorkflow(scenario) ? 'items' : 'requests';

/** Returns its argument; gives a scenario file its types. */
export const defineScenario = <const S extends Scenario>(scenario: S): S => scenario;
