/**
 * Does the gate cry wolf, and does it see what it should? `bench ab` on the real mock, over real sockets: the same thing twice must
 * never be called regressed, a tenth more latency always. Both series run at the same time, so that each is the other's noise.
 * Takes half an hour and more: npm run bench:gate -- [tries] [latency in ms] [requests] [number of the first try].
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Comparison } from '../../src/analyze/compare.ts';
import { bench } from '../support/bench-process.ts';

const tries = Number(process.argv[2] ?? 20);
const latency = Number(process.argv[3] ?? 40);
const requests = Number(process.argv[4] ?? 200);
const first = Number(process.argv[5] ?? 1);
const dir = mkdtempSync(join(tmpdir(), 'bench-gate-'));

const configOf = (name: string, millis: number): string => {
  const profile = join(dir, `${name}.profile.json`);
  const config = join(dir, `${name}.json`);
  writeFileSync(profile, JSON.stringify({ extends: 'constant', latency: `${millis}ms` }));
  writeFileSync(
    config,
    JSON.stringify({ profile, levels: [20], requests, speed: 1, client: 'http', records: 'drop' }),
  );
  return config;
};

const base = configOf('base', latency);
const same = configOf('same', latency);
const slower = configOf('slower', latency * 1.1);

const SHOWN = ['wallClock', 'p95'];

interface Try {
  readonly verdict: Comparison['verdict'];
  readonly text: string;
}

const measure = async (next: string, name: string, attempt: number): Promise<Try> => {
  const args = ['--base-config', base, '--new-config', next, '--seed', String(attempt * 1000)];
  const to = ['--json', '--quiet', '--out', join(dir, name)];
  const { stdout, stderr, code } = await bench(['ab', ...args, ...to]);
  if (stdout === '') throw new Error(`bench ab ended with ${code}: ${stderr}`);
  const { verdict, findings, notes } = JSON.parse(stdout) as Comparison;
  const changes = findings
    .filter(({ metric, level }) => SHOWN.includes(metric) && level !== null)
    .map(({ metric, change }) => `${metric} ${((change ?? Number.NaN) * 100).toFixed(2)} %`);
  return { verdict, text: `${verdict} (${changes.join(', ')}); ${notes.join(' ')}` };
};

/** How many tries were wrong. */
const series = async (
  name: string,
  next: string,
  isRight: (verdict: Comparison['verdict']) => boolean,
): Promise<number> => {
  let wrong = 0;
  for (let attempt = first; attempt < first + tries; attempt++) {
    const { verdict, text } = await measure(next, name.replaceAll(' ', '-'), attempt);
    if (!isRight(verdict)) wrong++;
    process.stdout.write(`${name}, try ${attempt}: ${text}\n`);
  }
  process.stdout.write(`${name}: ${wrong} wrong of ${tries}\n`);
  return wrong;
};

const wrong = await Promise.all([
  series('the same', same, (verdict) => verdict !== 'regressed'),
  series('a tenth slower', slower, (verdict) => verdict === 'regressed'),
]);
rmSync(dir, { recursive: true });
process.exitCode = wrong.some((count) => count > 0) ? 1 : 0;
