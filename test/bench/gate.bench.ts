/**
 * Does the gate cry wolf, and does it see what it should? `bench ab` on the real mock, over real sockets: the same thing twice must
 * never be called regressed, a tenth more latency always. The series run at the same time, so that each is the others' noise.
 * Takes half an hour: npm run bench:gate -- [tries] [latency in ms] [requests] [first try] [series, of same,slower].
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Comparison } from '../../src/analyze/compare.ts';
import { bench } from '../support/bench-process.ts';

const tries = Number(process.argv[2] ?? 20);
const latency = Number(process.argv[3] ?? 300);
const requests = Number(process.argv[4] ?? 8);
const first = Number(process.argv[5] ?? 1);
const wanted = (process.argv[6] ?? 'same,slower').split(',');
const dir = mkdtempSync(join(tmpdir(), 'bench-gate-'));

const configOf = (name: string, millis: number): string => {
  const profile = join(dir, `${name}.profile.json`);
  const config = join(dir, `${name}.json`);
  writeFileSync(profile, JSON.stringify({ extends: 'constant', latency: `${millis}ms` }));
  writeFileSync(
    config,
    JSON.stringify({ profile, levels: [1], requests, speed: 1, client: 'http', records: 'drop' }),
  );
  return config;
};

const base = configOf('base', latency);
const same = configOf('same', latency);
const slower = configOf('slower', latency * 1.1);

/** A thousand processes start: what is compiled once need not be compiled again. */
const env = { NODE_COMPILE_CACHE: join(dir, 'compiled') };

const SHOWN = ['wallClock', 'p95'];

interface Try {
  readonly verdict: Comparison['verdict'];
  readonly text: string;
}

const measure = async (next: string, name: string, attempt: number): Promise<Try> => {
  const args = ['--base-config', base, '--new-config', next, '--seed', String(attempt * 1000)];
  const to = ['--json', '--quiet', '--out', join(dir, name)];
  const { stdout, stderr, code } = await bench(['ab', ...args, ...to], { env });
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

const SERIES: Readonly<Record<string, () => Promise<number>>> = {
  same: () => series('the same', same, (verdict) => verdict !== 'regressed'),
  slower: () => series('a tenth slower', slower, (verdict) => verdict === 'regressed'),
};

const wrong = await Promise.all(wanted.map((name) => SERIES[name]?.() ?? 0));
rmSync(dir, { recursive: true });
process.exitCode = wrong.some((count) => count > 0) ? 1 : 0;
