import type { Scenario } from '../src/workload/scenario.ts';
import { agentTurns } from './agent-turns.ts';
import { articleChain } from './article-chain.ts';
import { classify500 } from './classify-500.ts';
import { definitions50 } from './definitions-50.ts';
import { extractJson } from './extract-json.ts';
import { gateway100, gateway1000 } from './gateway.ts';
import { mixed } from './mixed.ts';
import { modelFanOut } from './model-fan-out.ts';
import { extendedThinking, longOutput, mediumOutput, shortOutput } from './output-lengths.ts';
import { queue100k } from './queue-100k.ts';
import { rag } from './rag.ts';
import { replaySample } from './replay.ts';
import { sharedPrefix } from './shared-prefix.ts';
import { summarize200 } from './summarize-200.ts';
import { summarizeDocuments } from './summarize-documents.ts';
import { threePrompts } from './three-prompts.ts';
import { threePromptsCompletions } from './three-prompts-completions.ts';

/** Everything that ships, in the order in which `bench scenarios` lists it; the first is the default. */
export const SCENARIOS: readonly Scenario[] = [
  classify500,
  summarizeDocuments,
  summarize200,
  definitions50,
  threePrompts,
  threePromptsCompletions,
  gateway100,
  gateway1000,
  articleChain,
  modelFanOut,
  agentTurns,
  shortOutput,
  mediumOutput,
  longOutput,
  extendedThinking,
  rag,
  extractJson,
  sharedPrefix,
  mixed,
  queue100k,
  replaySample,
];
