import { createInterface } from 'node:readline/promises';
import { isLoopback } from '../client/loopback.ts';
import type { SweepSettings } from '../config/resolve.ts';
import { BenchError, EXIT } from '../core/errors.ts';
import type { Usd } from '../core/price.ts';
import { formatUsd } from '../core/units.ts';

/** Asks a person whether to go on; anything but yes ends the run before anything is sent. */
const confirm = async (question: string): Promise<void> => {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await new Promise<string>((resolve) => {
    lines.once('close', () => resolve(''));
    lines.once('SIGINT', () => resolve(''));
    void lines.question(`${question} [y/N] `).then(resolve, () => resolve(''));
  });
  lines.close();
  if (/^y(es)?$/i.test(answer.trim())) return;
  if (answer === '') process.stderr.write('\n');
  throw new BenchError(EXIT.interrupted, 'not confirmed: nothing was sent', {
    hint: 'Answer y, or use --yes where nobody is there to ask.',
  });
};

/** Before money is spent and somebody is there to ask; `most` is what the run can cost without a retry, as far as that can be told. */
export const askFirst = async (
  { target, money, yes }: Pick<SweepSettings, 'target' | 'money' | 'yes'>,
  most: Usd | undefined,
): Promise<void> => {
  const paid = target.kind !== 'mock' && !isLoopback(target.baseUrl);
  if (!paid || yes || !process.stdin.isTTY || !process.stderr.isTTY) return;
  const cost = most === undefined ? 'an amount that nobody can tell' : `up to ${formatUsd(most)}`;
  const cap = Number.isFinite(money.cap) ? `, capped at ${formatUsd(money.cap)}` : ', without a cap';
  await confirm(`This will spend ${cost}${cap}, at ${target.baseUrl}. Go on?`);
};
