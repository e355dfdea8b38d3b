import { mix } from '../src/workload/mix.ts';
import { classify500 } from './classify-500.ts';
import { longOutput } from './output-lengths.ts';
import { rag } from './rag.ts';

/** What one application's key sees in a day: many short calls, some long inputs, a few long outputs. */
export const mixed = mix(
  {
    name: 'mixed',
    description: 'short classifications (60 %), questions with long passages (30 %) and long reports (10 %)',
    requests: 300,
  },
  [
    { weight: 6, scenario: classify500 },
    { weight: 3, scenario: rag },
    { weight: 1, scenario: longOutput },
  ],
);
