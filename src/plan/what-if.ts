import { formatPercent } from '../core/units.ts';
import { planCost } from './cost.ts';
import { DrawnDays } from './drawn-days.ts';
import type { PlanInputs, Sourced, Tier } from './inputs.ts';
import { peakedAt, peakFactorOf } from './load-curve.ts';
import type { WhatIf } from './report.ts';
import { planTier } from './tier-plan.ts';

/** Requests that one answer may simulate: there are many, and their differences matter more than their digits. */
const MOST_SIMULATED = 200_000;

const scaled = <S extends Sourced>(number: S, factor: number): S => ({
  ...number,
  value: number.value * factor,
});

const withTokens = (inputs: PlanInputs, factor: number): PlanInputs => ({
  ...inputs,
  inputTokens: scaled(inputs.inputTokens, factor),
  outputTokens: scaled(inputs.outputTokens, factor),
});

/** A peak as much higher over the mean as `factor` says; never below a flat day. */
const withPeak = (inputs: PlanInputs, factor: number): PlanInputs => {
  const { work } = inputs;
  if (work.kind === 'batch') return inputs;
  const peak = Math.max(1, peakFactorOf(work.curve.value) * factor);
  return { ...inputs, work: { ...work, curve: { ...work.curve, value: peakedAt(work.curve.value, peak) } } };
};

const withVolume = (inputs: PlanInputs, factor: number): PlanInputs => {
  const { work } = inputs;
  return {
    ...inputs,
    work:
      work.kind === 'stream'
        ? { ...work, perDay: scaled(work.perDay, factor) }
        : { ...work, requests: scaled(work.requests, factor) },
  };
};

interface Variation {
  readonly change: string;
  readonly inputs: PlanInputs;
  readonly tier: Tier;
}

/** The questions that a plan answers beside the main one: tokens ±20 %, peak ±50 %, latency +20 %, twice the work, the next tier. */
const variations = (inputs: PlanInputs, tier: Tier, next: Tier | undefined): readonly Variation[] => [
  ...[0.8, 1.2].map((factor) => ({
    change: `tokens per request ${signed(factor)}`,
    inputs: withTokens(inputs, factor),
    tier,
  })),
  ...(inputs.work.kind === 'stream'
    ? [0.5, 1.5].map((factor) => ({
        change: `peak ${signed(factor)}`,
        inputs: withPeak(inputs, factor),
        tier,
      }))
    : []),
  { change: 'latency +20 %', inputs: { ...inputs, latencyMs: scaled(inputs.latencyMs, 1.2) }, tier },
  { change: 'twice the requests', inputs: withVolume(inputs, 2), tier },
  ...(next ? [{ change: `on ${next.name}`, inputs, tier: next }] : []),
];

const signed = (factor: number): string => `${factor > 1 ? '+' : '−'}${formatPercent(Math.abs(factor - 1))}`;

/** Answers them, each as a plan of its own over one simulated day. */
export const whatIfs = (
  inputs: PlanInputs,
  tier: Tier,
  next: Tier | undefined,
  drawn = new DrawnDays(inputs.seed),
): readonly WhatIf[] =>
  variations(inputs, tier, next).map(({ change, inputs: varied, tier: on }) => {
    const { verdict, because, utilization, concurrency, simulation, batch } = planTier(
      on,
      { ...varied, days: 1 },
      drawn,
      MOST_SIMULATED,
    );
    return {
      change,
      tier: on.name,
      verdict,
      because,
      utilizationPeak: utilization?.peak ?? null,
      slots: concurrency.slots,
      p95Ms: simulation?.peakP95Ms ?? null,
      timeMs: batch?.timeMs ?? null,
      costUsd: planCost(varied)?.totalUsd ?? null,
    };
  });
