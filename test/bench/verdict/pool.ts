import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Judged, Trial } from './trial.ts';

type Answer =
  | { readonly id: number; readonly judged: Judged }
  | { readonly id: number; readonly error: string };

/** Judges trials on all processors, in any order; the answers come in the order of the trials. */
export const judgeAll = async (trials: readonly Trial[]): Promise<readonly Judged[]> => {
  const answers: Judged[] = [];
  let next = 0;
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url));
      const give = () => {
        const trial = trials[next];
        if (trial) worker.postMessage({ id: next++, trial });
        else void worker.terminate().then(() => resolve(), reject);
      };
      worker.on('error', reject);
      worker.on('message', (answer: Answer) => {
        if ('error' in answer) return reject(new Error(answer.error));
        answers[answer.id] = answer.judged;
        give();
      });
      give();
    });
  await Promise.all(Array.from({ length: Math.min(trials.length, availableParallelism()) }, work));
  return answers;
};
