import type { Scenario } from '../src/workload/scenario.ts';
import { classify500 } from './classify-500.ts';
import { definitions50 } from './definitions-50.ts';
import { summarize200 } from './summarize-200.ts';
import { threePrompts } from './three-prompts.ts';

/** Everything that ships, in the order in which `bench scenarios` lists it; the first is the default. */
export const SCENARIOS: readonly Scenario[] = [classify500, summarize200, definitions50, threePrompts];
