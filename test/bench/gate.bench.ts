/**
 * Does the gate cry wolf, and does it see what it should? `bench ab` on the real mock, over real sockets: the same thing twice must
 * never be called regressed, a tenth more latency always. Takes long: npm run bench:gate -- [tries] [latency in ms] [requests].
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Comparison } from '../../src/analyze/compare.ts';
import { bench } from '../support/bench-process.ts';

const tries = Number(process.argv[2] ?? 20);
const latency = Number(process.argv[3] ?? 100);
const requests = Number(process.argv[4] ?? 200);
const dir = mkdtempSync(join(tmpdir(), 'bench-gate-'));

const configOf = (name: string, millis: number): string => {
  const profile = join(dir, `${name}.profile.json`);
  const config = join(dir, `${name}.json`);
  writeFileSync(profile, JSON.stringify({ extends: 'constant', latency: `${millis}ms` }));
  writeFileSync(config, JSON.stringify({ profile, levels: [20], requests, speed: 1, records: 'drop' }));
  return config;
};

const base = configOf('base', latency);
const same = configOf('same', latency);
const slower = configOf('slower', latency * 1.1);

const verdictOf = async (next: string, attempt: number): Promise<string> => {
  const args = ['--base-config', base, '--new-config', next, '--seed', String(attempt * 1000)];
  const { stdout, stderr, code } = await bench([
    'ab',
    ...args,
    '--json',
    '--quiet',
    '--out',
    join(dir, 'out'),
  ]);
  if (stdout === '') throw new Error(`bench ab ended with ${code}: ${stderr}`);
  const { verdict, findings } = JSON.parse(stdout) as Comparison;
  const wallClock = findings.find(({ metric }) => metric === 'wallClock');
  return `${verdict} (wall-clock ${((wallClock?.change ?? Number.NaN) * 100).toFixed(2)} %)`;
};

let wrong = 0;
for (let attempt = 1; attempt <= tries; attempt++) {
  const alike = await verdictOf(same, attempt);
  const slow = await verdictOf(slower, attempt);
  if (alike.startsWith('regressed')) wrong++;
  if (!slow.startsWith('regressed')) wrong++;
  process.stdout.write(`try ${attempt}: the same: ${alike}; a tenth slower: ${slow}\n`);
}
rmSync(dir, { recursive: true });
process.stdout.write(`${wrong} wrong of ${2 * tries}\n`);
process.exitCode = wrong > 0 ? 1 : 0;
