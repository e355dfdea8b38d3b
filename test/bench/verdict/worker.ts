import { parentPort } from 'node:worker_threads';
import { judge, type Trial } from './trial.ts';

parentPort?.on('message', async ({ id, trial }: { readonly id: number; readonly trial: Trial }) => {
  try {
    parentPort?.postMessage({ id, judged: await judge(trial) });
  } catch (error) {
    parentPort?.postMessage({ id, error: String(error instanceof Error ? error.stack : error) });
  }
});
