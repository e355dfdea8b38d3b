import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseTrace, replay } from '../src/workload/replay.ts';
import { type CallScenario, defineScenario } from '../src/workload/scenario.ts';

/** The trace that ships, beside the sources also where the program was built from them. */
const TRACE = fileURLToPath(
  new URL(
    `${import.meta.url.endsWith('.ts') ? '.' : '../../scenarios'}/traces/sample.jsonl`,
    import.meta.url,
  ),
);

const about = {
  name: 'replay',
  description:
    'replay a trace: 120 requests with two bursts, at their own times and of their own lengths (or --scenario my-trace.jsonl)',
};

let read: CallScenario | undefined;

/** Reads the trace when it is first needed. */
const sample = (): CallScenario => {
  read ??= replay(about, parseTrace(readFileSync(TRACE, 'utf8'), TRACE));
  return read;
};

/** A small trace again, as it was recorded. */
export const replaySample = defineScenario({
  ...about,
  get requests() {
    return sample().requests;
  },
  call: (index, rng) => sample().call(index, rng),
  arrivesAt: (index) => sample().arrivesAt?.(index) ?? 0,
});
